//! Where a provider may go on: its own checkpoint, and for whom and how long it holds.

use std::time::Duration;

use portico_plugin_host::Digest;
use portico_store::Millis;
use serde::{Deserialize, Serialize};

/// A complete pass is made at least this often: a provider that forgets to tell of a removal
/// must not be wrong for good.
const COMPLETE_EVERY: Duration = Duration::from_hours(24);

/// What is kept between passes, as JSON.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mark {
    /// Everything the plugin was made from. Another version, configuration or grant begins anew.
    made_from: String,
    /// When the last complete pass began.
    pub(super) complete_at: Millis,
    /// The provider's checkpoint, if it gave one.
    since: Option<String>,
}

impl Mark {
    pub(super) fn new(made_from: Digest, complete_at: Millis, since: Option<String>) -> Self {
        Self {
            made_from: made_from.to_string(),
            complete_at,
            since,
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub(super) fn text(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// The checkpoint, if a plugin made from this may go on from there at this time.
    pub(super) fn since_of(&self, made_from: Digest, now: Millis) -> Option<String> {
        let age = now.saturating_sub(self.complete_at);
        let fresh = (0..COMPLETE_EVERY.as_millis() as Millis).contains(&age);
        let same = self.made_from == made_from.to_string();
        self.since.clone().filter(|_| fresh && same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_for_the_same_plugin_for_a_day() {
        let (ours, other) = (Digest::of(b"1.0.0"), Digest::of(b"1.1.0"));
        let mark = Mark::new(ours, 1_000, Some("42".into()));
        let mark = Mark::parse(&mark.text()).unwrap();
        let day = 24 * 60 * 60 * 1_000;
        assert_eq!(mark.since_of(ours, 2_000).as_deref(), Some("42"));
        assert_eq!(mark.since_of(other, 2_000), None);
        assert_eq!(mark.since_of(ours, 1_000 + day), None);
        assert_eq!(mark.since_of(ours, 0), None, "a clock that was turned back");
        assert_eq!(Mark::new(ours, 1_000, None).since_of(ours, 2_000), None);
        assert_eq!(Mark::parse("no mark"), None);
    }
}
