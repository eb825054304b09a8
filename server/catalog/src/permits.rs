//! What somebody may do, for clients that ask before they offer something.

use portico_access::{Action, Principal, Resource, ResourceType};
use portico_model::EntityRef;

use crate::Catalog;

impl Catalog {
    /// Whether somebody may do what a permission names, to an entity or, without one, to
    /// anything at all. No to permissions that do not exist, to entities that do not exist for
    /// them, and to resources of another kind: those are looked up by whoever keeps them.
    pub fn permits(&self, who: &Principal, permission: &str, entity_ref: Option<&str>) -> bool {
        let Some(action) = action(permission) else {
            return false;
        };
        let Some(entity_ref) = entity_ref else {
            return self.authorizer().allows(who, action, &Resource::Any);
        };
        if !action.on().contains(&ResourceType::Entity) {
            return false;
        }
        let parsed = EntityRef::parse(entity_ref, None, EntityRef::DEFAULT_NAMESPACE);
        let Ok(name) = parsed.map(|it| it.to_string()) else {
            return false;
        };
        let Ok(owners) = self.owners_of(who, &name) else {
            return false;
        };
        let resource = Resource::Entity {
            entity_ref: &name,
            owners: &owners,
        };
        self.authorizer().allows(who, action, &resource)
    }
}

/// The action that a permission of Backstage is, where its name is another.
fn action(permission: &str) -> Option<Action> {
    match permission {
        "catalog.entity.create" | "catalog.location.analyze" => Some(Action::LocationCreate),
        "scaffolder.template.step.read" | "scaffolder.action.execute" => Some(Action::TemplateRead),
        "scaffolder.template.management" => Some(Action::TemplateDryRun),
        other => Action::parse(other),
    }
}
