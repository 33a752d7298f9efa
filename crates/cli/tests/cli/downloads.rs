//! Downloads to files.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::Specmill;

const CONTENT: &str = "0123456789";

/// A service with one file. While it is failing, it sends half of the file, and rejects requests for the
/// rest.
struct Service {
    url: String,
    ill: Arc<AtomicBool>,
}

impl Service {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ill = Arc::new(AtomicBool::new(true));
        let is_ill = Arc::clone(&ill);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut head = Vec::new();
                let mut part = [0; 1024];
                while !head.ends_with(b"\r\n\r\n") {
                    let length = socket.read(&mut part).await.unwrap();
                    head.extend_from_slice(&part[..length]);
                }
                let head = String::from_utf8(head).unwrap().to_lowercase();
                let goes_on = head.contains("range: bytes=5-") && head.contains("if-range: \"v1\"");
                let response = match (is_ill.load(Ordering::Relaxed), goes_on) {
                    (true, false) => whole(&CONTENT[..5]),
                    (true, true) => {
                        "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n".to_owned() + CLOSE
                    }
                    (false, false) => whole(CONTENT),
                    (false, true) => format!(
                        "HTTP/1.1 206 Partial Content\r\netag: \"v1\"\r\ncontent-range: bytes 5-9/10\r\n\
                         content-length: 5\r\n{CLOSE}{}",
                        &CONTENT[5..]
                    ),
                };
                socket.write_all(response.as_bytes()).await.unwrap();
            }
        });
        Self { url, ill }
    }

    fn recover(&self) {
        self.ill.store(false, Ordering::Relaxed);
    }
}

const CLOSE: &str = "connection: close\r\n\r\n";

/// A response that declares the length of the whole file, and contains the given part of it.
fn whole(content: &str) -> String {
    let length = CONTENT.len();
    format!("HTTP/1.1 200 OK\r\netag: \"v1\"\r\ncontent-length: {length}\r\n{CLOSE}{content}")
}

#[tokio::test]
async fn a_download_that_failed_is_resumed_by_the_next_run() {
    let service = Service::start().await;
    let specmill = Specmill::new()
        .with("PANTHER_BASE_URL", &service.url)
        .with("PANTHER_API_KEY", "key");
    let file = specmill.home.path().join("file");
    let files = || {
        let entries = std::fs::read_dir(specmill.home.path()).unwrap();
        let mut names: Vec<_> = entries.map(|one| one.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let download = format!(
        "api GET /file --api panther --output-file {}",
        file.display()
    );

    let run = specmill.run(&download).await;
    assert_eq!(run.code, Some(5), "{run:?}");
    assert!(files().is_empty(), "{:?}", files());

    let run = specmill.run(&format!("{download} --resume")).await;
    assert_eq!(run.code, Some(5), "{run:?}");
    assert_eq!(files(), [".file.part", ".file.part.json"]);

    service.recover();
    let run = specmill.run(&format!("{download} --resume")).await;
    assert_eq!(run.code, Some(0), "{run:?}");
    assert_eq!(files(), ["file"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), CONTENT);
}

#[tokio::test]
async fn a_download_that_cannot_be_resumed_is_refused() {
    let specmill = Specmill::new()
        .with("PANTHER_BASE_URL", "http://127.0.0.1:9")
        .with("PANTHER_API_KEY", "key");
    for (arguments, problem) in [
        ("api GET /file --resume", "--output-file <FILE>"),
        (
            "api GET /file --resume --output-file f -o yaml",
            "--resume requires an unchanged body",
        ),
        (
            "api POST /file --resume --output-file f",
            "only the response to a GET",
        ),
    ] {
        let run = specmill.run(&format!("{arguments} --api panther")).await;
        assert_eq!(run.code, Some(2), "{arguments}: {run:?}");
        assert!(run.errors.contains(problem), "{arguments}: {run:?}");
    }
}
