//! Counts Panther's users.

use specmill::panther::Client;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panther = Client::from_env()?;
    let mut users = panther.user_list().stream();
    let mut count = 0;
    while users.try_next().await?.is_some() {
        count += 1;
    }
    println!("{count}");
    Ok(())
}
