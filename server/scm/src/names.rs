//! What names, paths and texts from outside may look like. Stricter than git on purpose:
//! nothing that passes means anything else to git, to a file system or to a terminal.

use globset::GlobBuilder;

use crate::{Result, ScmError};

/// The largest file that is read or written.
pub(crate) const MAX_FILE_BYTES: usize = 5 << 20;

/// How many files are read at once.
pub(crate) const MAX_FILES: usize = 20_000;
/// How large they are together, in bytes.
pub(crate) const MAX_BYTES: usize = 256 << 20;
/// Paths that one question answers with.
pub(crate) const MAX_FOUND: usize = 10_000;

const MAX_NAME: usize = 100;
const MAX_BRANCH: usize = 200;
const MAX_PATH: usize = 1024;
const MAX_GLOB: usize = 1000;

/// Refuses a repository name that is not lower-case letters, digits, `-`, `_` and `.`.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let allowed = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_' | b'.')
    };
    let fine = (1..=MAX_NAME).contains(&name.len())
        && name.bytes().all(allowed)
        && name.as_bytes()[0].is_ascii_alphanumeric()
        && !name.contains("..")
        && !name.ends_with('.')
        && !has_suffix(name, ".git")
        && !has_suffix(name, ".lock");
    fine.then_some(()).ok_or_else(|| {
        ScmError::invalid(format!(
            "{name:?} is not the name of a repository: it is made of a-z, 0-9, \"-\", \"_\" and \
             \".\", begins with a letter or digit, and has at most {MAX_NAME} characters"
        ))
    })
}

/// Refuses what is not a plain branch name (or tag, or commit id).
pub(crate) fn check_branch(name: &str) -> Result<()> {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'#');
    let part_is_fine = |part: &str| {
        !part.is_empty()
            && part.bytes().all(allowed)
            && !part.starts_with(['.', '-'])
            && !part.ends_with('.')
            && !part.contains("..")
            && !has_suffix(part, ".lock")
    };
    let fine = name.len() <= MAX_BRANCH && name != "HEAD" && name.split('/').all(part_is_fine);
    fine.then_some(()).ok_or_else(|| {
        ScmError::invalid(format!(
            "{name:?} is not the name of a branch: write one such as \"portico/add-redis\""
        ))
    })
}

/// Refuses a path that leaves the repository, enters `.git`, or is not plain.
pub(crate) fn check_path(path: &str) -> Result<()> {
    let part_is_fine = |part: &str| {
        !matches!(part, "" | "." | "..")
            && !part.ends_with(['.', ' '])
            && !part.eq_ignore_ascii_case(".git")
    };
    let fine = path.len() <= MAX_PATH
        && !path.contains(['\\', '\u{fffd}'])
        && !path.contains(char::is_control)
        && path.split('/').all(part_is_fine);
    fine.then_some(()).ok_or_else(|| {
        ScmError::invalid(format!(
            "{path:?} is not the path of a file: write it from the root of the repository, with \
             \"/\" and without \"..\" and \".git\""
        ))
    })
}

/// Refuses a glob that is too long to be meant.
pub(crate) fn check_glob(glob: &str) -> Result<()> {
    if glob.is_empty() || glob.len() > MAX_GLOB {
        return Err(ScmError::invalid(format!(
            "a glob has 1 to {MAX_GLOB} bytes, for example **/*.csproj"
        )));
    }
    Ok(())
}

/// The paths that match a glob, in which `*` stops at `/`.
pub(crate) fn matching(glob: &str, paths: impl Iterator<Item = String>) -> Result<Vec<String>> {
    let matcher = GlobBuilder::new(glob)
        .literal_separator(true)
        .build()
        .map_err(|error| ScmError::invalid(format!("\"{glob}\" is no glob: {error}")))?
        .compile_matcher();
    let found: Vec<String> = paths
        .filter(|path| matcher.is_match(path))
        .take(MAX_FOUND + 1)
        .collect();
    if found.len() > MAX_FOUND {
        return Err(ScmError::too_large(
            format!("what \"{glob}\" matches"),
            format!("{MAX_FOUND} files; write a narrower glob"),
        ));
    }
    Ok(found)
}

/// Refuses control characters other than line breaks and tabs, and more than `most` bytes.
pub(crate) fn check_text(what: &str, text: &str, most: usize) -> Result<()> {
    if text.len() > most {
        return Err(ScmError::too_large(what, format!("{most} bytes")));
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if text.contains(control) {
        return Err(ScmError::invalid(format!(
            "{what} has control characters; remove them"
        )));
    }
    Ok(())
}

/// Whether a name ends so, in any case: file systems may not tell cases apart.
fn has_suffix(name: &str, suffix: &str) -> bool {
    name.to_ascii_lowercase().ends_with(suffix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_repositories() {
        for name in ["orders-api", "a", "contoso.orders_2"] {
            check_name(name).unwrap();
        }
        let long = "a".repeat(101);
        for name in [
            "", ".", "..", ".git", "-x", "a/b", "../a", "A", "a.git", "a.lock", "a..b", "a.", "ä",
            "a b", "a\0", "a\n", &long,
        ] {
            check_name(name).unwrap_err();
        }
    }

    #[test]
    fn names_of_branches() {
        for name in ["main", "portico/add-redis", "release-1.2", "fix/#12"] {
            check_branch(name).unwrap();
        }
        let long = "a".repeat(201);
        for name in [
            "", "HEAD", "-x", "a/-x", "a..b", "a/", "/a", "a//b", ".a", "a/.b", "a.", "a.lock",
            "a.LOCK/b", "a b", "a~1", "a^", "a:b", "a@{1}", "@", "a\\b", "a*", "ä", "a\n", &long,
        ] {
            check_branch(name).unwrap_err();
        }
    }

    #[test]
    fn paths_of_files() {
        for path in [
            "README.md",
            "src/a b/Ä.cs",
            ".github/workflows/ci.yml",
            "a..b/c",
            ".gitignore",
        ] {
            check_path(path).unwrap();
        }
        let long = "a/".repeat(600) + "a";
        for path in [
            "",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/../b",
            "a/./b",
            ".git",
            ".git/hooks/x",
            "a/.GIT/config",
            ".git./x",
            ".git /x",
            "a\\b",
            "..\\a",
            "a\nb",
            "a\0b",
            "C:\\a",
            &long,
        ] {
            check_path(path).unwrap_err();
        }
    }

    #[test]
    fn texts() {
        check_text("it", "a\r\n\tb", 10).unwrap();
        assert!(matches!(
            check_text("it", "abc", 2),
            Err(ScmError::TooLarge { .. })
        ));
        check_text("it", "\0", 10).unwrap_err();
        check_glob("**").unwrap();
        check_glob("").unwrap_err();
    }
}
