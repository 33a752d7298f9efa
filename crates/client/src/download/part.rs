//! The temporary file of a download, which replaces the target at the end.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use specmill_http::body::PIECE;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

/// The file, which is removed unless it takes its place or is kept for a later run.
pub(super) struct Part {
    pub(super) file: File,
    pub(super) path: PathBuf,
    later: Option<Later>,
    /// Whether it stays where it is.
    stays: bool,
}

/// Where a later run finds what it needs besides the part.
struct Later {
    path: PathBuf,
    /// What was asked for.
    request: String,
}

/// What a later run needs.
#[derive(Serialize, Deserialize)]
struct Record {
    request: String,
    version: String,
}

/// How far an earlier run was, and the version of what it read.
pub(super) struct Earlier {
    pub(super) written: u64,
    pub(super) version: HeaderValue,
}

impl Part {
    /// A new file, of a name that nothing else has.
    pub(super) async fn create(target: &Path) -> Result<Self, String> {
        let mut last = None;
        // Another download may already use the name.
        for _ in 0..8 {
            let path = beside(target, &format!(".{:08x}.part", fastrand::u32(..)))?;
            let mut options = File::options();
            match options.write(true).create_new(true).open(&path).await {
                Ok(file) => return Ok(Self::of(file, path, None)),
                Err(error) => last = Some(problem("create", &path, &error)),
            }
        }
        Err(last.unwrap_or_default())
    }

    /// The file that an earlier run left for the same request, or a new one that a later run finds.
    pub(super) async fn resume(
        target: &Path,
        request: String,
    ) -> Result<(Self, Option<Earlier>), String> {
        let path = beside(target, ".part")?;
        let record = beside(target, ".part.json")?;
        // Symbolic links are not followed, since another user may have created one.
        for file in [&path, &record] {
            match tokio::fs::symlink_metadata(file).await {
                Ok(metadata) if !metadata.is_file() => {
                    return Err(format!("{} is not a file", file.display()));
                }
                _ => {}
            }
        }
        let mut options = File::options();
        let opened = options.write(true).create(true).truncate(false).open(&path);
        let file = opened
            .await
            .map_err(|error| problem("create", &path, &error))?;
        let later = Later {
            path: record,
            request,
        };
        let earlier = later.earlier(&file).await;
        let mut part = Self::of(file, path, Some(later));
        match &earlier {
            Some(earlier) => {
                let end = part.file.seek(io::SeekFrom::Start(earlier.written)).await;
                end.map_err(|error| problem("read", &part.path, &error))?;
                part.stays = true;
            }
            None => part.restart(None).await?,
        }
        Ok((part, earlier))
    }

    fn of(mut file: File, path: PathBuf, later: Option<Later>) -> Self {
        file.set_max_buf_size(PIECE);
        Self {
            file,
            path,
            later,
            stays: false,
        }
    }

    /// Empties it, for a version of what is downloaded: `None` where nothing could go on from it.
    pub(super) async fn restart(&mut self, version: Option<&HeaderValue>) -> Result<(), String> {
        let result = async {
            self.file.flush().await?;
            self.file.set_len(0).await?;
            self.file.rewind().await
        };
        result
            .await
            .map_err(|error| problem("write", &self.path, &error))?;
        if let Some(later) = &self.later {
            self.stays = later.remember(version).await?;
        }
        Ok(())
    }

    /// Lets it take its place.
    pub(super) async fn finish(&mut self, target: &Path) -> Result<(), String> {
        let result = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            tokio::fs::rename(&self.path, target).await
        };
        result
            .await
            .map_err(|error| problem("write", target, &error))?;
        self.stays = true;
        if let Some(later) = &self.later {
            let _ = tokio::fs::remove_file(&later.path).await;
        }
        Ok(())
    }
}

impl Later {
    /// What an earlier run left, where it asked for the same.
    async fn earlier(&self, part: &File) -> Option<Earlier> {
        let record = tokio::fs::read(&self.path).await.ok()?;
        let record: Record = serde_json::from_slice(&record).ok()?;
        let written = part.metadata().await.ok()?.len();
        let version = HeaderValue::from_str(&record.version).ok()?;
        (record.request == self.request && written > 0).then_some(Earlier { written, version })
    }

    /// Writes down which version the part is of. Whether it can be gone on from.
    async fn remember(&self, version: Option<&HeaderValue>) -> Result<bool, String> {
        let version = version.and_then(|version| version.to_str().ok());
        let Some(version) = version else {
            let _ = tokio::fs::remove_file(&self.path).await;
            return Ok(false);
        };
        let record = Record {
            request: self.request.clone(),
            version: version.to_owned(),
        };
        // Serializing two strings cannot fail.
        let text = serde_json::to_vec(&record).unwrap_or_default();
        let written = tokio::fs::write(&self.path, text).await;
        written
            .map(|()| true)
            .map_err(|error| problem("write", &self.path, &error))
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.stays {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A hidden file beside another.
fn beside(target: &Path, ending: &str) -> Result<PathBuf, String> {
    let name = target
        .file_name()
        .ok_or_else(|| format!("{} is not the path of a file", target.display()))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(ending);
    Ok(target.with_file_name(hidden))
}

pub(super) fn problem(what: &str, path: &Path, error: &io::Error) -> String {
    format!("could not {what} {}: {error}", path.display())
}
