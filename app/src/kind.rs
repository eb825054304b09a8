//! How each entity kind looks: its icon, its words, and the `data-kind` that
//! gives it its hue in `style/tokens.css`.

use crate::components::Icon;

/// Icon and words of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindStyle {
    /// Value for the `data-kind` attribute.
    pub key: &'static str,
    /// The kind's icon.
    pub icon: Icon,
    /// Singular, as in a sentence start: `Component`.
    pub label: &'static str,
    /// Plural, as in a heading: `Components`.
    pub plural: &'static str,
}

impl KindStyle {
    /// The kinds the catalog knows, in the order they are listed.
    pub const KNOWN: [Self; 10] = [
        Self::new("component", Icon::Box, "Component", "Components"),
        Self::new("api", Icon::Plug, "API", "APIs"),
        Self::new("resource", Icon::Database, "Resource", "Resources"),
        Self::new("system", Icon::Layers, "System", "Systems"),
        Self::new("domain", Icon::Globe, "Domain", "Domains"),
        Self::new("group", Icon::Users, "Group", "Groups"),
        Self::new("user", Icon::User, "User", "Users"),
        Self::new("template", Icon::LayoutTemplate, "Template", "Templates"),
        Self::new("airesource", Icon::Sparkles, "AI resource", "AI resources"),
        Self::new("location", Icon::MapPin, "Location", "Locations"),
    ];

    const UNKNOWN: Self = Self::new("other", Icon::Hexagon, "Entity", "Entities");

    /// The style of a kind, compared case-insensitively; a neutral one when unknown.
    pub fn of(kind: &str) -> Self {
        Self::KNOWN
            .into_iter()
            .find(|style| style.key.eq_ignore_ascii_case(kind))
            .unwrap_or(Self::UNKNOWN)
    }

    /// The word for `kind`: the known label, or the kind as written.
    pub fn label_of(kind: &str) -> String {
        let style = Self::of(kind);
        if style == Self::UNKNOWN {
            kind.to_owned()
        } else {
            style.label.to_owned()
        }
    }

    const fn new(key: &'static str, icon: Icon, label: &'static str, plural: &'static str) -> Self {
        Self {
            key,
            icon,
            label,
            plural,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_in_any_case() {
        assert_eq!(KindStyle::of("Api").label, "API");
        assert_eq!(KindStyle::of("AiResource").icon, Icon::Sparkles);
    }

    #[test]
    fn an_unknown_kind_keeps_its_own_word() {
        assert_eq!(KindStyle::of("Gadget").icon, Icon::Hexagon);
        assert_eq!(KindStyle::label_of("Gadget"), "Gadget");
    }
}
