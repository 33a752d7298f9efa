//! nginx on a loopback port, with TLS and a self-signed certificate.

use std::error::Error;
use std::fmt;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[derive(Clone, Copy)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

impl fmt::Display for Protocol {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Http1 => "HTTP/1.1",
            Self::Http2 => "HTTP/2",
        })
    }
}

/// A proxy that is stopped when dropped.
pub(crate) struct Proxy {
    folder: tempfile::TempDir,
    port: u16,
    nginx: Child,
}

impl Proxy {
    /// Starts nginx as a proxy of `service`, an `http://` URL.
    pub(crate) fn start(protocol: Protocol, service: &str) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        // The port is free now; it is unlikely that another program takes it before nginx does.
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        make_certificate(&folder)?;
        let http2 = match protocol {
            Protocol::Http1 => "",
            Protocol::Http2 => " http2",
        };
        let configuration = format!(
            "daemon off; worker_processes 2; pid nginx.pid; error_log error.log;
             events {{ worker_connections 1024; }}
             http {{
                 access_log off;
                 client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                 uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                 server {{
                     listen 127.0.0.1:{port} ssl{http2};
                     ssl_certificate certificate.pem;
                     ssl_certificate_key key.pem;
                     location / {{ proxy_pass {service}; proxy_next_upstream off; }}
                 }}
             }}"
        );
        std::fs::write(folder.path().join("nginx.conf"), configuration)?;
        let nginx = Command::new("nginx")
            .args(["-e", "error.log", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| {
                format!("nginx cannot be run: {error}; install it (Debian: nginx-light)")
            })?;
        let proxy = Self {
            folder,
            port,
            nginx,
        };
        proxy.wait()?;
        Ok(proxy)
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// The certificate file that clients must trust.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join("certificate.pem")
    }

    pub(crate) fn reload(&self) -> Outcome<()> {
        let status = Command::new("nginx")
            .args(["-e", "error.log", "-s", "reload", "-c", "nginx.conf", "-p"])
            .arg(self.folder.path())
            .status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("nginx was not reloaded: {status}").into())
        }
    }

    /// Waits until it accepts connections.
    fn wait(&self) -> Outcome<()> {
        for _ in 0..100 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(self.folder.path().join("error.log")).unwrap_or_default();
        Err(format!("nginx does not accept connections: {log}").into())
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // `-s stop` lets the master process end its workers; SIGKILL would leave them running.
        let _ = Command::new("nginx")
            .args(["-e", "error.log", "-s", "stop", "-c", "nginx.conf", "-p"])
            .arg(self.folder.path())
            .status();
        let _ = self.nginx.wait();
    }
}

fn make_certificate(folder: &tempfile::TempDir) -> Outcome<()> {
    let output = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder.path())
        .output()
        .map_err(|error| format!("openssl cannot be run: {error}"))?;
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}
