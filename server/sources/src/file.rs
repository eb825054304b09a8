//! Reading files and folders of this machine.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use portico_integrations::MAX_BYTES;
use tokio::task::spawn_blocking;

use crate::ReadError;
use crate::raw::{Listed, RawFile, RawOutcome};
use crate::target::{FilePattern, Shape, shape};
use crate::text::decode;

/// A file may change twice within one tick of the file system's clock. Until this
/// long after a change, its time says nothing.
const CLOCK_TICK: Duration = Duration::from_millis(50);

/// Folders that hold no catalog files but many others.
const SKIPPED: [&str; 2] = [".git", "node_modules"];

/// Reads a path: a file, a folder (its catalog files) or a glob.
pub(crate) async fn read(target: &str, fingerprint: Option<&str>) -> Result<RawOutcome, ReadError> {
    let (path, known) = (target.to_owned(), fingerprint.map(str::to_owned));
    blocking(target, move || {
        // A file whose name looks like a glob is that file.
        let is_folder = match std::fs::metadata(&path) {
            Ok(found) if !found.is_dir() => return read_file(&path, known.as_deref()),
            found => found.is_ok(),
        };
        match shape(&path, is_folder)? {
            Shape::File => read_file(&path, known.as_deref()),
            Shape::Pattern(pattern) => expand(&path, &pattern),
        }
    })
    .await
}

/// Reads the file a placeholder refers to. It may be anywhere in the folder that the
/// referring file belongs to, see [`root_of`], symbolic links followed.
pub(crate) async fn read_inside(
    base: &str,
    target: &str,
    roots: &[PathBuf],
) -> Result<String, ReadError> {
    let (base, path, roots) = (PathBuf::from(base), target.to_owned(), roots.to_owned());
    blocking(target, move || {
        let root = root_of(&base, &roots);
        let real = std::fs::canonicalize(&path).map_err(|error| told(&path, &error))?;
        let real_root = std::fs::canonicalize(&root).map_err(|error| told(&path, &error))?;
        if !real.starts_with(&real_root) {
            let fix = format!(
                "it is outside of {}, to which its entity belongs",
                root.display()
            );
            return Err(ReadError::denied(&path, fix));
        }
        match read_file(&path, None)? {
            RawOutcome::File(file) => decode(file.content, &path),
            _ => Err(ReadError::invalid(&path, "it is not a file")),
        }
    })
    .await
}

/// What a local file belongs to: its git repository, else the configured location it
/// was found under, else its folder.
fn root_of(file: &Path, roots: &[PathBuf]) -> PathBuf {
    let folder = file.parent().unwrap_or(file);
    let repository = folder
        .ancestors()
        .find(|folder| folder.join(".git").exists());
    let configured = || {
        roots
            .iter()
            .map(PathBuf::as_path)
            .find(|root| file.starts_with(root))
    };
    repository.or_else(configured).unwrap_or(folder).to_owned()
}

fn read_file(path: &str, known: Option<&str>) -> Result<RawOutcome, ReadError> {
    let metadata = std::fs::metadata(path).map_err(|error| told(path, &error))?;
    if !metadata.is_file() {
        return Err(ReadError::invalid(path, "it is not a file"));
    }
    if metadata.len() > MAX_BYTES {
        return Err(ReadError::TooLarge {
            target: path.to_owned(),
            limit_bytes: MAX_BYTES,
        });
    }
    let fingerprint = fingerprint(&metadata);
    if fingerprint.is_some() && fingerprint.as_deref() == known {
        return Ok(RawOutcome::Unchanged);
    }
    let bytes = std::fs::read(path).map_err(|error| told(path, &error))?;
    Ok(RawOutcome::File(RawFile {
        content: bytes,
        fingerprint,
    }))
}

/// Size, times and identity; `None` while the file is too fresh to rely on its times.
fn fingerprint(metadata: &std::fs::Metadata) -> Option<String> {
    let modified = metadata.modified().ok()?;
    if SystemTime::now().duration_since(modified).ok()? < CLOCK_TICK {
        return None;
    }
    let modified = modified
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()?
        .as_nanos();
    Some(format!(
        "{}-{modified}-{}",
        metadata.len(),
        identity(metadata)
    ))
}

