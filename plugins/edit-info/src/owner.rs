//! Where else a repository names its owner.

use portico_plugin_sdk::{Result, bail};

use crate::{CODEOWNERS, PATH, info::short, scm};

/// Refuses what is no reference of a group or a user, and gives its name.
pub(crate) fn check(owner: &str) -> Result<&str> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || ":/-_.".contains(it);
    let name = owner.rsplit(['/', ':']).next().unwrap_or_default();
    if name.is_empty() || name.starts_with(['-', '.']) || !owner.chars().all(allowed) {
        bail!("`{owner}` is no owner: write a reference such as `group:default/orders`.");
    }
    Ok(name)
}

/// The other files that name the old owner, with the new one.
pub(crate) fn elsewhere(repository: &str, old: &str, new: &str) -> Result<Vec<(String, String)>> {
    let name = |it: &str| it.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    let (from, to) = (name(old), name(new));
    let mut files = Vec::new();
    for path in CODEOWNERS {
        let Some(text) = scm::read_text(repository, path)? else {
            continue;
        };
        let changed: String = text
            .split_inclusive('\n')
            .map(|line| handles(line, &from, &to))
            .collect();
        if changed != text {
            files.push((path.to_owned(), changed));
        }
    }
    if let Some(text) = scm::read_text(repository, PATH)? {
        // The tag of everything in Azure.
        let tag = |it: &str| format!("owner: '{it}'");
        let olds = [
            old.to_owned(),
            short(old).to_owned(),
            format!("group:default/{from}"),
        ];
        let changed = olds
            .iter()
            .fold(text.clone(), |text, old| text.replace(&tag(old), &tag(new)));
        if changed != text {
            files.push((PATH.to_owned(), changed));
        }
    }
    Ok(files)
}

/// A line of CODEOWNERS with another team.
fn handles(line: &str, from: &str, to: &str) -> String {
    if line.trim_start().starts_with('#') {
        return line.to_owned();
    }
    let suffix = format!("/{from}");
    let words = line.split_inclusive(char::is_whitespace).map(|part| {
        let word = part.trim_end();
        let space = part.get(word.len()..).unwrap_or_default();
        match word.strip_suffix(&suffix).filter(|it| it.starts_with('@')) {
            Some(organisation) => format!("{organisation}/{to}{space}"),
            None => part.to_owned(),
        }
    });
    words.collect()
}
