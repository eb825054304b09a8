//! Where the files of templates come from.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use walkdir::WalkDir;

use crate::ActionError;

/// How many files a template may have.
const MAX_FILES: usize = 20_000;
/// How large they may be together, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// A file that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// From the folder that was fetched, with `/`.
    pub path: String,
    /// The content. Of a link, where it leads.
    pub content: Vec<u8>,
    /// Whether somebody may run it.
    pub is_executable: bool,
}

/// Reads folders and files of templates. Addresses are absolute, or relative to `base`: the
/// address of the template.
#[async_trait]
pub trait Fetch: Send + Sync {
    /// All files below a folder, by path.
    async fn folder(&self, url: &str, base: Option<&str>) -> Result<Vec<FetchedFile>, ActionError>;

    /// One file; its path is its name.
    async fn file(&self, url: &str, base: Option<&str>) -> Result<FetchedFile, ActionError>;
}

/// Templates in folders of this machine. Nothing outside of these folders is read.
#[derive(Clone, Debug)]
pub struct LocalFolders {
    roots: Vec<PathBuf>,
}

impl LocalFolders {
    /// Reads below these folders.
    pub fn new(roots: impl IntoIterator<Item = PathBuf>) -> Self {
        let roots = roots
            .into_iter()
            .filter_map(|root| root.canonicalize().ok());
        Self {
            roots: roots.collect(),
        }
    }

    fn resolve(&self, url: &str, base: Option<&str>) -> Result<PathBuf, ActionError> {
        let failed = |reason: &str| ActionError::Fetch {
            url: url.to_owned(),
            reason: reason.to_owned(),
        };
        if url.contains("://") && !url.starts_with("file://") {
            return Err(failed("only folders of this machine are read here"));
        }
        let path = Path::new(url.strip_prefix("file://").unwrap_or(url));
        let joined = if path.is_absolute() {
            path.to_owned()
        } else {
            let base =
                base.ok_or_else(|| failed("it is relative, and the template has no address"))?;
            let base = Path::new(base.strip_prefix("file://").unwrap_or(base));
            let folder = if base.is_dir() {
                Some(base)
            } else {
                base.parent()
            };
            folder
                .map(|it| it.join(path))
                .ok_or_else(|| failed("the template has no folder"))?
        };
        // Links are followed before the check, so that none leads out.
        let real = joined
            .canonicalize()
            .map_err(|error| failed(&error.to_string()))?;
        match self.roots.iter().any(|root| real.starts_with(root)) {
            true => Ok(real),
            false => Err(failed(
                "it is outside of the folders that templates may read",
            )),
        }
    }
}

#[async_trait]
impl Fetch for LocalFolders {
    async fn folder(&self, url: &str, base: Option<&str>) -> Result<Vec<FetchedFile>, ActionError> {
        let folder = self.resolve(url, base)?;
        let read = tokio::task::spawn_blocking(move || read_folder(&folder)).await;
        let read = read.map_err(|error| error.to_string()).and_then(|it| it);
        read.map_err(|reason| ActionError::Fetch {
            url: url.to_owned(),
            reason,
        })
    }

    async fn file(&self, url: &str, base: Option<&str>) -> Result<FetchedFile, ActionError> {
        let path = self.resolve(url, base)?;
        let failed = |reason: String| ActionError::Fetch {
            url: url.to_owned(),
            reason,
        };
        let metadata = tokio::fs::metadata(&path)
            .await
            .map_err(|it| failed(it.to_string()))?;
        if !metadata.is_file() || metadata.len() > MAX_BYTES {
            return Err(failed("it is not a file, or too large".to_owned()));
        }
        let content = tokio::fs::read(&path)
            .await
            .map_err(|it| failed(it.to_string()))?;
        Ok(FetchedFile {
            path: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            content,
            is_executable: is_executable(&metadata),
        })
    }
}

fn read_folder(folder: &Path) -> Result<Vec<FetchedFile>, String> {
    if !folder.is_dir() {
        return Err("it is not a folder".to_owned());
    }
    let (mut files, mut bytes) = (Vec::new(), 0);
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|entry| entry.file_name() != ".git") {
        let entry = entry.map_err(|error| error.to_string())?;
        // Links are left out: what they lead to may be outside, or not be there later.
        if !entry.file_type().is_file() {
            continue;
        }
        let path = entry
            .path()
            .strip_prefix(folder)
            .map_err(|error| error.to_string())?;
        let path = path
            .to_str()
            .ok_or("a file's name is not UTF-8")?
            .replace('\\', "/");
        let metadata = entry.metadata().map_err(|error| error.to_string())?;
        bytes += metadata.len();
        if files.len() >= MAX_FILES || bytes > MAX_BYTES {
            return Err(format!(
                "it has more than {MAX_FILES} files or {MAX_BYTES} bytes"
            ));
        }
        let content = std::fs::read(entry.path()).map_err(|error| format!("{path}: {error}"))?;
        files.push(FetchedFile {
            path,
            content,
            is_executable: is_executable(&metadata),
        });
    }
    Ok(files)
}

fn is_executable(metadata: &std::fs::Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}
