//! What is in a repository: folders, files, the README.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// Something directly in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its name.
    pub name: String,
    /// From the root of the repository; none for links and submodules, which are not followed.
    pub path: Option<String>,
    /// Whether it is a folder.
    pub folder: bool,
    /// Of a file, in words.
    pub size: String,
}

/// A file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// In words.
    pub size: String,
    /// Its text; none when it is no text, or more than a page shows.
    pub text: Option<String>,
    /// The text as highlighted HTML, one fragment a line, where there is a highlighter.
    pub html: Option<Vec<String>>,
    /// Whether it is text.
    pub is_text: bool,
}

/// A folder or a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesView {
    /// What is in the folder.
    pub folder: Vec<EntryView>,
    /// The file, when the path is one.
    pub file: Option<FileView>,
    /// Name and HTML of the folder's README.
    pub readme: Option<(String, String)>,
}

/// What is at a path of a branch; at the root when it is empty. On the default branch when
/// none is named.
#[server(prefix = "/_ui", endpoint = "files", input = Json, output = Json)]
pub async fn load_files(
    name: String,
    branch: Option<String>,
    path: String,
) -> Result<FilesView, UiError> {
    let context = crate::data::server_context()?;
    server::files(&context, &name, branch.as_deref(), &path).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_scm::{FolderEntry, FolderEntryKind};

    use super::{EntryView, FileView, FilesView};
    use crate::{
        ServerContext,
        data::{UiError, UiErrorKind, highlight, markdown, repositories::server::url},
    };

    /// The largest text that is put on a page.
    const MAX_BYTES: usize = 512 << 10;
    const MAX_LINES: usize = 5_000;

    pub(super) async fn files(
        context: &ServerContext,
        name: &str,
        branch: Option<&str>,
        path: &str,
    ) -> Result<FilesView, UiError> {
        let (scm, who, url) = (context.scm()?, &context.principal, url(name));
        if let Some(entries) = scm.folder(who, &url, branch, path).await? {
            let readme = readme(context, &url, branch, &entries).await?;
            return Ok(FilesView {
                folder: entries.into_iter().map(entry).collect(),
                file: None,
                readme,
            });
        }
        let Some(content) = scm.read_file(who, &url, branch, path).await? else {
            return Err(UiError {
                kind: UiErrorKind::NotFound,
                message: format!("There is no {path} here"),
            });
        };
        Ok(FilesView {
            file: Some(file(path, content)),
            ..FilesView::default()
        })
    }

    async fn readme(
        context: &ServerContext,
        url: &str,
        branch: Option<&str>,
        entries: &[FolderEntry],
    ) -> Result<Option<(String, String)>, UiError> {
        let found = entries.iter().find(|entry| {
            let small = entry.size <= MAX_BYTES && entry.kind == FolderEntryKind::File;
            small && file_name(&entry.path).eq_ignore_ascii_case("readme.md")
        });
        let Some(entry) = found else { return Ok(None) };
        let (scm, who) = (context.scm()?, &context.principal);
        let content = scm.read_file(who, url, branch, &entry.path).await?;
        Ok(content.map(|content| {
            let html = markdown::to_html(&String::from_utf8_lossy(&content));
            (file_name(&entry.path).to_owned(), html)
        }))
    }

    fn entry(entry: FolderEntry) -> EntryView {
        let is_file = entry.kind == FolderEntryKind::File;
        EntryView {
            name: file_name(&entry.path).to_owned(),
            folder: entry.kind == FolderEntryKind::Folder,
            size: if is_file {
                size(entry.size)
            } else {
                String::new()
            },
            path: (entry.kind != FolderEntryKind::Other).then_some(entry.path),
        }
    }

    fn file_name(path: &str) -> &str {
        path.rsplit('/').next().unwrap_or(path)
    }

    fn file(path: &str, content: Vec<u8>) -> FileView {
        let bytes = content.len();
        // Git's own rule: what has a NUL is no text.
        let text = String::from_utf8(content)
            .ok()
            .filter(|text| !text.contains('\0'));
        let is_text = text.is_some();
        let text = text.filter(|text| bytes <= MAX_BYTES && text.lines().count() <= MAX_LINES);
        let html = text.as_deref().and_then(|text| highlight::file(path, text));
        FileView {
            size: size(bytes),
            text,
            html,
            is_text,
        }
    }

    fn size(bytes: usize) -> String {
        match bytes {
            0..1_000 => format!("{bytes} B"),
            1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
            _ => format!("{:.1} MB", bytes as f64 / 1e6),
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_is_shown_of_a_file() {
            let shown = file("a.txt", b"param x string\n".to_vec());
            assert_eq!(
                (shown.text.as_deref(), &*shown.size),
                (Some("param x string\n"), "15 B")
            );
            assert!(shown.html.is_none());
            assert!(file("a.yaml", b"a: 1".to_vec()).html.is_some());
            let binary = file("a.png", b"a\0b".to_vec());
            assert!(!binary.is_text && binary.text.is_none());
            let long = file("a.txt", "x\n".repeat(MAX_LINES + 1).into_bytes());
            assert!(long.is_text && long.text.is_none());
            assert_eq!(size(1_500), "1.5 kB");
        }
    }
}
