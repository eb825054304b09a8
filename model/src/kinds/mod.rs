//! The kinds of the catalog: one file a kind, each a table of its fields and
//! of the fields that name other entities.

mod ai_resource;
mod api;
mod component;
mod domain;
mod group;
mod location;
mod resource;
mod system;
mod template;
mod user;

use crate::{RelationType, validate::shape::Fields};

/// Software: a service, website, library, pipeline.
pub const COMPONENT: &str = "Component";
/// An interface between components.
pub const API: &str = "API";
/// What a component needs at run time: a database, a queue, a bucket.
pub const RESOURCE: &str = "Resource";
/// Components, APIs and resources that work together.
pub const SYSTEM: &str = "System";
/// Systems of one business area.
pub const DOMAIN: &str = "Domain";
/// A team, a department, an organisation.
pub const GROUP: &str = "Group";
/// A person.
pub const USER: &str = "User";
/// A pointer to more catalog files.
pub const LOCATION: &str = "Location";
/// A form and steps that create something.
pub const TEMPLATE: &str = "Template";
/// Context for AI coding tools: a skill, a rule, a plugin, a marketplace.
pub const AI_RESOURCE: &str = "AiResource";

/// Every kind with rules of its own, in the order people look for them.
pub const ALL: [&str; 10] = [
    COMPONENT,
    API,
    RESOURCE,
    SYSTEM,
    DOMAIN,
    GROUP,
    USER,
    LOCATION,
    TEMPLATE,
    AI_RESOURCE,
];

/// The API versions of the core kinds.
const CORE: &[&str] = &["backstage.io/v1alpha1", "backstage.io/v1beta1"];

/// The rules of one kind, or of one `spec.type` of it.
#[derive(Debug)]
pub(crate) struct KindRules {
    pub kind: &'static str,
    pub api_versions: &'static [&'static str],
    /// The `spec.type` these rules are for; `None` is every other type.
    pub spec_type: Option<&'static str>,
    pub spec: Fields,
    pub relations: &'static [RelationField],
}

/// A field of `spec` that names one or more other entities.
#[derive(Debug)]
pub(crate) struct RelationField {
    pub field: &'static str,
    /// The relation from the entity to what the field names.
    pub relation: RelationType,
    /// The kind of a name written without one; `None` where it must be written.
    pub default_kind: Option<&'static str>,
}

impl RelationField {
    const fn to(field: &'static str, relation: RelationType, default_kind: &'static str) -> Self {
        Self {
            field,
            relation,
            default_kind: Some(default_kind),
        }
    }

    const fn to_any_kind(field: &'static str, relation: RelationType) -> Self {
        Self {
            field,
            relation,
            default_kind: None,
        }
    }

    const OWNER: Self = Self::to("owner", RelationType::OwnedBy, GROUP);
    const SYSTEM: Self = Self::to("system", RelationType::PartOf, SYSTEM);
    const DEPENDS_ON: Self = Self::to_any_kind("dependsOn", RelationType::DependsOn);
    const DEPENDENCY_OF: Self = Self::to_any_kind("dependencyOf", RelationType::DependencyOf);
}

/// Rules with a `spec.type` come before the general ones of their kind.
static RULES: [&KindRules; 15] = [
    &component::RULES,
    &api::MCP_SERVER,
    &api::RULES,
    &resource::RULES,
    &system::RULES,
    &domain::RULES,
    &group::RULES,
    &user::RULES,
    &location::RULES,
    &template::RULES,
    &ai_resource::SKILL,
    &ai_resource::RULE,
    &ai_resource::PLUGIN,
    &ai_resource::MARKETPLACE,
    &ai_resource::RULES,
];

/// The rules for an entity, or `None` when its kind or API version is foreign.
pub(crate) fn rules(
    kind: &str,
    api_version: &str,
    spec_type: Option<&str>,
) -> Option<&'static KindRules> {
    RULES.into_iter().find(|rules| {
        rules.kind == kind
            && rules.api_versions.contains(&api_version)
            && rules.spec_type.is_none_or(|only| Some(only) == spec_type)
    })
}

/// The API versions of a kind; empty for a foreign one.
pub(crate) fn api_versions(kind: &str) -> &'static [&'static str] {
    RULES
        .into_iter()
        .find(|rules| rules.kind == kind)
        .map_or(&[], |rules| rules.api_versions)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_rules() {
        for kind in ALL {
            let version = api_versions(kind)[0];
            assert!(rules(kind, version, None).is_some(), "{kind}");
        }
    }

    #[test]
    fn a_type_may_have_its_own_rules() {
        let general = rules(API, CORE[0], Some("openapi")).unwrap();
        let variant = rules(API, CORE[0], Some("mcp-server")).unwrap();
        assert_eq!(
            (general.spec_type, variant.spec_type),
            (None, Some("mcp-server"))
        );
    }

    #[test]
    fn kinds_are_case_sensitive_and_bound_to_their_version() {
        assert!(rules("component", CORE[0], None).is_none());
        assert!(rules(TEMPLATE, CORE[0], None).is_none());
    }
}
