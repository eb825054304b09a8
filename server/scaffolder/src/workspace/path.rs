//! What a path in a workspace may look like.

use crate::WorkspaceError;

const MAX_BYTES: usize = 1024;

/// A path from the root, in its plain form: `./a//b/` is `a/b`. Refuses what leads out, is
/// absolute, names the root itself, or enters `.git`, whose content git runs.
pub(crate) fn clean(path: &str) -> Result<String, WorkspaceError> {
    let refuse = || WorkspaceError::Path {
        path: path.to_owned(),
    };
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let fine = |part: &&str| {
        *part != ".."
            && !part
                .trim_end_matches(['.', ' '])
                .eq_ignore_ascii_case(".git")
    };
    let plain = !path.starts_with('/')
        && path.len() <= MAX_BYTES
        && !path.contains('\\')
        && !path.contains(char::is_control)
        && parts.iter().all(fine);
    if parts.is_empty() || !plain {
        return Err(refuse());
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_plain_or_refused() {
        assert_eq!(clean("./a//b/").unwrap(), "a/b");
        assert_eq!(clean(".gitignore").unwrap(), ".gitignore");
        for path in [
            "",
            ".",
            "/a",
            "..",
            "a/../b",
            ".git/hooks/x",
            "a/.GIT",
            "a\\b",
            "a\0b",
        ] {
            assert!(clean(path).is_err(), "{path:?}");
        }
    }
}
