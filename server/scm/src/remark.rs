//! For whom the portal proposed a change, in the text of its pull request, unseen by readers.

use serde::{Deserialize, Serialize};

const BEGIN: &str = "<!-- portico: ";
const END: &str = " -->";
const CUT: &str = "\n\n…";

/// What a remark says.
#[derive(Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Remark {
    /// The principal; empty in texts that are not the portal's.
    pub(crate) author: String,
    /// What proposed it for them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) via: Option<String>,
}

impl Remark {
    /// A text with the remark at its end, cut to what a host takes, in characters.
    pub(crate) fn below(&self, text: &str, most: usize) -> String {
        let remark = serde_json::to_string(self).unwrap_or_default();
        // Nothing in it ends the remark.
        let remark = format!("\n\n{BEGIN}{}{END}", remark.replace('>', "\\u003e"));
        let text = text.trim();
        let room = most.saturating_sub(remark.chars().count());
        if text.chars().count() <= room {
            return format!("{text}{remark}");
        }
        let room = room.saturating_sub(CUT.chars().count());
        let kept: String = text.chars().take(room).collect();
        format!("{kept}{CUT}{remark}")
    }

    /// The text for readers, and the remark of it.
    pub(crate) fn read(text: &str) -> (String, Self) {
        let parsed = || {
            let (text, remark) = text.trim_end().rsplit_once(BEGIN)?;
            let remark = serde_json::from_str(remark.strip_suffix(END)?).ok()?;
            Some((text.trim_end().to_owned(), remark))
        };
        parsed().unwrap_or_else(|| (text.to_owned(), Self::default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_kept_from_readers_and_texts_are_cut() {
        let remark = Remark {
            author: "user:default/ada".to_owned(),
            via: Some("a --> b".to_owned()),
        };
        let text = remark.below("Why\n", 200);
        assert_eq!(text.matches("-->").count(), 1, "{text}");
        let (body, read) = Remark::read(&text);
        assert_eq!((body.as_str(), &read), ("Why", &remark));
        let long = remark.below(&"ä".repeat(5_000), 4_000);
        assert_eq!(long.chars().count(), 4_000);
        assert_eq!(Remark::read(&long).1, remark);
        let theirs = Remark::read("of <!-- somebody");
        assert_eq!(theirs, ("of <!-- somebody".to_owned(), Remark::default()));
    }
}
