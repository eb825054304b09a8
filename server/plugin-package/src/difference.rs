//! What another version asks for beyond the one in use.

use serde::{Deserialize, Serialize};

use crate::{Capabilities, Capability, CapabilityRequest};

/// How the capabilities of two versions differ; empty when they ask for the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Difference {
    /// In the order of the capabilities.
    pub changes: Vec<CapabilityChange>,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum CapabilityChange {
    /// It was not asked for before.
    Added {
        /// Which.
        capability: Capability,
        /// Why it is asked for.
        reason: String,
    },
    /// It is not asked for any more.
    Removed {
        /// Which.
        capability: Capability,
    },
    /// More of it is asked for; perhaps less of it elsewhere.
    Widened {
        /// Which.
        capability: Capability,
        /// In which way, for people.
        details: Vec<String>,
    },
    /// Less of it is asked for.
    Narrowed {
        /// Which.
        capability: Capability,
        /// In which way, for people.
        details: Vec<String>,
    },
}

impl Difference {
    /// Whether somebody has to approve it: something was added or widened.
    pub fn needs_approval(&self) -> bool {
        self.changes.iter().any(|change| {
            matches!(
                change,
                CapabilityChange::Added { .. } | CapabilityChange::Widened { .. }
            )
        })
    }
}

/// How `after` differs from `before`.
pub fn difference(before: &Capabilities, after: &Capabilities) -> Difference {
    let changes = Capability::ALL.into_iter().filter_map(|capability| {
        match (before.get(&capability), after.get(&capability)) {
            (None, None) => None,
            (None, Some(request)) => Some(CapabilityChange::Added {
                capability,
                reason: request.reason.clone(),
            }),
            (Some(_), None) => Some(CapabilityChange::Removed { capability }),
            (Some(before), Some(after)) => {
                let wider = excess(before, after);
                let narrower = excess(after, before);
                if !wider.is_empty() {
                    Some(CapabilityChange::Widened {
                        capability,
                        details: wider,
                    })
                } else if !narrower.is_empty() {
                    Some(CapabilityChange::Narrowed {
                        capability,
                        details: narrower,
                    })
                } else {
                    None
                }
            }
        }
    });
    Difference {
        changes: changes.collect(),
    }
}

/// What `right` allows and `left` does not.
fn excess(left: &CapabilityRequest, right: &CapabilityRequest) -> Vec<String> {
    let mut details = Vec::new();
    if right.access > left.access {
        details.push("writes".to_owned());
    }
    for (name, left, right) in [
        ("kinds", &left.kinds, &right.kinds),
        ("repositories", &left.repositories, &right.repositories),
        ("connections", &left.connections, &right.connections),
    ] {
        if left.is_empty() {
            continue;
        }
        if right.is_empty() {
            details.push(format!("all {name}"));
            continue;
        }
        let more: Vec<&str> = right
            .iter()
            .filter(|entry| !left.contains(entry))
            .map(String::as_str)
            .collect();
        if !more.is_empty() {
            details.push(format!("{name} {}", more.join(", ")));
        }
    }
    details
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Access;

    fn asks(kinds: &[&str]) -> CapabilityRequest {
        CapabilityRequest {
            reason: "because".to_owned(),
            kinds: kinds.iter().map(|&kind| kind.to_owned()).collect(),
            ..CapabilityRequest::default()
        }
    }

    fn change(before: &CapabilityRequest, after: &CapabilityRequest) -> Difference {
        let with = |request: &CapabilityRequest| {
            Capabilities::from([(Capability::Catalog, request.clone())])
        };
        difference(&with(before), &with(after))
    }

    #[test]
    fn added_and_removed() {
        let some = Capabilities::from([(Capability::Http, asks(&[]))]);
        let none = Capabilities::new();
        assert!(difference(&none, &some).needs_approval());
        let removed = difference(&some, &none);
        assert!(!removed.needs_approval() && removed.changes.len() == 1);
        assert_eq!(difference(&some, &some), Difference::default());
    }

    #[test]
    fn lists_grow_and_shrink() {
        for (before, after, wider) in [
            (&["api"][..], &["api", "user"][..], true),
            (&["api", "user"], &["api"], false),
            (&["api"], &["user"], true),
            (&["api"], &[], true),
            (&[], &["api"], false),
        ] {
            let difference = change(&asks(before), &asks(after));
            assert_eq!(difference.needs_approval(), wider, "{before:?} {after:?}");
            assert_eq!(difference.changes.len(), 1);
        }
    }

    #[test]
    fn writing_is_more_than_reading() {
        let write = CapabilityRequest {
            access: Access::Write,
            ..asks(&[])
        };
        assert!(change(&asks(&[]), &write).needs_approval());
        assert!(!change(&write, &asks(&[])).needs_approval());
        assert!(!change(&asks(&[]), &asks(&[])).needs_approval());
    }
}
