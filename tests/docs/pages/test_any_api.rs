//! The blocks of `docs/test-any-api.md`, in their order.

mod a_mock_server {
    // docs: begin
    use specmill::panther::Client;
    use specmill::panther::mock::MockServer;

    /// The code under test.
    async fn is_enabled(panther: &Client, id: &str) -> Result<bool, specmill::Error> {
        Ok(panther.user_get(id).send().await?.enabled)
    }

    #[tokio::main(flavor = "current_thread")]
    async fn main() -> Result<(), Box<dyn std::error::Error>> {
        let mock = MockServer::start().await;
        let panther = mock.client()?;

        // The sample follows the document; the test changes what it depends on.
        let mut grace = mock.expect().user_get().sample()?;
        grace.enabled = false;
        mock.expect()
            .user_get()
            .parameter("id", "u-1")
            .respond(&grace);
        mock.expect()
            .user_get()
            .parameter("id", "u-2")
            .respond_status(404);

        assert!(!is_enabled(&panther, "u-1").await?);
        assert!(
            is_enabled(&panther, "u-2")
                .await
                .unwrap_err()
                .is_not_found()
        );
        mock.verify()?;
        Ok(())
    }
    // docs: end

    #[test]
    fn runs() {
        main().unwrap();
    }
}

mod a_recording {
    // docs: begin
    use specmill::middleware::{Recorder, Replayer};
    use specmill::panther::Client;
    use specmill_sandbox::Sandbox;

    #[tokio::main(flavor = "current_thread")]
    async fn main() -> Result<(), Box<dyn std::error::Error>> {
        let sandbox = Sandbox::start().await?;
        let path = std::env::temp_dir().join(format!("users-{}.jsonl", std::process::id()));

        // Once, with the service:
        let panther = Client::builder()
            .base_url(sandbox.panther_url())
            .api_key(sandbox.panther_api_key())
            .middleware(Recorder::create(&path)?)
            .build()?;
        let recorded = panther.user_list().limit(2).send().await?;

        // In the test, without the service:
        let panther = Client::builder()
            .base_url("https://api.example.com")
            .api_key("any")
            .middleware(Replayer::open(&path)?)
            .build()?;
        assert_eq!(panther.user_list().limit(2).send().await?, recorded);
        std::fs::remove_file(&path)?;
        Ok(())
    }
    // docs: end

    #[test]
    fn runs() {
        main().unwrap();
    }
}
