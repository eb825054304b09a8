//! `catalog.rules`: which kinds may come from which location.

use globset::GlobMatcher;

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
    pub(crate) fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
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
                matchers.iter().any(|it| it.matches(location_kind, location_target, is_static))
            });
            here && rule.allow.iter().any(|allowed| allowed.matches(kind, spec_type))
        })
    }
}

impl Default for CatalogRules {
    /// Components, APIs and Locations: nobody can bring users and groups.
    fn default() -> Self {
        let allow = ["Component", "API", "Location"]
            .map(|kind| AllowedKind { kind: kind.to_owned(), spec_type: None });
        Self::new(vec![Rule { allow: allow.into(), locations: None }])
    }
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