/// Catches a replaced file and a set-back modification time.
#[cfg(unix)]
fn identity(metadata: &std::fs::Metadata) -> String {
    use std::os::unix::fs::MetadataExt as _;
    format!(
        "{}-{}.{}",
        metadata.ino(),
        metadata.ctime(),
        metadata.ctime_nsec()
    )
}

#[cfg(not(unix))]
fn identity(_: &std::fs::Metadata) -> String {
    String::new()
}

/// Lists what a pattern matches. The list is its own fingerprint: looking is cheap.
fn expand(target: &str, pattern: &FilePattern) -> Result<RawOutcome, ReadError> {
    let root = Path::new(if pattern.folder.is_empty() {
        "/"
    } else {
        &pattern.folder
    });
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if folder == root => return Err(told(target, &error)),
            // A folder that vanished or is closed to us holds nothing that we could read.
            Err(_) => continue,
        };
        for entry in entries.flatten() {
            let path = entry.path();
            let Some(text) = path.to_str() else { continue };
            // Links to folders could lead in circles; links to files are followed.
            let is_folder = entry.file_type().is_ok_and(|it| it.is_dir());
            if is_folder && !SKIPPED.iter().any(|name| entry.file_name() == *name) {
                folders.push(path);
            } else if !is_folder && pattern.matches(text) && path.is_file() {
                found.push(Listed::new(text.to_owned(), text, ""));
            }
        }
    }
    Ok(RawOutcome::expanded(found.into_iter(), None))
}

fn told(path: &str, error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => ReadError::not_found(
            path,
            "check the path; it is seen from the machine Portico runs on",
        ),
        std::io::ErrorKind::PermissionDenied => {
            ReadError::denied(path, "allow the user that Portico runs as to read it")
        }
        _ => ReadError::failed(path, error),
    }
}

