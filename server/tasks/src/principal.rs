//! In whose name a task runs: with the rights that they have now.

use std::sync::Arc;

use portico_access::{Principal, Restriction};
use portico_catalog::Catalog;
use portico_model::EntityRef;
use serde_json::{Value, json};

use crate::{Result, Tasks};

impl Tasks {
    /// Who a task runs as, from how audit events name them. What they may do is looked up
    /// anew; `None` when there is no such person, or service, any more.
    pub(crate) fn creator(&self, label: &str) -> Option<Principal> {
        if let Some(subject) = label.strip_prefix("service:") {
            return service(self.catalog(), subject);
        }
        match label {
            "local-admin" => Some(Principal::LocalAdmin),
            "system" => Some(Principal::System),
            label => self
                .catalog()
                .principal(&EntityRef::parse(label, Some("user"), "default").ok()?),
        }
    }

    /// What templates see as `user`.
    pub(crate) async fn user(&self, who: &Principal) -> Result<Value> {
        let Principal::User { user_ref, .. } = who else {
            return Ok(json!({"ref": who.label()}));
        };
        let bodies = self
            .catalog()
            .entities_by_refs(who, &[user_ref.to_string()], None)
            .await?;
        let entity = bodies.into_iter().flatten().next();
        let entity: Option<Value> = entity.and_then(|body| serde_json::from_slice(&body).ok());
        Ok(json!({"ref": user_ref.to_string(), "entity": entity}))
    }
}

fn service(catalog: &Catalog, subject: &str) -> Option<Principal> {
    let tokens = &catalog.config().backend.external_access;
    let token = tokens.iter().find(|token| token.subject == subject)?;
    let restrictions = token.restrictions.iter().map(|entry| Restriction {
        plugin: entry.plugin.clone(),
        permissions: entry.permissions.clone(),
        verbs: entry.actions.clone(),
    });
    Some(Principal::Service {
        subject: Arc::from(subject),
        restrictions: restrictions.collect(),
    })
}
