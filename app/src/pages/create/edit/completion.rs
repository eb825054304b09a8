//! What can be written where the caret is.

use portico_model::form::NAMED_FIELDS;

const WIDGETS: [&str; 5] = ["checkboxes", "password", "radio", "textarea", "updown"];
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
/// How many are offered.
const MOST: usize = 8;

/// What may stand at the end of a line instead of its last word, and how many characters that
/// word has. Nothing when the word is whole already.
pub(super) fn suggestions(line: &str, actions: &[String]) -> Option<(usize, Vec<String>)> {
    let (key, word) = line.split_once(": ")?;
    let key = key.trim_start().trim_start_matches("- ").trim();
    let word = word.trim_start();
    let fixed = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let all = match key {
        "action" => actions.to_vec(),
        "ui:field" => fixed(&NAMED_FIELDS),
        "ui:widget" => fixed(&WIDGETS),
        "type" => fixed(&TYPES),
        _ => return None,
    };
    let sought = word.to_lowercase();
    let mut found: Vec<String> = all
        .into_iter()
        .filter(|it| it.to_lowercase().contains(&sought))
        .collect();
    // Those that begin so come first.
    found.sort_by_key(|it| !it.to_lowercase().starts_with(&sought));
    found.truncate(MOST);
    let whole = found.iter().any(|it| it == word);
    (!found.is_empty() && !whole).then(|| (word.chars().count(), found))
}

/// The text before the caret, which browsers count in UTF-16.
pub(super) fn before(text: &str, caret: usize) -> &str {
    let mut units = 0;
    for (at, char) in text.char_indices() {
        if units >= caret {
            return &text[..at];
        }
        units += char.len_utf16();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actions() -> Vec<String> {
        ["fetch:plain", "fetch:template", "publish:git", "debug:log"]
            .map(str::to_owned)
            .to_vec()
    }

    #[test]
    fn what_begins_so_comes_first() {
        let (word, found) = suggestions("    - action: fe", &actions()).unwrap();
        assert_eq!(
            (word, found),
            (
                2,
                vec!["fetch:plain".to_owned(), "fetch:template".to_owned()]
            )
        );
        let (_, found) = suggestions("action: git", &actions()).unwrap();
        assert_eq!(found, ["publish:git"]);
        let (_, found) = suggestions("  ui:field: owne", &actions()).unwrap();
        assert_eq!(
            found,
            ["OwnedEntityPicker", "OwnerPicker", "RepoOwnerPicker"]
        );
        assert_eq!(suggestions("  type: ", &[]).unwrap().1.len(), TYPES.len());
    }

    #[test]
    fn nothing_is_offered_where_there_is_nothing_to_choose() {
        for line in [
            "",
            "name: x",
            "action:",
            "action: debug:log",
            "action: none",
            "# action",
        ] {
            assert_eq!(suggestions(line, &actions()), None, "{line}");
        }
    }

    #[test]
    fn browsers_count_in_utf_16() {
        assert_eq!(before("a😀b", 3), "a😀");
        assert_eq!(before("ab", 9), "ab");
    }
}
