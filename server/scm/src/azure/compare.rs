//! Comparing contents here: Azure DevOps only tells which files differ.

use similar::{ChangeTag, TextDiff};

use crate::{ChangeKind, FileDiff, Hunk, Line, LineKind};

/// Lines around a place that differs.
const CONTEXT: usize = 3;
/// Contents beyond this, in bytes, are not compared line by line.
const MAX_COMPARED: usize = 1 << 20;
/// Characters of a line that are kept.
const MAX_LINE: usize = 1_000;

/// What changes in one file; no content is no file.
pub(super) fn compare(path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> FileDiff {
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
    file.truncated = !file.binary && old.len() + new.len() > MAX_COMPARED;
    if file.binary || file.truncated {
        return file;
    }
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let diff = TextDiff::from_lines(old.as_ref(), new.as_ref());
    for group in diff.grouped_ops(CONTEXT) {
        let changes = group.iter().flat_map(|op| diff.iter_changes(op));
        let lines = changes.map(|change| Line {
            kind: match change.tag() {
                ChangeTag::Equal => LineKind::Context,
                ChangeTag::Insert => LineKind::Added,
                ChangeTag::Delete => LineKind::Removed,
            },
            old_number: change.old_index().map(|at| at as u32 + 1),
            new_number: change.new_index().map(|at| at as u32 + 1),
            text: shortened(change.value().trim_end_matches('\n')),
        });
        let hunk = hunk(lines.collect());
        let count = |kind: LineKind| hunk.lines.iter().filter(|it| it.kind == kind).count() as u64;
        file.additions += count(LineKind::Added);
        file.deletions += count(LineKind::Removed);
        file.hunks.push(hunk);
    }
    file
}

fn hunk(lines: Vec<Line>) -> Hunk {
    let (old, new) = (
        lines.iter().filter_map(|it| it.old_number),
        lines.iter().filter_map(|it| it.new_number),
    );
    Hunk {
        old_start: old.clone().next().unwrap_or(0),
        old_lines: old.count() as u32,
        new_start: new.clone().next().unwrap_or(0),
        new_lines: new.count() as u32,
        heading: String::new(),
        lines,
    }
}

fn is_binary(content: &[u8]) -> bool {
    // Where git, too, looks for the byte that no text has.
    content.iter().take(8_000).any(|byte| *byte == 0)
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
