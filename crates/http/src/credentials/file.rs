use std::error::Error as StdError;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::provider::{ProvidedSecret, SecretProvider};
use crate::platform;

/// The maximum size of a file, in bytes.
const MAX_BYTES: u64 = 64 * 1024;

/// The time after which a file is read again.
const LIFETIME: Duration = Duration::from_secs(60);

/// A credential in a file that another process rotates.
pub(crate) struct FromFile(pub(crate) PathBuf);

impl SecretProvider for FromFile {
    async fn secret(&self) -> Result<ProvidedSecret, Box<dyn StdError + Send + Sync>> {
        let path = self.0.clone();
        let text = platform::blocking(move || read(&path)).await??;
        Ok(ProvidedSecret::new(text).expires_in(LIFETIME))
    }
}

fn read(path: &Path) -> Result<String, String> {
    let refuse = |problem: String| format!("the file {}: {problem}", path.display());
    let file = File::open(path).map_err(|error| refuse(error.to_string()))?;
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return Err(refuse("is not a regular file".to_owned()));
    }
    let mut text = String::new();
    file.take(MAX_BYTES + 1)
        .read_to_string(&mut text)
        .map_err(|error| refuse(error.to_string()))?;
    if u64::try_from(text.len()).unwrap_or(u64::MAX) > MAX_BYTES {
        return Err(refuse(format!("is larger than {MAX_BYTES} bytes")));
    }
    Ok(text.trim().to_owned())
}
