//! Paths and globs from guests.

use globset::{Glob, GlobBuilder, GlobMatcher};

use crate::services::Answer;
use crate::store::invalid;

const MAX_PATH_BYTES: usize = 1_024;
const MAX_DEPTH: usize = 32;
const MAX_GLOB_BYTES: usize = 256;

/// Accepts what is relative, plain and stays below its root: `src/main.rs`.
pub(super) fn check_path(path: &str) -> Answer<()> {
    let wrong = |why: &str| Err(invalid(format!("{path:?} is no path here: {why}")));
    if path.is_empty() || path.len() > MAX_PATH_BYTES {
        return Err(invalid(format!("a path has 1 to {MAX_PATH_BYTES} bytes")));
    }
    if path.contains('\\') || path.chars().any(char::is_control) {
        return wrong("parts are divided by / and have no control characters");
    }
    if path.split('/').count() > MAX_DEPTH {
        return wrong("it is too deep");
    }
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return wrong("it has to be relative, without empty parts, `.` and `..`");
    }
    Ok(())
}

/// Accepts a glob such as `**/*.csproj`.
pub(super) fn glob(pattern: &str) -> Answer<GlobMatcher> {
    Ok(parsed(pattern)?.compile_matcher())
}

/// The same for whoever hands it on. Compiling one takes far longer than all the rest of a call
/// to the host.
pub(super) fn check_glob(pattern: &str) -> Answer<()> {
    parsed(pattern).map(drop)
}

fn parsed(pattern: &str) -> Answer<Glob> {
    if pattern.is_empty() || pattern.len() > MAX_GLOB_BYTES {
        return Err(invalid(format!("a glob has 1 to {MAX_GLOB_BYTES} bytes")));
    }
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.map_err(|error| invalid(format!("{pattern:?} is no glob: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_relative_paths_pass() {
        for path in ["a", "a/b.txt", ".github/workflows/ci.yml", "ä/…"] {
            assert_eq!(check_path(path), Ok(()), "{path}");
        }
        for path in [
            "",
            "/etc/passwd",
            "..",
            "../x",
            "a/../../x",
            "a//b",
            "a/",
            "./a",
            "a\\..\\b",
            "a\0b",
            "C:\\x",
        ] {
            assert!(check_path(path).is_err(), "{path}");
        }
        assert!(check_path(&"a/".repeat(600)).is_err());
    }

    #[test]
    fn globs_are_bounded() {
        assert!(glob("**/*.csproj").unwrap().is_match("src/a/b.csproj"));
        assert!(glob("[").is_err());
        assert!(glob(&"{a,b}".repeat(100)).is_err());
        assert!(check_glob("**/*.csproj").is_ok() && check_glob("[").is_err());
    }
}