async fn blocking<T: Send + 'static>(
    target: &str,
    work: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> Result<T, ReadError> {
    spawn_blocking(work)
        .await
        .map_err(|error| ReadError::failed(target, error))?
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new(files: &[(&str, &str)]) -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            for (name, text) in files {
                folder.write(name, text);
            }
            folder
        }

        fn path(&self, name: &str) -> String {
            let path = if name.is_empty() {
                self.0.path().to_owned()
            } else {
                self.0.path().join(name)
            };
            path.to_str().unwrap().to_owned()
        }

        /// Writes a file as if it had been there for an hour.
        fn write(&self, name: &str, text: &str) {
            let path = self.path(name);
            fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
            fs::write(&path, text).unwrap();
            let hour_ago = SystemTime::now() - Duration::from_hours(1);
            fs::File::options()
                .write(true)
                .open(path)
                .unwrap()
                .set_modified(hour_ago)
                .unwrap();
        }
    }

    fn file(outcome: RawOutcome) -> RawFile {
        match outcome {
            RawOutcome::File(file) => file,
            other => panic!("expected a file, got {other:?}"),
        }
    }

    #[tokio::test]
    async fn an_unchanged_file_is_not_read_again() {
        let folder = Folder::new(&[("a.yaml", "\u{feff}kind: A")]);
        let path = folder.path("a.yaml");
        let first = file(read(&path, None).await.unwrap());
        assert_eq!(first.content, b"\xef\xbb\xbfkind: A");
        let known = first.fingerprint.as_deref();
        assert!(known.is_some());
        assert_eq!(read(&path, known).await.unwrap(), RawOutcome::Unchanged);
        // Same size, same modification time: replaced all the same.
        fs::remove_file(&path).unwrap();
        folder.write("a.yaml", "\u{feff}kind: B");
        let second = file(read(&path, known).await.unwrap());
        assert_eq!(second.content, b"\xef\xbb\xbfkind: B");
    }

    #[tokio::test]
    async fn a_file_written_just_now_has_no_fingerprint() {
        let folder = Folder::new(&[("a.yaml", "")]);
        let future = SystemTime::now() + Duration::from_secs(5);
        let path = folder.path("a.yaml");
        fs::File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_modified(future)
            .unwrap();
        assert_eq!(file(read(&path, None).await.unwrap()).fingerprint, None);
    }

    #[tokio::test]
    async fn folders_and_globs_expand() {
        let folder = Folder::new(&[
            ("catalog-info.yaml", ""),
            ("svc/catalog-info.yml", ""),
            ("svc/mkdocs.yml", ""),
            ("node_modules/x/catalog-info.yaml", ""),
            (".git/catalog-info.yaml", ""),
        ]);
        let expanded = |paths: &[&str]| {
            let paths = paths.iter().map(|path| folder.path(path));
            let found = paths.map(|path| Listed::new(path.clone(), &path, ""));
            RawOutcome::expanded(found, None)
        };
        let both = expanded(&["catalog-info.yaml", "svc/catalog-info.yml"]);
        assert_eq!(read(&folder.path(""), None).await.unwrap(), both);
        assert_eq!(
            read(&folder.path("**/catalog-info.y*ml"), None)
                .await
                .unwrap(),
            both
        );
        let yml = expanded(&["svc/catalog-info.yml", "svc/mkdocs.yml"]);
        assert_eq!(read(&folder.path("*/*.yml"), None).await.unwrap(), yml);
        assert_eq!(
            read(&folder.path("svc/*.json"), None).await.unwrap(),
            expanded(&[])
        );
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn links_in_circles_end() {
        let folder = Folder::new(&[("a/catalog-info.yaml", "")]);
        std::os::unix::fs::symlink(folder.path(""), folder.path("a/again")).unwrap();
        let outcome = read(&folder.path(""), None).await.unwrap();
        let only = folder.path("a/catalog-info.yaml");
        let only = Listed::new(only.clone(), &only, "");
        let expected = RawOutcome::expanded([only].into_iter(), None);
        assert_eq!(outcome, expected);
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_told() {
        let folder = Folder::new(&[]);
        fs::write(folder.path("latin.yaml"), b"name: caf\xe9").unwrap();
        let huge = fs::File::create(folder.path("huge.yaml")).unwrap();
        huge.set_len(MAX_BYTES + 1).unwrap();
        let error = async |name: &str| {
            let outcome = read(&folder.path(name), None).await;
            outcome.and_then(|it| it.decoded(name)).unwrap_err()
        };
        assert!(matches!(
            error("none.yaml").await,
            ReadError::NotFound { .. }
        ));
        assert!(matches!(
            error("none/**/x.yaml").await,
            ReadError::NotFound { .. }
        ));
        assert!(error("latin.yaml").await.to_string().contains("UTF-8"));
        assert!(matches!(
            error("huge.yaml").await,
            ReadError::TooLarge { .. }
        ));
        assert!(matches!(error("[").await, ReadError::Invalid { .. }));
    }

    #[tokio::test]
    async fn placeholders_stay_in_what_their_file_belongs_to() {
        let folder = Folder::new(&[
            ("repo/.git/HEAD", ""),
            ("repo/a/catalog-info.yaml", ""),
            ("repo/api.yaml", "openapi"),
            ("plain/a/catalog-info.yaml", ""),
            ("plain/api.yaml", "openapi"),
            ("secret", "hunter2"),
        ]);
        let read = async |base: &str, path: &str, roots: &[PathBuf]| {
            read_inside(&folder.path(base), &folder.path(path), roots).await
        };
        let repo = "repo/a/catalog-info.yaml";
        assert_eq!(read(repo, "repo/api.yaml", &[]).await.unwrap(), "openapi");
        assert!(matches!(
            read(repo, "secret", &[]).await,
            Err(ReadError::Denied { .. })
        ));
        let plain = "plain/a/catalog-info.yaml";
        assert!(matches!(
            read(plain, "plain/api.yaml", &[]).await,
            Err(ReadError::Denied { .. })
        ));
        let root = PathBuf::from(folder.path("plain"));
        assert_eq!(
            read(plain, "plain/api.yaml", &[root]).await.unwrap(),
            "openapi"
        );
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path("secret"), folder.path("repo/a/link")).unwrap();
            assert!(matches!(
                read(repo, "repo/a/link", &[]).await,
                Err(ReadError::Denied { .. })
            ));
        }
    }
}
