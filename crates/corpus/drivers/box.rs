//! Box: OAuth 2.0 tokens from the endpoint of the document, an upload to the server of one operation, and a
//! download.

use box_api::mock::MockServer;
use box_api::operations::PostFilesContentForm;
use box_api::types::PostFilesContentAttributes;
use box_api::{Client, ClientBuilder};
use serde_json::json;
use specmill_client::credentials::OAuth2;
use specmill_client::multipart::FilePart;

fn builder(mock: &MockServer) -> ClientBuilder {
    // The servers of single operations are replaced as well.
    let url = mock.url();
    Client::builder().base_url(url).upload_base_url(url).dl_base_url(url)
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_an_access_token() {
    let mock = MockServer::start().await;
    let grant = OAuth2::refresh_token("id", "refresh").client_secret("secret");
    let client = builder(&mock).oauth2(grant).build().unwrap();
    for _ in 0..2 {
        client.get_users_me().send().await.unwrap();
    }
    let received = mock.received();
    assert_eq!(received.len(), 2);
    for request in received {
        assert_eq!(request.headers()["authorization"], "Bearer mock-access-token");
    }
    mock.verify().unwrap();
}

#[tokio::test]
async fn a_file_is_uploaded_and_downloaded_in_pieces() {
    let mock = MockServer::start().await;
    let client = mock.client().unwrap();
    let attributes = json!({"name": "report.txt", "parent": {"id": "0"}});
    let attributes: PostFilesContentAttributes = serde_json::from_value(attributes).unwrap();
    let form = PostFilesContentForm::new()
        .attributes(attributes)
        .file(FilePart::new(b"the report".to_vec()).file_name("report.txt"));
    client.post_files_content().body(form).send().await.unwrap();
    let body = String::from_utf8_lossy(mock.received()[0].body()).into_owned();
    assert!(body.contains("\"parent\":{\"id\":\"0\"}") && body.contains("the report"), "{body}");

    let content = vec![7; 300_000];
    for _ in 0..2 {
        mock.expect()
            .get_files_id_content()
            .parameter("file_id", "f-1")
            .respond_bytes(200, "application/octet-stream", content.clone());
    }
    let mut stream = client.get_files_id_content("f-1").send().await.unwrap();
    let (mut pieces, mut length) = (0, 0);
    while let Some(piece) = stream.try_next().await.unwrap() {
        pieces += 1;
        length += piece.len();
    }
    assert!(pieces > 1 && length == content.len(), "{length} bytes in {pieces} pieces");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.bin");
    client.get_files_id_content("f-1").send_to_file(&path).await.unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), content);
    mock.verify().unwrap();
}
