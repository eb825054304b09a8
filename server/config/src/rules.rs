//! `catalog.rules`: which kinds may come from which location.

use globset::{GlobBuilder, GlobMatcher};

use crate::node::NodeValue;
use crate::reader::Reader;
use crate::settings::absolute;

/// Every rule of the configuration, evaluated as one.
#[derive(Clone, Debug)]
pub struct CatalogRules {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) allow: Vec<AllowedKind>,
    /// `None` matches every location.
    pub(crate) locations: Option<Vec<LocationMatcher>>,
}

#[derive(Clone, Debug)]
pub(crate) struct AllowedKind {
    pub(crate) kind: String,
    pub(crate) spec_type: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct LocationMatcher {
    pub(crate) kind: String,
    pub(crate) target: TargetMatcher,
    /// The matcher of a `catalog.locations` entry's own rules, which nobody
    /// can borrow by registering the same target.
    pub(crate) static_only: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum TargetMatcher {
    Any,
    Exact(String),
    Pattern(GlobMatcher),
}

impl CatalogRules {
    /// `catalog.rules` (or the default), and the rules of single locations.
    pub(crate) fn read(catalog: &Reader<'_>, location_rules: Vec<Rule>) -> Self {
        let mut all = if catalog.value("rules").is_present() {
            let rules = catalog.list("rules").into_iter();
            Self {
                rules: rules
                    .filter_map(|rule| rule.read_object(Rule::read))
                    .collect(),
            }
        } else {
            let default = Self::default();
            catalog.default("rules", "allow Component, API, Location");
            default
        };
        all.rules.extend(location_rules);
        all
    }

    /// Whether an entity of this kind and `spec.type` may come from a location.
    ///
    /// The location is the *origin*: the configured or registered root that led to
    /// the entity. `is_static` says that it stands in `catalog.locations`.
    pub fn allows(
        &self,
        kind: &str,
        spec_type: Option<&str>,
        location_kind: &str,
        location_target: &str,
        is_static: bool,
    ) -> bool {
        self.rules.iter().any(|rule| {
            let here = rule.locations.as_ref().is_none_or(|matchers| {
                matchers
                    .iter()
                    .any(|it| it.matches(location_kind, location_target, is_static))
            });
            here && rule
                .allow
                .iter()
                .any(|allowed| allowed.matches(kind, spec_type))
        })
    }
}

impl Default for CatalogRules {
    /// Components, APIs and Locations: nobody can bring users and groups.
    fn default() -> Self {
        let allow = ["Component", "API", "Location"].map(|kind| AllowedKind {
            kind: kind.to_owned(),
            spec_type: None,
        });
        Self {
            rules: vec![Rule {
                allow: allow.into(),
                locations: None,
            }],
        }
    }
}

impl Rule {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let allow = read_allow(entry)?;
        let locations = entry.value("locations").is_present().then(|| {
            let locations = entry.list("locations").into_iter();
            locations
                .filter_map(|it| it.read_object(LocationMatcher::read))
                .collect()
        });
        Some(Self { allow, locations })
    }

    /// A rule written at one entry of `catalog.locations`.
    pub(crate) fn read_for_location(entry: &Reader<'_>, kind: &str, target: &str) -> Option<Self> {
        let location = LocationMatcher {
            kind: kind.to_owned(),
            target: TargetMatcher::Exact(target.to_owned()),
            static_only: true,
        };
        Some(Self {
            allow: read_allow(entry)?,
            locations: Some(vec![location]),
        })
    }
}

fn read_allow(entry: &Reader<'_>) -> Option<Vec<AllowedKind>> {
    if !entry.value("allow").is_present() {
        entry.problem("needs the key \"allow\", a list of kinds");
        return None;
    }
    let items = entry.list("allow").into_iter();
    let allow: Vec<_> = items
        .filter_map(|item| match item.node().map(|node| &node.value) {
            Some(NodeValue::Object(_)) => item.read_object(|it| {
                let spec_type = it.text("spec.type");
                Some(AllowedKind {
                    kind: it.required_text("kind")?,
                    spec_type,
                })
            }),
            _ => item.parse("a kind such as Component", |kind| {
                Some(AllowedKind {
                    kind: kind.to_owned(),
                    spec_type: None,
                })
            }),
        })
        .collect();
    Some(allow)
}

impl AllowedKind {
    fn matches(&self, kind: &str, spec_type: Option<&str>) -> bool {
        self.kind.eq_ignore_ascii_case(kind)
            && self.spec_type.as_ref().is_none_or(|wanted| {
                spec_type.is_some_and(|actual| actual.eq_ignore_ascii_case(wanted))
            })
    }
}

impl LocationMatcher {
    fn read(entry: &Reader<'_>) -> Option<Self> {
        let kind = entry.required_text("type");
        let exact = entry.text("exact");
        let pattern = entry.value("pattern").parse("a glob pattern", |pattern| {
            let glob = GlobBuilder::new(pattern)
                .case_insensitive(true)
                .literal_separator(true)
                .build();
            Some(glob.ok()?.compile_matcher())
        });
        let kind = kind?;
        let target = match (exact, pattern) {
            (Some(_), Some(_)) => {
                entry.problem("takes \"exact\" or \"pattern\", not both");
                return None;
            }
            (Some(path), None) if kind == "file" => {
                TargetMatcher::Exact(absolute(&entry.folder(), &path))
            }
            (Some(exact), None) => TargetMatcher::Exact(exact),
            (None, Some(pattern)) => TargetMatcher::Pattern(pattern),
            (None, None) => TargetMatcher::Any,
        };
        Some(Self {
            kind,
            target,
            static_only: false,
        })
    }

