//! Reading what `git diff-tree` prints.

use super::{ChangeKind, Diff, FileDiff, Hunk, Line, LineKind};

/// Files that are listed.
const MAX_FILES: usize = 300;
/// Lines of a file that are kept.
const MAX_LINES: usize = 2_000;
/// Characters of a line that are kept.
const MAX_LINE: usize = 1_000;

/// Reads `--raw --numstat -z` (what happens to which file) and `-p` (the lines), which list
/// files in the same order. `cut`: the patch ends somewhere in the middle.
pub(crate) fn parse(summary: &[u8], patch: &[u8], cut: bool) -> Diff {
    let mut files = read_summary(summary);
    let truncated = files.len() > MAX_FILES;
    files.truncate(MAX_FILES);
    let patch = String::from_utf8_lossy(patch);
    let mut sections = sections(&patch);
    let shown = sections.len();
    for (at, (file, sections_of_file)) in files.iter_mut().enumerate() {
        // A file that becomes a link, or the reverse, is printed as removed and added.
        let taken: Vec<&str> = sections.by_ref().take(*sections_of_file).collect();
        file.truncated = cut && (taken.len() < *sections_of_file || at + 1 == shown);
        for section in taken {
            read_hunks(section, file);
        }
    }
    Diff {
        files: files.into_iter().map(|(file, _)| file).collect(),
        truncated,
    }
}

/// The files with their counts of lines, and in how many sections each is printed.
fn read_summary(summary: &[u8]) -> Vec<(FileDiff, usize)> {
    let mut fields = summary
        .split(|&byte| byte == 0)
        .map(|field| String::from_utf8_lossy(field).into_owned());
    let mut files = Vec::new();
    let mut counted = 0;
    while let Some(field) = fields.next() {
        if let Some(raw) = field.strip_prefix(':') {
            let status = raw.rsplit(' ').next().unwrap_or_default().to_owned();
            let first = fields.next().unwrap_or_default();
            let second = status
                .starts_with(['R', 'C'])
                .then(|| fields.next().unwrap_or_default());
            files.push(file(&status, first, second));
        } else if let Some((additions, rest)) = field.split_once('\t') {
            let (deletions, path) = rest.split_once('\t').unwrap_or((rest, ""));
            if path.is_empty() {
                // Of a renamed file, both paths follow.
                fields.next();
                fields.next();
            }
            if let Some((file, _)) = files.get_mut(counted) {
                file.binary = additions == "-";
                file.additions = additions.parse().unwrap_or(0);
                file.deletions = deletions.parse().unwrap_or(0);
            }
            counted += 1;
        }
    }
    files
}

fn file(status: &str, first: String, second: Option<String>) -> (FileDiff, usize) {
    let (change, old_path, new_path) = match (status.as_bytes().first(), second) {
        (Some(b'A'), _) => (ChangeKind::Added, None, Some(first)),
        (Some(b'C'), Some(copy)) => (ChangeKind::Added, None, Some(copy)),
        (Some(b'D'), _) => (ChangeKind::Removed, Some(first), None),
        (Some(b'R'), Some(second)) => (ChangeKind::Renamed, Some(first), Some(second)),
        _ => (ChangeKind::Modified, Some(first.clone()), Some(first)),
    };
    let file = FileDiff {
        old_path,
        new_path,
        change,
        binary: false,
        additions: 0,
        deletions: 0,
        hunks: Vec::new(),
        truncated: false,
    };
    (file, if status.starts_with('T') { 2 } else { 1 })
}

/// The parts of a patch, each about one file. Lines of content never begin so: each has a
/// mark before it.
fn sections(patch: &str) -> std::vec::IntoIter<&str> {
    const HEADER: &str = "diff --git ";
    let mut starts: Vec<usize> = patch
        .match_indices(&format!("\n{HEADER}"))
        .map(|(at, _)| at + 1)
        .collect();
    if patch.starts_with(HEADER) {
        starts.insert(0, 0);
    }
    let ends = starts.iter().skip(1).copied().chain([patch.len()]);
    let sections: Vec<&str> = starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| &patch[start..end])
        .collect();
    sections.into_iter()
}

/// Reads the hunks of one file of a patch.
pub(crate) fn read_hunks(section: &str, file: &mut FileDiff) {
    let mut kept = 0;
    let (mut old, mut new) = (0, 0);
    // Not `lines()`: a carriage return belongs to the line.
    for line in section.split('\n') {
        if let Some(hunk) = line.strip_prefix("@@ ").and_then(read_header) {
            (old, new) = (hunk.old_start, hunk.new_start);
            file.hunks.push(hunk);
            continue;
        }
        let Some(hunk) = file.hunks.last_mut() else {
            continue;
        };
        let kind = match line.as_bytes().first() {
            Some(b' ') => LineKind::Context,
            Some(b'+') => LineKind::Added,
            Some(b'-') => LineKind::Removed,
            // "\ No newline at end of file", and the end.
            _ => continue,
        };
        if kept == MAX_LINES {
            file.truncated = true;
            return;
        }
        kept += 1;
        let (before, after) = (kind != LineKind::Added, kind != LineKind::Removed);
        hunk.lines.push(Line {
            kind,
            old_number: before.then_some(old),
            new_number: after.then_some(new),
            text: shortened(&line[1..]),
        });
        old += u32::from(before);
        new += u32::from(after);
    }
}

