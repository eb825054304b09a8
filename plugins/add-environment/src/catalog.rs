//! The catalog: what there is of one environment, once more for the other.

use crate::words::replace_word;

/// The descriptor with a copy of every entity whose name ends with `-LIKE`, and the names of the
/// copies; nothing when there is none.
pub(crate) fn add(text: &str, new: &str, like: &str) -> Option<(String, Vec<String>)> {
    let suffix = format!("-{like}");
    let mut result = text.trim_end().to_owned();
    let mut names = Vec::new();
    for document in documents(text) {
        let Some(name) = name(document).filter(|it| it.ends_with(&suffix)) else {
            continue;
        };
        let copy = replace_word(document.trim(), like, new);
        result.push_str("\n---\n");
        result.push_str(&copy);
        names.push(format!("`{}-{new}`", name.trim_end_matches(&suffix)));
    }
    result.push('\n');
    (!names.is_empty()).then_some((result, names))
}

fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n---").map(|it| it.trim_start_matches("---"))
}

/// `metadata.name`
fn name(document: &str) -> Option<&str> {
    let mut lines = document.lines();
    lines.find(|line| line.trim_end() == "metadata:")?;
    let mut inside = lines.take_while(|line| line.starts_with(' ') || line.trim().is_empty());
    let found = inside.find_map(|line| line.strip_prefix("  name:"))?;
    Some(found.trim())
}