    fn matches(&self, kind: &str, target: &str, is_static: bool) -> bool {
        self.kind == kind
            && (is_static || !self.static_only)
            && match &self.target {
                TargetMatcher::Any => true,
                TargetMatcher::Exact(exact) => exact == target,
                TargetMatcher::Pattern(pattern) => pattern.is_match(target),
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: &str) -> CatalogRules {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.yaml");
        std::fs::write(&path, text).unwrap();
        crate::Config::load_with(&[path], &|_| None)
            .unwrap()
            .config
            .catalog
            .rules
    }

    #[test]
    fn kinds_and_types_are_compared_case_insensitively() {
        let rules = rules(
            "catalog: {rules: [{allow: [Component, {kind: Resource, spec.type: Database}]}]}",
        );
        assert!(rules.allows("component", None, "url", "x", false));
        assert!(rules.allows("Resource", Some("database"), "url", "x", false));
        assert!(!rules.allows("Resource", Some("queue"), "url", "x", false));
        assert!(!rules.allows("Resource", None, "url", "x", false));
        assert!(!rules.allows("API", None, "url", "x", false));
    }

    #[test]
    fn locations_limit_a_rule() {
        let rules = rules(
            "catalog:\n  rules:\n    - allow: [User]\n      locations:\n        \
             - {type: url, pattern: 'https://github.com/org/*/blob/main/**'}\n        \
             - {type: url, exact: 'https://x.com/Users.yaml'}\n        - {type: git}\n",
        );
        let user = |kind, target| rules.allows("User", None, kind, target, false);
        assert!(user(
            "url",
            "https://GitHub.com/org/people/blob/main/a/b.yaml"
        ));
        assert!(!user("url", "https://github.com/org/a/b/blob/main/x.yaml"));
        assert!(user("url", "https://x.com/Users.yaml"));
        assert!(!user("url", "https://x.com/users.yaml"));
        assert!(user("git", "anything"));
        assert!(!user("file", "/users.yaml"));
    }

    #[test]
    fn the_rules_of_a_configured_location_are_its_own() {
        let rules = rules(
            "catalog:\n  locations:\n    - type: url\n      target: https://x.com/org.yaml\n      \
             rules: [{allow: [Group]}]\n",
        );
        assert!(rules.allows("Group", None, "url", "https://x.com/org.yaml", true));
        assert!(!rules.allows("Group", None, "url", "https://x.com/org.yaml", false));
        assert!(!rules.allows("Group", None, "url", "https://x.com/other.yaml", true));
        assert!(rules.allows("API", None, "url", "https://x.com/other.yaml", true));
    }

    #[test]
    fn an_unreadable_pattern_and_two_targets_are_mistakes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portico.yaml");
        for location in [
            "{type: url, pattern: '[', x: 1}",
            "{type: url, pattern: a, exact: a}",
        ] {
            let text = format!("catalog: {{rules: [{{allow: [A], locations: [{location}]}}]}}");
            std::fs::write(&path, text).unwrap();
            crate::Config::load_with(std::slice::from_ref(&path), &|_| None).unwrap_err();
        }
    }
}
