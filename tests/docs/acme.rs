//! The client of a made-up API, as the generator declares one, and its service: the pages on streams, uploads and
//! downloads use it.

#![allow(unreachable_pub, reason = "the declarations are those of a crate")]

use specmill_client::{Api, Authentication, Settings, Transport, operation};

static API: Api = Api {
    name: "acme",
    title: "Acme",
    version: "1",
    base_url_suffixes: &[],
};

pub struct Client {
    transport: Transport,
}

impl Client {
    const API: &str = API.name;

    /// A client of a service that this process starts.
    pub async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let url = service::start().await?;
        Ok(Self {
            transport: Settings::new(&API).build(&url, Authentication::none())?,
        })
    }
}

pub mod types {
    specmill_client::object! {
        /// A question.
        pub struct CreateChat { pub prompt: required String, pub stream: optional bool, }
        builder CreateChatBuilder;
    }
    specmill_client::object! {
        /// A response.
        pub struct Chat { pub text: required String, }
        builder ChatBuilder;
    }
    specmill_client::object! {
        /// A part of a response.
        pub struct ChatChunk { pub delta: required String, }
        builder ChatChunkBuilder;
    }
    specmill_client::object! {
        /// A row of a report.
        pub struct Row { pub number: required i64, }
        builder RowBuilder;
    }
}

operation! {
    /// Responds to a question.
    fn create_chat -> CreateChat = POST "/chat" {}
    body {
        /// The question.
        value types::CreateChat, as Json "application/json" required
    }
    response { json types::Chat }
    stream { events Json as types::ChatChunk, flag Body "stream" }
}
operation! {
    /// What happens.
    fn feed -> Feed = GET "/feed" {}
    response { stream }
    stream { events Json as types::Row }
}
operation! {
    /// The rows of a report.
    fn report_rows -> ReportRows = GET "/rows" {}
    response { stream }
    stream { lines "application/x-ndjson" as types::Row }
}
operation! {
    /// A report.
    fn report_download -> ReportDownload = GET "/reports/{id}" {
        id: path String, in Path "id";
    }
    response { bytes }
}
operation! {
    /// Uploads a report.
    fn report_upload -> ReportUpload = PUT "/reports/{id}" {
        id: path String, in Path "id";
    }
    body {
        /// The report.
        bytes specmill_client::BodySource, as Bytes "application/octet-stream" required
    }
    response { empty }
}

mod service {
    use std::io;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::{TcpListener, TcpStream};

    /// Starts the service and returns its base URL.
    pub(super) async fn start() -> io::Result<String> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket));
            }
        });
        Ok(format!("http://{address}"))
    }

    async fn serve(mut socket: TcpStream) -> io::Result<()> {
        let mut bytes = Vec::new();
        let (head, body) = loop {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let mut lines = head.lines().map(str::to_ascii_lowercase);
                let length =
                    lines.find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0) {
                    break (head.to_owned(), body.to_owned());
                }
            }
            if socket.read_buf(&mut bytes).await? == 0 {
                return Ok(());
            }
        };
        let again = head.contains("last-event-id: 1");
        let (content_type, content) = match head.split(' ').nth(1).unwrap_or_default() {
            "/chat" if body.contains("\"stream\":true") => (
                "text/event-stream",
                "data: {\"delta\":\"Fo\"}\n\ndata: {\"delta\":\"ur\"}\n\ndata: [DONE]\n\n",
            ),
            "/chat" => ("application/json", "{\"text\":\"Four\"}"),
            "/feed" if again => (
                "text/event-stream",
                "event: row\nid: 2\ndata: {\"number\":2}\n\n",
            ),
            "/feed" if head.contains("last-event-id") => {
                return socket
                    .write_all(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
                    .await;
            }
            "/feed" => (
                "text/event-stream",
                "event: row\nid: 1\nretry: 1\ndata: {\"number\":1}\n\n",
            ),
            "/rows" => ("application/x-ndjson", "{\"number\":1}\n{\"number\":2}\n"),
            _ => ("text/csv", "id,name\n1,ann\n"),
        };
        let length = content.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\netag: \"1\"\r\nconnection: close\r\n\r\n"
        );
        socket
            .write_all(format!("{head}{content}").as_bytes())
            .await
    }
}
