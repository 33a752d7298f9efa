//! Tests with the mock server of the generated client, without a network.

use crates_io::mock::MockServer;

type Outcome = Result<(), Box<dyn std::error::Error>>;

#[tokio::test]
async fn a_search_reads_pages_until_it_has_enough() -> Outcome {
    let mock = MockServer::start().await;
    let sample = mock.expect().search_crates().sample()?;
    for (page, crates) in [(1, 10), (2, 3)] {
        let mut response = sample.clone();
        response.crates = (0..crates)
            .map(|number| {
                let mut one = sample.crates[0].clone();
                one.name = format!("crate-{page}-{number}");
                one
            })
            .collect();
        response.meta.total = 13;
        mock.expect()
            .search_crates()
            .parameter("sort", "downloads")
            .respond(&response);
    }

    let most = crate_search::most_downloaded(&mock.client()?, "openapi", 12).await?;

    assert_eq!(most.len(), 12);
    assert_eq!(most[11].0, "crate-2-1");
    assert_eq!(mock.received().len(), 2);
    mock.verify()?;
    Ok(())
}

#[tokio::test]
async fn an_unknown_crate_has_no_licence() -> Outcome {
    let mock = MockServer::start().await;
    mock.expect()
        .find_crate()
        .parameter("name", "no-such-crate")
        .respond_status(404);
    let licence = crate_search::licence(&mock.client()?, "no-such-crate").await?;
    assert_eq!(licence, None);
    mock.verify()?;
    Ok(())
}

#[tokio::test]
async fn a_yanked_version_is_ignored() -> Outcome {
    let mock = MockServer::start().await;
    let mut response = mock.expect().find_crate().sample()?;
    let mut usable = response.versions.remove(0);
    usable.yanked = false;
    usable.license = Some("MIT".to_owned());
    let mut yanked = usable.clone();
    yanked.yanked = true;
    yanked.license = Some("Unlicense".to_owned());
    response.versions = vec![yanked, usable];
    mock.expect().find_crate().respond(&response);
    let licence = crate_search::licence(&mock.client()?, "serde").await?;
    assert_eq!(licence.as_deref(), Some("MIT"));
    mock.verify()?;
    Ok(())
}
