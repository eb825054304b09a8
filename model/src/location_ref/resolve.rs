//! Targets that are relative to the file they are written in.

use url::Url;

/// A path beside the file `base`; absolute paths stay.
pub(super) fn path(base: &str, target: &str) -> String {
    if target.starts_with('/') || target.get(1..3).is_some_and(|drive| drive == ":\\") {
        return target.to_owned();
    }
    let folder = base.rfind('/').map_or("", |end| &base[..=end]);
    normalized(&format!("{folder}{target}"))
}

/// A URL beside the file `base`. On a source host a path that starts with `/`
/// is meant from the root of the repository.
pub(super) fn url(base: &str, target: &str) -> String {
    let Ok(base) = Url::parse(base) else {
        return target.to_owned();
    };
    if Url::parse(target).is_ok() {
        return target.to_owned();
    }
    if let Some(file) = query_path(&base) {
        return with_query_path(&base, &path(&file, target));
    }
    let target = match target.strip_prefix('/') {
        Some(from_root) => match repository_root(base.path()) {
            Some(root) => format!("{root}/{from_root}"),
            None => target.to_owned(),
        },
        None => target.to_owned(),
    };
    match base.join(&target) {
        Ok(mut joined) => {
            // The revision may be in the query; it holds for the whole repository.
            if joined.query().is_none() {
                joined.set_query(base.query());
            }
            joined.to_string()
        }
        Err(_) => target,
    }
}

/// The path of a file on Azure DevOps: `…/_git/repository?path=/folder/file.yaml`.
fn query_path(base: &Url) -> Option<String> {
    let is_azure = base.path().split('/').any(|part| part == "_git");
    let path = base
        .query_pairs()
        .find(|(key, _)| key == "path")
        .map(|(_, path)| path.into_owned());
    if is_azure {
        Some(path.unwrap_or_else(|| "/".to_owned()))
    } else {
        None
    }
}

fn with_query_path(base: &Url, path: &str) -> String {
    let others: Vec<_> = base
        .query_pairs()
        .filter(|(key, _)| key != "path")
        .map(into_owned)
        .collect();
    let mut url = base.clone();
    url.query_pairs_mut()
        .clear()
        .append_pair("path", path)
        .extend_pairs(others);
    url.to_string()
}

fn into_owned<A: ToOwned + ?Sized, B: ToOwned + ?Sized>(
    (key, value): (std::borrow::Cow<'_, A>, std::borrow::Cow<'_, B>),
) -> (A::Owned, B::Owned) {
    (key.into_owned(), value.into_owned())
}

/// `/owner/repository/blob/branch` of a path on a source host.
fn repository_root(path: &str) -> Option<String> {
    let parts: Vec<_> = path.split('/').collect();
    let marker = parts
        .iter()
        .position(|part| matches!(*part, "blob" | "tree" | "edit" | "raw"))
        .filter(|marker| *marker >= 3)?;
    Some(parts.get(..marker + 2)?.join("/"))
}

/// Resolves `.` and `..`, without looking at the file system.
fn normalized(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    format!("{}{}", if is_absolute { "/" } else { "" }, parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        for (base, target, result) in [
            ("/c/all.yaml", "./a.yaml", "/c/a.yaml"),
            ("/c/all.yaml", "x/../../a.yaml", "/a.yaml"),
            ("/c/all.yaml", "../../../a.yaml", "/a.yaml"),
            ("/c/all.yaml", "/etc/a.yaml", "/etc/a.yaml"),
            ("c/all.yaml", "../../a.yaml", "../a.yaml"),
            ("all.yaml", "./teams/*.yaml", "teams/*.yaml"),
        ] {
            assert_eq!(path(base, target), result, "{base} {target}");
        }
    }

    #[test]
    fn urls() {
        let github = "https://github.com/o/r/blob/main/sub/all.yaml";
        let azure = "https://dev.azure.com/o/p/_git/r?path=/sub/all.yaml&version=GBdev";
        for (base, target, result) in [
            (
                github,
                "./a.yaml",
                "https://github.com/o/r/blob/main/sub/a.yaml",
            ),
            (
                github,
                "../a.yaml",
                "https://github.com/o/r/blob/main/a.yaml",
            ),
            (
                github,
                "/docs/a.yaml",
                "https://github.com/o/r/blob/main/docs/a.yaml",
            ),
            (github, "https://x.test/a.yaml", "https://x.test/a.yaml"),
            (
                azure,
                "../a.yaml",
                "https://dev.azure.com/o/p/_git/r?path=%2Fa.yaml&version=GBdev",
            ),
            (
                "https://dev.azure.com/o/p/_git/r",
                "a.yaml",
                "https://dev.azure.com/o/p/_git/r?path=%2Fa.yaml",
            ),
            (
                "https://x.test/c/all.yaml",
                "/a.yaml",
                "https://x.test/a.yaml",
            ),
            (
                "https://x.test/c/all.yaml?ref=1",
                "a.yaml",
                "https://x.test/c/a.yaml?ref=1",
            ),
        ] {
            assert_eq!(url(base, target), result, "{base} {target}");
        }
    }
}
