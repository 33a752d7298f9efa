//! Counts Panther's users.

use client::apis::configuration::{ApiKey, Configuration};
use client::apis::user_api::user_list;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut configuration = Configuration::new();
    configuration.base_path = std::env::var("PANTHER_BASE_URL")?;
    configuration.api_key = Some(ApiKey {
        prefix: None,
        key: std::env::var("PANTHER_API_KEY")?,
    });
    let mut count = 0;
    let mut cursor: Option<String> = None;
    loop {
        let page = user_list(
            &configuration,
            cursor.as_deref(),
            None,
            None,
            None,
            None,
            None,
            None,
            None,
        )
        .await?;
        count += page.results.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    println!("{count}");
    Ok(())
}
