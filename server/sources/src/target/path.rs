//! Paths inside repositories and folders: files, folders, globs.

use std::path::{Component, Path};

use globset::{GlobBuilder, GlobMatcher};

use crate::ReadError;

/// What a path asks for.
#[derive(Debug)]
pub(crate) enum Shape {
    /// One file.
    File,
    /// Every file that a pattern matches.
    Pattern(FilePattern),
}

/// A glob over paths, with the folder where looking starts.
#[derive(Clone, Debug)]
pub(crate) struct FilePattern {
    /// The folder before the first wildcard, without a trailing slash.
    pub(crate) folder: String,
    matcher: GlobMatcher,
}

/// The catalog files that a folder stands for.
const CATALOG_FILES: &str = "**/catalog-info.{yaml,yml}";

/// Decides what a path asks for; `is_folder` is what the address says about it.
pub(crate) fn shape(path: &str, is_folder: bool) -> Result<Shape, ReadError> {
    if is_glob(path) {
        return FilePattern::new(path).map(Shape::Pattern);
    }
    if is_folder {
        return FilePattern::for_folder(path).map(Shape::Pattern);
    }
    Ok(Shape::File)
}

/// Whether a path without further hint looks like a folder: it is empty, ends with a
/// slash or its last part has no extension.
pub(crate) fn looks_like_folder(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !last.contains('.')
}

pub(crate) fn is_glob(path: &str) -> bool {
    path.contains(['*', '?', '[', '{'])
}

impl FilePattern {
    pub(crate) fn new(pattern: &str) -> Result<Self, ReadError> {
        let glob = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|error| ReadError::invalid(pattern, format!("the glob {error}")))?;
        let wildcard = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
        let folder = pattern[..wildcard]
            .rfind('/')
            .map_or("", |slash| &pattern[..slash]);
        Ok(Self {
            folder: folder.to_owned(),
            matcher: glob.compile_matcher(),
        })
    }

    /// The catalog files in a folder and below it.
    pub(crate) fn for_folder(folder: &str) -> Result<Self, ReadError> {
        let folder = folder.trim_end_matches('/');
        let separator = if folder.is_empty() { "" } else { "/" };
        let mut pattern = Self::new(&format!(
            "{}{separator}{CATALOG_FILES}",
            globset::escape(folder)
        ))?;
        folder.clone_into(&mut pattern.folder);
        Ok(pattern)
    }

    /// Every file in a folder and below it.
    pub(crate) fn below(folder: &str) -> Result<Self, ReadError> {
        let separator = if folder.is_empty() { "" } else { "/" };
        let mut pattern = Self::new(&format!("{}{separator}**", globset::escape(folder)))?;
        folder.clone_into(&mut pattern.folder);
        Ok(pattern)
    }

    pub(crate) fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// Resolves a reference against the folder of the file at `base`, both from the
/// repository's root. `None` when it leads out of the repository.
pub(crate) fn join(base: &str, reference: &str) -> Option<String> {
    let reference = percent_encoding::percent_decode_str(reference)
        .decode_utf8()
        .ok()?;
    let folder = match base.rfind('/') {
        Some(slash) if !reference.starts_with('/') => &base[..slash],
        _ => "",
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(reference.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let trailing = if reference.ends_with('/') { "/" } else { "" };
    Some(parts.join("/") + trailing)
}

/// A local path without `.` and `..`; `None` when it climbs above the root or is not UTF-8.
pub(crate) fn normalize_local(path: &Path) -> Option<String> {
    let mut out = std::path::PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    return None;
                }
            }
            other => out.push(other),
        }
    }
    out.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_start_from_the_folder_or_the_root() {
        assert_eq!(join("a/b.yaml", "./c.yaml").unwrap(), "a/c.yaml");
        assert_eq!(join("a/b.yaml", "../c%20d.yaml").unwrap(), "c d.yaml");
        assert_eq!(join("a/b.yaml", "/c.yaml").unwrap(), "c.yaml");
        assert_eq!(join("b.yaml", "x/**/c.yaml").unwrap(), "x/**/c.yaml");
        assert_eq!(join("a/b.yaml", "../../c.yaml"), None);
        assert_eq!(join("a/b.yaml", "%2e%2e/../c.yaml"), None);
    }

    #[test]
    fn patterns_know_where_to_start_and_what_to_match() {
        let pattern = FilePattern::new("services/*/catalog-info.yaml").unwrap();
        assert_eq!(pattern.folder, "services");
        assert!(pattern.matches("services/orders/catalog-info.yaml"));
        assert!(!pattern.matches("services/a/b/catalog-info.yaml"));
        let deep = FilePattern::new("**/*.{yaml,yml}").unwrap();
        assert_eq!(deep.folder, "");
        assert!(deep.matches("a.yaml") && deep.matches("a/b/c.yml"));
        assert!(FilePattern::new("a[").is_err());
    }

    #[test]
    fn a_folder_stands_for_its_catalog_files() {
        let pattern = FilePattern::for_folder("svc[1]/").unwrap();
        assert_eq!(pattern.folder, "svc[1]");
        assert!(pattern.matches("svc[1]/a/catalog-info.yml"));
        assert!(pattern.matches("svc[1]/catalog-info.yaml"));
        assert!(!pattern.matches("svc[1]/mkdocs.yml"));
        assert!(
            FilePattern::for_folder("")
                .unwrap()
                .matches("catalog-info.yaml")
        );
    }

    #[test]
    fn local_paths_lose_their_dots() {
        let normal = |path: &str| normalize_local(Path::new(path));
        assert_eq!(normal("/a/./b/../c.yaml").unwrap(), "/a/c.yaml");
        assert_eq!(normal("/a/../../.."), None);
    }
}
