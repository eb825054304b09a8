//! How one text of policies differs from another.

use portico_access::{Action, Principal};
use serde::Serialize;
use similar::{ChangeTag, TextDiff};

use crate::{Permissions, Result};

/// A line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// `same`, `added` or `removed`.
    pub change: &'static str,
    /// The line.
    pub text: String,
}

impl Permissions {
    /// How `text` differs from a version; only what is near a change.
    pub async fn diff(&self, who: &Principal, number: i64, text: &str) -> Result<Vec<DiffLine>> {
        self.require(who, Action::PolicyRead)?;
        let before = self.version(who, number).await?.text;
        let diff = TextDiff::from_lines(before.as_str(), text);
        let mut lines = Vec::new();
        for group in diff.grouped_ops(3) {
            for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
                lines.push(DiffLine {
                    change: match change.tag() {
                        ChangeTag::Equal => "same",
                        ChangeTag::Insert => "added",
                        ChangeTag::Delete => "removed",
                    },
                    text: change.value().trim_end_matches('\n').to_owned(),
                });
            }
        }
        Ok(lines)
    }
}
