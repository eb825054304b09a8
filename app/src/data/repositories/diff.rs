//! Diffs as HTML, made on the server: a table has thousands of cells, and browsers need
//! nothing of them but the text.

use std::fmt::Write as _;

use portico_scm::{ChangeKind, Diff, FileDiff, LineKind};

use super::FileDiffView;
use crate::data::highlight::escape;

/// Lines of a file that are shown unasked.
const MAX_FILE_LINES: usize = 400;
/// Lines of a change request that are shown unasked.
const MAX_LINES: usize = 4_000;

/// The files of a diff, with the lines of those that are not too long, and of `show`.
pub(super) fn files(diff: &Diff, show: Option<&str>) -> Vec<FileDiffView> {
    let mut left = MAX_LINES;
    let files = diff.files.iter().map(|file| {
        let lines: usize = file.hunks.iter().map(|hunk| hunk.lines.len()).sum();
        let short = lines <= MAX_FILE_LINES.min(left);
        if short {
            left -= lines;
        }
        FileDiffView {
            path: file.path().to_owned(),
            old_path: file.old_path.clone().filter(|old| old != file.path()),
            change: change(file.change).to_owned(),
            binary: file.binary,
            additions: file.additions,
            deletions: file.deletions,
            truncated: file.truncated,
            rows: (short || show == Some(file.path())).then(|| rows(file)),
        }
    });
    files.collect()
}

/// The lines of a file as rows of a table: number before, number after, mark, text.
pub(super) fn rows(file: &FileDiff) -> String {
    let mut html = String::new();
    for hunk in &file.hunks {
        html.push_str("<tr class=\"diff-hunk\"><td colspan=\"4\">");
        // Writing to a text cannot fail.
        let _ = write!(
            html,
            "@@ -{},{} +{},{} @@ ",
            hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
        );
        escape(&mut html, &hunk.heading);
        html.push_str("</td></tr>");
        for line in &hunk.lines {
            let (kind, mark) = match line.kind {
                LineKind::Context => ("context", ""),
                LineKind::Added => ("added", "+"),
                LineKind::Removed => ("removed", "−"),
            };
            let _ = write!(html, "<tr data-line=\"{kind}\">");
            for number in [line.old_number, line.new_number] {
                html.push_str("<td class=\"diff-number\">");
                if let Some(number) = number {
                    let _ = write!(html, "{number}");
                }
                html.push_str("</td>");
            }
            let _ = write!(
                html,
                "<td class=\"diff-mark\">{mark}</td><td class=\"diff-text\">"
            );
            escape(&mut html, &line.text);
            html.push_str("</td></tr>");
        }
    }
    html
}

fn change(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Added => "added",
        ChangeKind::Modified => "modified",
        ChangeKind::Removed => "removed",
        ChangeKind::Renamed => "renamed",
    }
}

#[cfg(test)]
mod tests {
    use portico_scm::{Hunk, Line};

    use super::*;

    fn file(path: &str, lines: u32) -> FileDiff {
        let line = |number| Line {
            kind: LineKind::Added,
            old_number: None,
            new_number: Some(number),
            text: "<b>&".to_owned(),
        };
        FileDiff {
            old_path: None,
            new_path: Some(path.to_owned()),
            change: ChangeKind::Added,
            binary: false,
            additions: u64::from(lines),
            deletions: 0,
            hunks: vec![Hunk {
                old_start: 0,
                old_lines: 0,
                new_start: 1,
                new_lines: lines,
                heading: "<script>".to_owned(),
                lines: (1..=lines).map(line).collect(),
            }],
            truncated: false,
        }
    }

    #[test]
    fn markup_in_a_file_stays_text() {
        let html = rows(&file("a", 1));
        assert!(
            html.contains("&lt;script&gt;") && html.contains("&lt;b&gt;&amp;"),
            "{html}"
        );
        assert!(html.contains("<td class=\"diff-number\">1</td><td class=\"diff-mark\">+</td>"));
    }

    #[test]
    fn long_files_wait_until_they_are_asked_for() {
        let long = MAX_FILE_LINES as u32 + 1;
        let mut files: Vec<_> = (0..12).map(|at| file(&at.to_string(), 390)).collect();
        files.insert(0, file("long", long));
        let diff = Diff {
            files,
            truncated: false,
        };
        let shown = |show| -> Vec<bool> {
            let files = super::files(&diff, show).into_iter();
            files.map(|file| file.rows.is_some()).collect()
        };
        assert!(!shown(None)[0] && shown(Some("long"))[0]);
        assert_eq!(shown(None).iter().filter(|shown| **shown).count(), 10);
    }
}
