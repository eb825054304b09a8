//! The pipeline: the new environment is deployed before one that is there, and after those it
//! came after.

use std::ops::Range;

use crate::words::replace_word;

/// The pipeline with the environment; nothing when it does not deploy `before` by a job (GitHub) or
/// an entry of the stages (Azure) that says `environment: BEFORE` and what it comes after.
pub(crate) fn add(text: &str, new: &str, before: &str) -> Option<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let block = block(&lines, before)?;
    let old: String = lines.get(block.clone())?.concat();
    let copy = replace_word(&old, before, new);
    let order = |line: &'_ str| value(line, "needs:").is_some() || value(line, "after:").is_some();
    let after = old.lines().find(|line| order(line))?;
    let after = value(after, "needs:").or_else(|| value(after, "after:"))?;
    // A job has a name, which the next one needs; a stage is called as its environment.
    let name = copy.lines().next()?.trim().strip_suffix(':').unwrap_or(new);
    if lines
        .iter()
        .any(|line| line.trim_end() == format!("  {name}:"))
    {
        return None;
    }
    let later = old.split_inclusive('\n').map(|line| match order(line) {
        true => line.replacen(after, name, 1),
        false => line.to_owned(),
    });
    let later: String = later.collect();
    // The last job has no empty line after it; between two there is one.
    let mut gap = String::new();
    if !copy.ends_with('\n') {
        gap.push('\n');
    }
    let above = block.start.checked_sub(1).and_then(|at| lines.get(at))?;
    if above.trim().is_empty() && !copy.ends_with("\n\n") {
        gap.push('\n');
    }
    let head = lines.get(..block.start)?.concat();
    let tail = lines.get(block.end..)?.concat();
    Some(format!("{head}{copy}{gap}{later}{tail}"))
}

/// The lines of the job or of the entry that deploys an environment, and the empty ones after it.
fn block(lines: &[&str], environment: &str) -> Option<Range<usize>> {
    let wanted = format!("environment: {environment}");
    let at = lines.iter().position(|line| line.trim() == wanted)?;
    let begins = |line: &&str| line.starts_with("  ") && !line.starts_with("   ");
    let start = lines.iter().take(at).rposition(begins)?;
    let inside = |line: &&&str| line.trim().is_empty() || line.starts_with("   ");
    let length = lines.iter().skip(start + 1).take_while(inside).count();
    Some(start..start + 1 + length)
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
