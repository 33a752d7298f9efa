//! Functions that use the generated client of crates.io.

use crates_io::types::SearchCratesSort;
use crates_io::{Client, Error};

/// The names and downloads of the most downloaded crates for a search, at most `count`.
///
/// # Errors
/// A call fails.
pub async fn most_downloaded(
    crates_io: &Client,
    words: &str,
    count: usize,
) -> Result<Vec<(String, i64)>, Error> {
    let mut found = crates_io
        .search_crates()
        .q(words)
        .sort(SearchCratesSort::Downloads)
        .stream();
    let mut most = Vec::new();
    while let Some(one) = found.try_next().await? {
        most.push((one.name, one.downloads));
        if most.len() == count {
            break;
        }
    }
    Ok(most)
}

/// The licence of a crate's newest version that is not yanked. `None` if the registry has no such crate or no licence.
///
/// # Errors
/// The call fails for another reason.
pub async fn licence(crates_io: &Client, name: &str) -> Result<Option<String>, Error> {
    match crates_io.find_crate(name).send().await {
        Ok(found) => {
            let usable = found.versions.into_iter().find(|version| !version.yanked);
            Ok(usable.and_then(|version| version.license))
        }
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}
