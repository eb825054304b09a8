//! The pipeline: the new environment is deployed before one that is there, and after those it
//! came after.

use crate::words::replace_word;

/// The pipeline with the environment; nothing when it does not deploy `before` as a job of its
/// own name (GitHub), or as an entry with `environment:` (Azure).
pub(crate) fn add(text: &str, new: &str, before: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let block = github(&lines, before).or_else(|| azure(&lines, before))?;
    let block = block.0..block.1;
    let old: String = lines.get(block.clone())?.concat();
    let copy = replace_word(&old, before, new);
    let after = old
        .lines()
        .find_map(|line| value(line, "needs:").or_else(|| value(line, "after:")))?;
    let later: String = old
        .split_inclusive('\n')
        .map(|line| {
            let is_order = value(line, "needs:")
                .or_else(|| value(line, "after:"))
                .is_some();
            if is_order {
                line.replacen(after, new, 1)
            } else {
                line.to_owned()
            }
        })
        .collect();
    let gap = if copy.ends_with('\n') { "" } else { "\n" };
    // The last job has no empty line after it; between two there is one.
    let apart =
        block.start > 0 && lines.get(block.start - 1)?.trim().is_empty() && !copy.ends_with("\n\n");
    let gap = if apart {
        format!("{gap}\n")
    } else {
        gap.to_owned()
    };
    let head = lines.get(..block.start)?.concat();
    let tail = lines.get(block.end..)?.concat();
    Some(format!("{head}{copy}{gap}{later}{tail}"))
}

/// The plain value of a key on a line.
fn value<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let value = line.trim().strip_prefix(key)?.trim();
    let plain = !value.is_empty()
        && value
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-');
    plain.then_some(value)
}

/// The lines of a job, and the empty ones after it.
fn github(lines: &[&str], name: &str) -> Option<(usize, usize)> {
    let start = lines
        .iter()
        .position(|line| line.trim_end() == format!("  {name}:"))?;
    let inside = |line: &&&str| line.trim().is_empty() || line.starts_with("   ");
    let length = lines.iter().skip(start + 1).take_while(inside).count();
    Some((start, start + 1 + length))
}

/// The lines of an entry of the list of stages.
fn azure(lines: &[&str], name: &str) -> Option<(usize, usize)> {
    let wanted = format!("environment: {name}");
    let at = lines.iter().position(|line| line.trim() == wanted)?;
    let start = lines
        .iter()
        .take(at)
        .rposition(|line| line.starts_with("  - "))?;
    let inside = |line: &&&str| line.starts_with("   ");
    let length = lines.iter().skip(start + 1).take_while(inside).count();
    Some((start, start + 1 + length))
}
