//! `catalog-info.yaml`, line by line: comments, order and style stay as people wrote them.

use portico_plugin_sdk::{Result, bail};

/// What came of it.
#[derive(Debug)]
pub(crate) struct Change {
    /// The whole file.
    pub(crate) text: String,
    /// What the component had before.
    pub(crate) old: String,
    /// What was changed, for people.
    pub(crate) notes: Vec<String>,
}

/// A value of `spec` of one entity, and where it is.
#[derive(Clone, Copy, Debug)]
struct Field<'a> {
    kind: &'a str,
    name: &'a str,
    value: &'a str,
    /// The line, from 0.
    line: usize,
}

/// A reference as people shorten it: `group:default/orders` is `orders`.
pub(crate) fn short(reference: &str) -> &str {
    let rest = reference.strip_prefix("group:").unwrap_or(reference);
    rest.strip_prefix("default/").unwrap_or(rest)
}

/// Refuses what is not one plain word.
pub(crate) fn check_word(what: &str, word: &str) -> Result<()> {
    let fine = |it: u8| it.is_ascii_lowercase() || it == b'-';
    if word.is_empty() || !word.bytes().all(fine) {
        bail!("`{word}` is not {what}: write lower-case letters, such as `deprecated`.");
    }
    Ok(())
}

/// Gives the component, and what had the same owner, to another one.
pub(crate) fn set_owner(text: &str, component: &str, owner: &str) -> Result<Change> {
    let fields = fields(text, "owner");
    let old = of_component(&fields, component, "owner")?;
    if short(old) == short(owner) {
        bail!("`{owner}` owns `{component}` already. Nothing was changed.");
    }
    let wanted = |it: &&Field<'_>| short(it.value) == short(old);
    Ok(change(
        text,
        "owner",
        old,
        owner,
        fields.iter().filter(wanted),
    ))
}

/// Gives the component and the APIs beside it another lifecycle.
pub(crate) fn set_lifecycle(text: &str, component: &str, lifecycle: &str) -> Result<Change> {
    let fields = fields(text, "lifecycle");
    let old = of_component(&fields, component, "lifecycle")?;
    if old == lifecycle {
        bail!("`{component}` is `{lifecycle}` already. Nothing was changed.");
    }
    let wanted =
        |it: &&Field<'_>| it.kind == "API" || (it.kind == "Component" && it.name == component);
    Ok(change(
        text,
        "lifecycle",
        old,
        lifecycle,
        fields.iter().filter(wanted),
    ))
}

fn of_component<'a>(fields: &[Field<'a>], component: &str, key: &str) -> Result<&'a str> {
    let is_it = |it: &&Field<'_>| it.kind == "Component" && it.name == component;
    match fields.iter().find(is_it) {
        Some(field) => Ok(field.value),
        None => bail!(
            "`catalog-info.yaml` has no component `{component}` whose `spec` has `{key}` on a line \
             of its own. Change it by hand."
        ),
    }
}

fn change<'a>(
    text: &str,
    key: &str,
    old: &str,
    new: &str,
    fields: impl Iterator<Item = &'a Field<'a>>,
) -> Change {
    let fields: Vec<&Field<'_>> = fields.collect();
    let lines = text.split_inclusive('\n').enumerate().map(|(at, line)| {
        match fields.iter().find(|it| it.line == at) {
            Some(field) => match line.split_once(':') {
                Some((key, rest)) => format!("{key}:{}", rest.replacen(field.value, new, 1)),
                None => line.to_owned(),
            },
            None => line.to_owned(),
        }
    });
    let text = lines.collect();
    let notes = fields
        .iter()
        .map(|it| format!("{} `{}`: `{key}` was `{}`.", it.kind, it.name, it.value));
    Change {
        text,
        old: old.to_owned(),
        notes: notes.collect(),
    }
}

/// A field of `spec` of every entity that has it on a line of its own.
fn fields<'a>(text: &'a str, key: &str) -> Vec<Field<'a>> {
    let mut found = Vec::new();
    let (mut kind, mut name, mut section) = ("", "", "");
    let mut field: Option<(usize, &str)> = None;
    let mut end = |kind: &'a str, name: &'a str, field: Option<(usize, &'a str)>| {
        found.extend(field.map(|(line, value)| Field {
            kind,
            name,
            value,
            line,
        }));
    };
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("---") {
            end(kind, name, field.take());
            (kind, name, section) = ("", "", "");
        } else if let Some(inner) = line.strip_prefix("  ").filter(|it| !it.starts_with(' ')) {
            match (section, value(inner)) {
                ("metadata", Some(("name", value))) => name = value,
                ("spec", Some((found, value))) if found == key => field = Some((at, value)),
                _ => {}
            }
        } else if !line.starts_with([' ', '#', '-']) && !line.trim().is_empty() {
            section = line.split(':').next().unwrap_or_default();
            if let Some(("kind", value)) = value(line) {
                kind = value;
            }
        }
    }
    end(kind, name, field);
    found
}

/// Key and plain value of a line, without quotes and comments.
fn value(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let rest = rest.split(" #").next()?.trim();
    let rest = rest.trim_matches(['"', '\'']);
    (!rest.is_empty()).then_some((key, rest))
}
