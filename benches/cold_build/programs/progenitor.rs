//! Counts Panther's users.

use reqwest::header::{HeaderMap, HeaderValue};

progenitor::generate_api!(spec = "openapi.json");

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut headers = HeaderMap::new();
    let key = HeaderValue::from_str(&std::env::var("PANTHER_API_KEY")?)?;
    headers.insert("X-API-Key", key);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let panther = Client::new_with_client(&std::env::var("PANTHER_BASE_URL")?, http);
    let mut count = 0;
    let mut cursor: Option<String> = None;
    loop {
        let page = panther
            .user_list(
                None,
                cursor.as_deref(),
                None,
                None,
                None,
                None,
                None,
                None,
            )
            .await?
            .into_inner();
        count += page.results.len();
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    println!("{count}");
    Ok(())
}
