//! The change itself: from one Bicep file to the next.

use std::ops::Range;

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{App, BicepFile, Change, Edits};

/// Sets the limits of one environment in the variable `scale`, or those of the Container App.
pub(crate) fn set(text: &str, environment: &str, min: u16, max: u16) -> Result<Change> {
    let file = BicepFile::read(text);
    let mut edits = Edits::of(&file);
    let (part, names) = if let Some(scale) = file.declaration("var", "scale") {
        let Some(part) = entry(scale.text, environment) else {
            bail!(
                "The variable `scale` of the Bicep file has no entry `{environment}`; it has {}.",
                entries(scale.text).join(", ")
            );
        };
        let part = scale.range.start + part.start..scale.range.start + part.end;
        (part, ["min:", "max:"])
    } else if let Some(App::Container(app)) = file.app() {
        edits.note("The file has no limits for each environment: these are for all of them.");
        (app.range.clone(), ["minReplicas:", "maxReplicas:"])
    } else {
        bail!(
            "The Bicep file says nowhere how far the service scales: it has neither a variable \
             `scale` nor a Container App with `minReplicas` and `maxReplicas`."
        );
    };
    let mut same = true;
    for (name, wanted) in names.into_iter().zip([min, max]) {
        let Some(place) = number(text, part.clone(), name) else {
            bail!("The Bicep file has no number after `{name}`. Change it by hand.");
        };
        let old = text.get(place.clone()).unwrap_or_default();
        let wanted = wanted.to_string();
        if old != wanted {
            same = false;
            edits.note(format!(
                "`{}` was {old}, and will be {wanted}.",
                name.trim_end_matches(':')
            ));
            edits.replace(place, wanted);
        }
    }
    if same {
        bail!(
            "The service scales from {min} to {max} in `{environment}` already. Nothing was changed."
        );
    }
    Ok(edits.done())
}

/// Where an entry of an object is, without its braces.
fn entry(text: &str, name: &str) -> Option<Range<usize>> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let key = line.trim_start().strip_prefix(name);
        if key.is_some_and(|rest| rest.trim_start().starts_with(':')) {
            let start = at + line.find('{')?;
            let end = start + text.get(start..)?.find('}')?;
            return Some(start..end);
        }
        at += line.len();
    }
    None
}

/// The names of the entries of an object of objects.
fn entries(text: &str) -> Vec<String> {
    let lines = text.lines().skip(1).map(str::trim);
    let names = lines.filter_map(|line| line.split_once(':').filter(|(_, it)| it.contains('{')));
    names.map(|(name, _)| format!("`{name}`")).collect()
}

/// Where the whole number after a name is.
fn number(text: &str, part: Range<usize>, name: &str) -> Option<Range<usize>> {
    let inside = text.get(part.clone())?;
    let mut from = 0;
    let found = loop {
        let at = from + inside.get(from..)?.find(name)?;
        let before = inside.get(..at)?.chars().next_back();
        if !before.is_some_and(char::is_alphanumeric) {
            break at + name.len();
        }
        from = at + name.len();
    };
    let rest = inside.get(found..)?;
    let start = found + rest.len() - rest.trim_start_matches(' ').len();
    let digits = inside
        .get(start..)?
        .chars()
        .take_while(char::is_ascii_digit)
        .count();
    let place = part.start + start..part.start + start + digits;
    let rest = text.get(place.end..)?.trim_start_matches([' ', '\t']);
    // What follows a number makes it a part of something else.
    let whole = rest.is_empty() || rest.starts_with(['\n', '\r', ',', '}', '/']);
    (digits > 0 && whole).then_some(place)
}