/// Reads `-1,3 +1,4 @@ heading`.
fn read_header(header: &str) -> Option<Hunk> {
    let (ranges, heading) = header.split_once(" @@")?;
    let (old, new) = ranges.split_once(' ')?;
    let (old_start, old_lines) = read_range(old.strip_prefix('-')?)?;
    let (new_start, new_lines) = read_range(new.strip_prefix('+')?)?;
    Some(Hunk {
        old_start,
        old_lines,
        new_start,
        new_lines,
        heading: shortened(heading.trim()),
        lines: Vec::new(),
    })
}

fn read_range(range: &str) -> Option<(u32, u32)> {
    let (start, lines) = range.split_once(',').unwrap_or((range, "1"));
    Some((start.parse().ok()?, lines.parse().ok()?))
}

pub(super) fn shortened(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUMMARY: &str = ":100644 100644 a b M\0a.txt\0:000000 100644 0 b A\0b.bin\0\
        :100644 100644 a b R090\0old.txt\0new.txt\0\
        1\t1\ta.txt\0-\t-\tb.bin\x000\t2\t\0old.txt\0new.txt\0";
    const PATCH: &str = "diff --git a/a.txt b/a.txt\nindex a..b 100644\n--- a/a.txt\n\
        +++ b/a.txt\n@@ -1,3 +1,3 @@ fn main\n one\n-two\n+diff --git \r\n three\n\
        \\ No newline at end of file\ndiff --git a/b.bin b/b.bin\nnew file mode 100644\n\
        Binary files /dev/null and b/b.bin differ\ndiff --git a/old.txt b/new.txt\n\
        similarity index 90%\n@@ -4,2 +3,0 @@\n-x\n-- y\n";

    #[test]
    fn files_hunks_and_lines_are_told_apart() {
        let diff = parse(SUMMARY.as_bytes(), PATCH.as_bytes(), false);
        assert!(!diff.truncated);
        let [a, b, c] = &diff.files[..] else {
            panic!("{diff:?}")
        };
        assert_eq!(
            (a.change, a.path(), a.additions, a.deletions),
            (ChangeKind::Modified, "a.txt", 1, 1)
        );
        assert_eq!(a.hunks.len(), 1);
        assert_eq!(a.hunks[0].heading, "fn main");
        let lines: Vec<_> = a.hunks[0]
            .lines
            .iter()
            .map(|line| (line.old_number, line.new_number, line.text.as_str()))
            .collect();
        assert_eq!(
            lines,
            [
                (Some(1), Some(1), "one"),
                (Some(2), None, "two"),
                (None, Some(2), "diff --git \r"),
                (Some(3), Some(3), "three"),
            ]
        );
        assert!(b.binary && b.hunks.is_empty());
        assert_eq!((b.change, b.old_path.as_deref()), (ChangeKind::Added, None));
        assert_eq!(c.change, ChangeKind::Renamed);
        assert_eq!(
            (c.old_path.as_deref(), c.path()),
            (Some("old.txt"), "new.txt")
        );
        assert_eq!(c.hunks[0].lines[1].text, "- y");
        assert!(diff.files.iter().all(|file| !file.truncated));
    }

    #[test]
    fn a_patch_that_was_cut_says_where() {
        let cut = &PATCH[..PATCH.find("+diff").unwrap()];
        let diff = parse(SUMMARY.as_bytes(), cut.as_bytes(), true);
        assert!(diff.files.iter().all(|file| file.truncated), "{diff:?}");
        assert_eq!(diff.files[0].hunks[0].lines.len(), 2);
        assert_eq!(diff.files[0].additions, 1, "counts are of the whole");
        let whole_first = &PATCH[..PATCH.find("Binary").unwrap()];
        let diff = parse(SUMMARY.as_bytes(), whole_first.as_bytes(), true);
        assert!(!diff.files[0].truncated && diff.files[1].truncated);
    }

    #[test]
    fn much_is_cut() {
        let lines = "+x\n".repeat(MAX_LINES + 1);
        let patch = format!(
            "diff --git a/a b/a\n@@ -0,0 +1,{} @@\n{lines}",
            MAX_LINES + 1
        );
        let summary = b":000000 100644 0 b A\0a\x002001\t0\ta\0";
        let diff = parse(summary, patch.as_bytes(), false);
        assert!(diff.files[0].truncated);
        assert_eq!(diff.files[0].hunks[0].lines.len(), MAX_LINES);
        assert_eq!(shortened(&"ä".repeat(1001)).chars().count(), 1001);
        let many = ":000000 100644 0 b A\0a\0".repeat(MAX_FILES + 1);
        let diff = parse(many.as_bytes(), b"", false);
        assert!(diff.truncated && diff.files.len() == MAX_FILES);
    }

    #[test]
    fn nonsense_is_no_reason_to_fail() {
        for (summary, patch) in [
            ("", "@@"),
            (":", "diff --git "),
            ("1\t", "diff --git \n@@ x"),
            (":a\0", "\n\n+"),
        ] {
            parse(summary.as_bytes(), patch.as_bytes(), false);
        }
    }
}
