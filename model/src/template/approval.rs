//! Who has to agree before a template, or a step of one, is done.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::reader::Reader;

/// How long people have to decide, unless written.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// `approval`, of `spec` or of a step: an addition of ours to the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// `by`: refs of groups and users, any of whom decides; may be expressions.
    pub by: Vec<String>,
    /// What they are asked; may have expressions.
    pub reason: Option<String>,
    /// `expiresAfter`, such as `30m`, `48h` or `7d`.
    pub expires_after: Duration,
    /// `fourEyes`: whether it takes somebody else than who asked.
    pub four_eyes: bool,
}

/// Reads the `approval` of a step or a template.
pub(super) fn approval(of: &Reader<'_>) -> Option<Approval> {
    let approval = of.object("approval")?;
    let by = match approval.value("by") {
        Some(Value::Array(_)) => approval.texts("by"),
        Some(_) => approval.text("by").into_iter().collect(),
        None => Vec::new(),
    };
    if by.is_empty() {
        approval.problem(
            "by",
            "should name who approves, such as group:default/platform",
        );
    }
    let expires_after = match approval.text("expiresAfter") {
        None => WEEK,
        Some(text) => duration(&text).unwrap_or_else(|| {
            approval.problem("expiresAfter", "should be a time such as 30m, 48h or 7d");
            WEEK
        }),
    };
    Some(Approval {
        by,
        reason: approval.text("reason"),
        expires_after,
        four_eyes: approval.value("fourEyes").and_then(Value::as_bool) != Some(false),
    })
}

fn duration(text: &str) -> Option<Duration> {
    let unit = match text.chars().last()? {
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        _ => return None,
    };
    let number: u32 = text[..text.len() - 1].trim().parse().ok()?;
    (number > 0).then(|| Duration::from_secs(u64::from(number) * unit))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(approval: Value) -> (Option<Approval>, Vec<String>) {
        let document = json!({ "approval": approval });
        let root = Reader::new(&document);
        let read = super::approval(&root);
        let problems = root.into_problems();
        (read, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn somebody_else_decides_within_a_week_unless_written() {
        let (approval, problems) = read(json!({"by": "group:default/platform"}));
        let approval = approval.unwrap();
        assert!(problems.is_empty());
        assert_eq!(approval.by, ["group:default/platform"]);
        assert!(approval.four_eyes);
        assert_eq!(approval.expires_after, WEEK);
    }

    #[test]
    fn everything_can_be_written() {
        let (approval, problems) = read(json!({
            "by": ["group:default/a", "user:default/b"], "reason": "Why", "expiresAfter": "48h",
            "fourEyes": false,
        }));
        assert_eq!(
            (approval.unwrap(), problems),
            (
                Approval {
                    by: vec!["group:default/a".to_owned(), "user:default/b".to_owned()],
                    reason: Some("Why".to_owned()),
                    expires_after: Duration::from_hours(48),
                    four_eyes: false,
                },
                vec![],
            )
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        let (_, problems) = read(json!({"by": [], "expiresAfter": "soon"}));
        assert_eq!(problems.len(), 2, "{problems:?}");
        for wrong in ["", "d", "0d", "-1h", "5", "h5"] {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
    }
}
