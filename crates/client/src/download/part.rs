//! The temporary file of a download, which replaces the target at the end.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use http::HeaderValue;
use serde::{Deserialize, Serialize};
use specmill_http::body::PIECE;
use tokio::fs::File;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

/// The temporary file. It is removed when it is dropped, unless it was renamed to the target or is kept for a later
/// run.
pub(super) struct Part {
    pub(super) file: File,
    pub(super) path: PathBuf,
    record_file: Option<RecordFile>,
    /// Whether the file is kept when it is dropped.
    kept: bool,
}

/// The file that describes the part for a later run.
struct RecordFile {
    path: PathBuf,
    /// The identity of the request.
    request: String,
}

/// The contents of the file that describes a part.
#[derive(Serialize, Deserialize)]
struct Record {
    request: String,
    version: String,
}

/// The number of bytes that an earlier run received, and their version.
pub(super) struct EarlierRun {
    pub(super) written: u64,
    pub(super) version: HeaderValue,
}

impl Part {
    /// Creates a file with an unused name.
    pub(super) async fn create(target: &Path) -> Result<Self, String> {
        let mut last = None;
        // Another download may already use the name.
        for _ in 0..8 {
            let path = hidden_sibling(target, &format!(".{:08x}.part", fastrand::u32(..)))?;
            let mut options = File::options();
            match options.write(true).create_new(true).open(&path).await {
                Ok(file) => return Ok(Self::of(file, path, None)),
                Err(error) => last = Some(problem("create", &path, &error)),
            }
        }
        Err(last.unwrap_or_default())
    }

    /// Opens the file that an earlier run kept for the same request, or creates one for a later run.
    pub(super) async fn resume(
        target: &Path,
        request: String,
    ) -> Result<(Self, Option<EarlierRun>), String> {
        let path = hidden_sibling(target, ".part")?;
        let record = hidden_sibling(target, ".part.json")?;
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
        let record_file = RecordFile {
            path: record,
            request,
        };
        let earlier = record_file.earlier(&file).await;
        let mut part = Self::of(file, path, Some(record_file));
        match &earlier {
            Some(earlier) => {
                let end = part.file.seek(io::SeekFrom::Start(earlier.written)).await;
                end.map_err(|error| problem("read", &part.path, &error))?;
                part.kept = true;
            }
            None => part.restart(None).await?,
        }
        Ok((part, earlier))
    }

    fn of(mut file: File, path: PathBuf, record_file: Option<RecordFile>) -> Self {
        file.set_max_buf_size(PIECE);
        Self {
            file,
            path,
            record_file,
            kept: false,
        }
    }

    /// Empties the file, for a version of the content; `None` if a later run cannot resume it.
    pub(super) async fn restart(&mut self, version: Option<&HeaderValue>) -> Result<(), String> {
        let result = async {
            self.file.flush().await?;
            self.file.set_len(0).await?;
            self.file.rewind().await
        };
        result
            .await
            .map_err(|error| problem("write", &self.path, &error))?;
        if let Some(record_file) = &self.record_file {
            self.kept = record_file.write(version).await?;
        }
        Ok(())
    }

    /// Renames the file to the target.
    pub(super) async fn finish(&mut self, target: &Path) -> Result<(), String> {
        let result = async {
            self.file.flush().await?;
            self.file.sync_all().await?;
            tokio::fs::rename(&self.path, target).await
        };
        result
            .await
            .map_err(|error| problem("write", target, &error))?;
        self.kept = true;
        if let Some(record_file) = &self.record_file {
            let _ = tokio::fs::remove_file(&record_file.path).await;
        }
        Ok(())
    }
}

impl RecordFile {
    /// The state of an earlier run, if its request was the same.
    async fn earlier(&self, part: &File) -> Option<EarlierRun> {
        let record = tokio::fs::read(&self.path).await.ok()?;
        let record: Record = serde_json::from_slice(&record).ok()?;
        let written = part.metadata().await.ok()?.len();
        let version = HeaderValue::from_str(&record.version).ok()?;
        (record.request == self.request && written > 0).then_some(EarlierRun { written, version })
    }

    /// Stores the version of the part. Returns whether a later run can resume it.
    async fn write(&self, version: Option<&HeaderValue>) -> Result<bool, String> {
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
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// The path of a hidden file beside the target.
fn hidden_sibling(target: &Path, suffix: &str) -> Result<PathBuf, String> {
    let name = target
        .file_name()
        .ok_or_else(|| format!("{} is not the path of a file", target.display()))?;
    let mut hidden = OsString::from(".");
    hidden.push(name);
    hidden.push(suffix);
    Ok(target.with_file_name(hidden))
}

pub(super) fn problem(what: &str, path: &Path, error: &io::Error) -> String {
    format!("could not {what} {}: {error}", path.display())
}
