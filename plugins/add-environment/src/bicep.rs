//! The Bicep file: the environment is allowed, and scales as the other does.

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{BicepFile, Change, Edits};

pub(crate) fn add(text: &str, new: &str, like: &str) -> Result<Change> {
    let file = BicepFile::read(text);
    let Some(parameter) = file.declaration("param", "environment") else {
        bail!(
            "The Bicep file has no parameter `environment`: it cannot be deployed to several \
             environments."
        );
    };
    let mut edits = Edits::of(&file);
    let start = "@allowed([";
    let before = text.get(..parameter.range.start).unwrap_or_default();
    // Decorators stand right above what they are for.
    let above = before.rfind("\n\n").unwrap_or(0);
    let list = before.get(above..).and_then(|it| it.find(start));
    if let Some(at) = list.map(|at| above + at + start.len()) {
        let all = before
            .get(at..)
            .and_then(|it| it.split("])").next())
            .unwrap_or_default();
        if all.contains(&format!("'{new}'")) {
            bail!("The service has the environment `{new}` already. Nothing was changed.");
        }
        if !all.contains(&format!("'{like}'")) {
            bail!(
                "The Bicep file does not allow the environment `{like}`, only {}.",
                all.trim()
            );
        }
        let end = at + all.trim_end().len();
        let one_line = !all.contains('\n');
        let added = if one_line {
            format!(", '{new}'")
        } else {
            format!("\n  '{new}'")
        };
        edits.replace(end..end, added);
        edits.note(format!("The Bicep file may be deployed to `{new}`."));
    }
    if let Some(scale) = file.declaration("var", "scale")
        && let Some((end, entry)) = entry(scale.text, like)
    {
        if self::entry(scale.text, new).is_some() {
            bail!("The service scales in the environment `{new}` already. Nothing was changed.");
        }
        let at = scale.range.start + end;
        let copy = entry.replacen(&format!("{like}:"), &format!("{new}:"), 1);
        edits.replace(at..at, format!("\n{copy}"));
        edits.note(format!("It scales as `{like}` does."));
    }
    Ok(edits.done())
}

/// An entry of an object and where it ends.
fn entry<'a>(text: &'a str, name: &str) -> Option<(usize, &'a str)> {
    let start = text.find(&format!("\n  {name}: {{"))? + 1;
    let end = start + text.get(start..)?.find('}')? + 1;
    Some((end, text.get(start..end)?))
}
