//! Measures the memory of large downloads and uploads, in comparison with small ones.
//!
//! `cargo bench -p specmill-client --bench streams` prints the table of BENCHMARKS.md. Each row is measured in a
//! separate process, whose peak resident memory the kernel reports (Linux); the service runs in this process. `-- GIB`
//! sets the size of the large ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench that fails is to stop"
)]

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::time::Instant;

use specmill_client::{Api, Authentication, BodySource, Error, Settings, Transport};

static API: Api = Api {
    name: "bench",
    title: "Bench",
    version: "1",
    base_url_suffixes: &[],
};

struct Client {
    transport: Transport,
}

impl Client {
    const API: &str = API.name;
}

specmill_client::operation! {
    /// Downloads `size` bytes.
    fn download -> Download = GET "/files/{size}" {
        size: path String, in Path "size";
    }
    response { bytes }
}

specmill_client::operation! {
    /// Uploads a file.
    fn upload -> Upload = PUT "/files" {}
    body {
        /// The file.
        bytes BodySource, as Bytes "application/octet-stream" required
    }
    response { empty }
}

const MIB: u64 = 1024 * 1024;
const SMALL: u64 = 16 * MIB;
/// The number of simultaneous downloads, in the rows with several.
const AT_A_TIME: u64 = 32;

/// The cases, each with its name in the table.
const CASES: [(&str, &str); 5] = [
    ("stream", "download, as a stream"),
    ("streams", "downloads, 32 at a time, together"),
    ("file", "download, to a file"),
    ("reader", "upload, from a reader"),
    ("path", "upload, from a file"),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [case, size, url] = &arguments[..]
        && url.starts_with("http://")
    {
        measured(case, size.parse().unwrap(), url);
        return;
    }
    if !cfg!(target_os = "linux") {
        println!("the peak of resident memory is known on Linux only");
        return;
    }
    let gib = arguments.iter().find_map(|argument| argument.parse().ok());
    let large = gib.unwrap_or(2_u64) * 1024 * MIB;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let socket = socket.unwrap();
            std::thread::spawn(move || serve(&socket));
        }
    });
    let shown = large / MIB / 1024;
    println!("| | peak, 16 MiB | peak, {shown} GiB | ratio | {shown} GiB took |");
    println!("|---|---|---|---|---|");
    for (case, name) in CASES {
        let (small, _) = run(case, SMALL, &url);
        let (big, seconds) = run(case, large, &url);
        #[expect(clippy::cast_precision_loss, reason = "a table has two digits")]
        let ratio = big as f64 / small as f64;
        println!(
            "| {name} | {:.1} MiB | {:.1} MiB | **{ratio:.2}** | {seconds:.1} s |",
            mebibytes(small),
            mebibytes(big)
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "a table has one digit")]
fn mebibytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

/// Measures a case in a separate process: its peak resident memory in KiB, and its time in seconds.
fn run(case: &str, size: u64, url: &str) -> (u64, f64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args([case, &size.to_string(), url])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let (peak, seconds) = text.trim().split_once(' ').unwrap();
    (peak.parse().unwrap(), seconds.parse().unwrap())
}

fn measured(case: &str, size: u64, url: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let transport = Settings::new(&API).build(url, Authentication::none());
    let client = Client {
        transport: transport.unwrap(),
    };
    let start = Instant::now();
    runtime.block_on(exercise(&client, case, size)).unwrap();
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    println!("{} {seconds}", peak.trim().trim_end_matches(" kB"));
}

async fn exercise(client: &Client, case: &str, size: u64) -> Result<(), Error> {
    let read = async |size: u64| -> Result<u64, Error> {
        let mut stream = client.download(size.to_string()).send().await?;
        let mut count = 0;
        while let Some(piece) = stream.try_next().await? {
            count += piece.len() as u64;
        }
        Ok(count)
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    match case {
        "stream" => assert_eq!(read(size).await?, size),
        "streams" => {
            let all = (0..AT_A_TIME).map(|_| read(size / AT_A_TIME));
            for count in futures_util::future::join_all(all).await {
                assert_eq!(count?, size / AT_A_TIME);
            }
        }
        "file" => {
            let saved = client
                .download(size.to_string())
                .send_to_file(&path)
                .await?;
            assert_eq!(*saved.body(), size);
        }
        "reader" => {
            let reader = tokio::io::AsyncReadExt::take(tokio::io::repeat(b'x'), size);
            client
                .upload()
                .body(BodySource::reader(reader, size))
                .send()
                .await?;
        }
        "path" => {
            // A sparse file takes no space on the disk.
            std::fs::File::create(&path).unwrap().set_len(size).unwrap();
            client.upload().body(path).send().await?;
        }
        other => panic!("there is no case {other}"),
    }
    Ok(())
}

/// Sends as many bytes as the path requests, and reads the request body.
fn serve(socket: &TcpStream) {
    let mut reader = BufReader::new(socket);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            head.push(line.trim().to_ascii_lowercase());
        }
        let size = head[0].split(' ').nth(1).unwrap().rsplit('/').next();
        let size: u64 = size.unwrap().parse().unwrap_or(0);
        let length = head
            .iter()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length: u64 = length.map_or(0, |length| length.parse().unwrap());
        io::copy(&mut (&mut reader).take(length), &mut io::sink()).unwrap();
        let line = format!("HTTP/1.1 200 OK\r\ncontent-length: {size}\r\n\r\n");
        let mut writer = socket;
        if writer.write_all(line.as_bytes()).is_err() {
            return;
        }
        let piece = vec![b'x'; 64 * 1024];
        let mut left = size;
        while left > 0 {
            let count = left.min(piece.len() as u64);
            let count = usize::try_from(count).unwrap();
            if writer.write_all(&piece[..count]).is_err() {
                return;
            }
            left -= count as u64;
        }
    }
}
