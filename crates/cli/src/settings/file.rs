//! Opens the profile file, and checks the opened file: other users must not be able to read it.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::failure::{Failure, Kind};

/// The maximum size of the file, in bytes.
const LARGEST: u64 = 64 * 1024;

/// The default path of the profile file; `None` if the user has no configuration folder.
pub(crate) fn usual() -> Option<PathBuf> {
    let set = |name: &str| {
        let value = std::env::var_os(name).map(PathBuf::from);
        // A relative folder would differ with the current folder.
        value.filter(|folder| folder.is_absolute())
    };
    let configuration = set("XDG_CONFIG_HOME").or_else(|| Some(set("HOME")?.join(".config")));
    Some(configuration?.join("specmill").join("profiles.toml"))
}

/// The content of the file; `None` if it does not exist.
pub(crate) fn read(path: &Path) -> Result<Option<String>, Failure> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(refuse(path, &format!("cannot be opened: {error}"))),
    };
    check(path, &file)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| refuse(path, &format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > LARGEST {
        return Err(refuse(path, "is larger than 64 KiB"));
    }
    let text = String::from_utf8(bytes).map_err(|_| refuse(path, "is not UTF-8"))?;
    Ok(Some(text))
}

/// Opening a pipe must not block until its other end is opened.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;

    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    File::options().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    File::open(path)
}

#[cfg(unix)]
fn check(path: &Path, file: &File) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = file
        .metadata()
        .map_err(|error| refuse(path, &format!("cannot be inspected: {error}")))?;
    if !metadata.is_file() {
        return Err(refuse(path, "is not a regular file"));
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(refuse(path, "belongs to another user").hint("copy it to a file of your own"));
    }
    let mode = metadata.mode() & 0o7777;
    if mode & 0o7177 != 0 {
        let problem = format!("can be read or changed by others (mode {mode:04o})");
        let shown = path.display().to_string().replace('\'', r"'\''");
        return Err(refuse(path, &problem).hint(format!("run: chmod 600 '{shown}'")));
    }
    Ok(())
}

/// The permissions of the file are only checked on Unix.
#[cfg(not(unix))]
fn check(path: &Path, file: &File) -> Result<(), Failure> {
    let metadata = file
        .metadata()
        .map_err(|error| refuse(path, &format!("cannot be inspected: {error}")))?;
    if metadata.is_file() {
        Ok(())
    } else {
        Err(refuse(path, "is not a regular file"))
    }
}

fn refuse(path: &Path, problem: &str) -> Failure {
    Failure::new(
        Kind::Configuration,
        format!("the profile file {} {problem}", path.display()),
    )
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profiles.toml");
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn a_file_that_only_its_owner_can_read_is_read() {
        for mode in [0o600, 0o400] {
            let (_folder, path) = file(b"a = 1", mode);
            assert_eq!(read(&path).unwrap().as_deref(), Some("a = 1"));
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_fix() {
        for mode in [0o644, 0o640, 0o604, 0o660, 0o602, 0o700] {
            let (_folder, path) = file(b"a = 1", mode);
            let text = read(&path).unwrap_err().text();
            assert!(
                text.contains(&format!("run: chmod 600 '{}'", path.display())),
                "{text}"
            );
        }
    }

    #[test]
    fn a_pipe_or_device_is_refused_without_waiting() {
        let folder = tempfile::tempdir().unwrap();
        assert!(
            read(folder.path())
                .unwrap_err()
                .text()
                .contains("not a regular file")
        );
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        assert!(
            read(&pipe)
                .unwrap_err()
                .text()
                .contains("not a regular file")
        );
    }

    #[test]
    fn a_file_that_is_too_large_or_not_utf_8_is_refused() {
        let (_folder, path) = file(&vec![b'#'; 64 * 1024 + 1], 0o600);
        assert!(
            read(&path)
                .unwrap_err()
                .text()
                .contains("larger than 64 KiB")
        );
        let (_folder, path) = file(&vec![b'#'; 64 * 1024], 0o600);
        assert!(read(&path).is_ok());
        let (_folder, path) = file(b"\xff", 0o600);
        assert!(read(&path).unwrap_err().text().contains("not UTF-8"));
    }

    #[test]
    fn a_missing_file_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(&folder.path().join("none")).unwrap(), None);
    }
}
