//! The blocks of `docs/upload-and-download.md`, in their order.

use crate::{Outcome, acme};

#[tokio::test]
async fn download() -> Outcome {
    let client = acme::Client::start().await?;

    // docs: begin
    let mut report = client.report_download("r-1").send().await?;
    let mut size = 0;
    while let Some(piece) = report.try_next().await? {
        size += piece.len();
    }
    assert_eq!(size, 14);

    // What is small enough goes into memory, up to `max_response_bytes`.
    let report = client
        .report_download("r-1")
        .send()
        .await?
        .collect()
        .await?;
    assert!(report.starts_with(b"id,name"));
    // docs: end
    Ok(())
}

#[tokio::test]
async fn into_a_file() -> Outcome {
    let client = acme::Client::start().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report.csv");

    // docs: begin
    let saved = client
        .report_download("r-1")
        .send_to_file(&path)
        .progress(|so_far| println!("{} of {:?} bytes", so_far.bytes(), so_far.total()))
        .await?;
    assert_eq!(*saved.body(), 14);
    // docs: end
    Ok(())
}

#[tokio::test]
async fn upload() -> Outcome {
    let client = acme::Client::start().await?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("report.csv");
    std::fs::write(&path, "id,name\n1,ann\n")?;

    // docs: begin
    use specmill::BodySource;

    client
        .report_upload("r-1")
        .body("id,name\n1,ann\n")
        .send()
        .await?;
    client
        .report_upload("r-1")
        .body(BodySource::file(&path))
        .send()
        .await?;

    let reader = tokio::fs::File::open(&path).await?;
    let length = reader.metadata().await?.len();
    client
        .report_upload("r-1")
        .body(BodySource::reader(reader, length))
        .send()
        .await?;
    // docs: end
    Ok(())
}
