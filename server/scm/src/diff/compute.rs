//! Comparing two contents here, for hosts that only compare commits.

use similar::{ChangeTag, TextDiff};

use super::{ChangeKind, FileDiff, Hunk, Line, LineKind, parse::shortened};

/// Lines around a place that differs.
const CONTEXT: usize = 3;
/// Where git, too, looks for the byte that no text has.
const LOOKED_AT: usize = 8_000;
/// Contents beyond this are not compared line by line.
const MAX_COMPARED: usize = 1 << 20;

/// What changes in one file; no content is no file.
pub(crate) fn compare(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> FileDiff {
    let mut file = FileDiff {
        old_path: old.map(|_| path.to_owned()),
        new_path: new.map(|_| path.to_owned()),
        change: match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Modified,
        },
        binary: [old, new].into_iter().flatten().any(is_binary),
        additions: 0,
        deletions: 0,
        hunks: Vec::new(),
        truncated: false,
    };
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    if file.binary || old.len() + new.len() > MAX_COMPARED {
        file.truncated = !file.binary;
        return file;
    }
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    for group in diff.grouped_ops(CONTEXT) {
        let lines: Vec<Line> = group
            .iter()
            .flat_map(|op| diff.iter_changes(op))
            .map(|change| Line {
                kind: match change.tag() {
                    ChangeTag::Equal => LineKind::Context,
                    ChangeTag::Insert => LineKind::Added,
                    ChangeTag::Delete => LineKind::Removed,
                },
                old_number: change.old_index().map(|at| at as u32 + 1),
                new_number: change.new_index().map(|at| at as u32 + 1),
                text: shortened(change.value().trim_end_matches('\n')),
            })
            .collect();
        let count = |kind: LineKind| lines.iter().filter(|line| line.kind == kind).count();
        let (context, added) = (count(LineKind::Context), count(LineKind::Added));
        let removed = count(LineKind::Removed);
        file.additions += added as u64;
        file.deletions += removed as u64;
        file.hunks.push(Hunk {
            old_start: lines.iter().find_map(|it| it.old_number).unwrap_or(0),
            old_lines: (context + removed) as u32,
            new_start: lines.iter().find_map(|it| it.new_number).unwrap_or(0),
            new_lines: (context + added) as u32,
            heading: String::new(),
            lines,
        });
    }
    file
}

fn is_binary(content: &[u8]) -> bool {
    content.iter().take(LOOKED_AT).any(|byte| *byte == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(last: u32) -> String {
        let lines: Vec<String> = (1..=last).map(|line| line.to_string()).collect();
        lines.join("\n") + "\n"
    }

    #[test]
    fn places_that_differ_have_lines_around_them() {
        let old = numbered(20);
        let new = old.replace("\n10\n", "\nten\nmore\n");
        let file = compare("a.txt", Some(old.as_bytes()), Some(new.as_bytes()));
        assert_eq!(
            (file.change, file.additions, file.deletions),
            (ChangeKind::Modified, 2, 1)
        );
        let [hunk] = &file.hunks[..] else {
            panic!("{file:?}")
        };
        assert_eq!((hunk.old_start, hunk.old_lines), (7, 7));
        assert_eq!((hunk.new_start, hunk.new_lines), (7, 8));
        assert_eq!(hunk.lines[3].text, "10");
        assert_eq!(hunk.lines[4].new_number, Some(10));
    }

    #[test]
    fn new_removed_and_binary_files_are_told_apart() {
        let added = compare("a", None, Some(b"x\n"));
        assert_eq!((added.change, added.additions), (ChangeKind::Added, 1));
        assert_eq!(added.hunks[0].old_start, 0);
        let removed = compare("a", Some(b"x\n"), None);
        assert_eq!(
            (removed.change, removed.deletions),
            (ChangeKind::Removed, 1)
        );
        let binary = compare("a", Some(b"x"), Some(b"\0"));
        assert!(binary.binary && binary.hunks.is_empty() && !binary.truncated);
        let large = vec![b'a'; MAX_COMPARED + 1];
        assert!(compare("a", None, Some(&large)).truncated);
    }
}
