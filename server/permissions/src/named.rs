//! People and things, by the names that audit events have for them.

use std::sync::Arc;

use portico_access::{Action, Principal, Resource, Restriction};
use portico_model::EntityRef;
use portico_store::SourceKey;
use uuid::Uuid;

use crate::{Permissions, PermissionsError, Result};

/// Something that is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Thing {
    Portal,
    Entity(String, Vec<String>),
    Template(String),
    Location {
        target: String,
        created_by: Option<String>,
        goes: Vec<Vec<String>>,
    },
    Repository(String, Vec<String>),
    Plugin(String),
    Connection(String),
    PublisherKey(String),
    Task(String, String),
    Approval {
        task: String,
        created_by: String,
        by: Vec<String>,
        four_eyes: bool,
    },
}

impl Thing {
    pub(crate) fn resource(&self) -> Resource<'_> {
        match self {
            Self::Portal => Resource::Any,
            Self::Entity(entity_ref, owners) => Resource::Entity { entity_ref, owners },
            Self::Template(entity_ref) => Resource::Template(entity_ref),
            Self::Location {
                target,
                created_by,
                goes,
            } => Resource::Location {
                target,
                created_by: created_by.as_deref(),
                goes,
            },
            Self::Repository(url, owners) => Resource::Repository { url, owners },
            Self::Plugin(id) => Resource::Plugin(id),
            Self::Connection(name) => Resource::Connection(name),
            Self::PublisherKey(id) => Resource::PublisherKey(id),
            Self::Task(id, created_by) => Resource::Task { id, created_by },
            Self::Approval {
                task,
                created_by,
                by,
                four_eyes,
            } => Resource::Approval {
                task,
                created_by,
                by,
                four_eyes: *four_eyes,
            },
        }
    }
}

impl Permissions {
    /// Who has this name in audit events, with the groups they are in now.
    pub(crate) fn somebody(&self, label: &str) -> Option<Principal> {
        let nothing = || Arc::from([]);
        Some(match label {
            "anonymous" => Principal::Anonymous,
            "local-admin" => Principal::LocalAdmin,
            _ => match label.split_once(':') {
                Some(("service", subject)) => self.service(subject)?,
                Some(("guest", subject)) => Principal::Guest {
                    subject: subject.into(),
                    roles: nothing(),
                },
                Some(("workload", subject)) => Principal::Workload {
                    subject: subject.into(),
                    roles: nothing(),
                },
                _ => self
                    .catalog()
                    .principal(&EntityRef::parse(label, Some("user"), "default").ok()?)?,
            },
        })
    }

    fn service(&self, subject: &str) -> Option<Principal> {
        let tokens = &self.catalog().config().backend.external_access;
        let token = tokens.iter().find(|token| token.subject == subject)?;
        let restrictions = token.restrictions.iter().map(|entry| Restriction {
            plugin: entry.plugin.clone(),
            permissions: entry.permissions.clone(),
            verbs: entry.actions.clone(),
        });
        Some(Principal::Service {
            subject: subject.into(),
            restrictions: restrictions.collect(),
        })
    }

    /// What has this name in audit events. Without a name it is the portal, or whatever lists
    /// are of.
    pub(crate) async fn something(&self, action: Action, label: &str) -> Result<Thing> {
        let missing = || PermissionsError::NotFound(label.to_owned());
        let label = label.trim();
        if label.is_empty() || label == "*" {
            return Ok(Thing::Portal);
        }
        if let Some((kind, name)) = label.split_once(':') {
            let name = name.to_owned();
            match kind {
                "location" => return self.location(action, name).await,
                "repository" => {
                    let owners = match &self.0.scm {
                        Some(scm) => scm.owners(&Principal::System, &name).await,
                        None => Ok(Vec::new()),
                    };
                    return Ok(Thing::Repository(name, owners.unwrap_or_default()));
                }
                "plugin" => return Ok(Thing::Plugin(name)),
                "connection" => return Ok(Thing::Connection(name)),
                "publisher-key" => return Ok(Thing::PublisherKey(name)),
                "task" => return self.task(action, name).await,
                _ => {}
            }
        }
        let entity_ref = EntityRef::parse(label, None, EntityRef::DEFAULT_NAMESPACE)
            .map_err(|error| PermissionsError::Input(format!("\"{label}\": {error}")))?;
        let name = entity_ref.to_string();
        if entity_ref.kind() == "template" && action.plugin() == "scaffolder" {
            return Ok(Thing::Template(name));
        }
        let detail = self
            .catalog()
            .entity_detail(&Principal::System, &entity_ref)
            .await
            .map_err(|_| missing())?;
        Ok(Thing::Entity(name, detail.owners))
    }

    async fn location(&self, action: Action, target: String) -> Result<Thing> {
        let (kind, rest) = target.split_once(':').unwrap_or(("url", &target));
        let key = SourceKey {
            kind: kind.to_owned(),
            target: rest.to_owned(),
        };
        let row = self.catalog().store().location_by_key(&key).await?;
        let goes = match &row {
            Some(row) if action == Action::LocationDelete => {
                self.catalog().owners_of_what_goes(row).await?
            }
            _ => Vec::new(),
        };
        Ok(Thing::Location {
            target,
            created_by: row.and_then(|row| row.created_by),
            goes,
        })
    }

    async fn task(&self, action: Action, id: String) -> Result<Thing> {
        let missing = || PermissionsError::NotFound(format!("task:{id}"));
        let uuid = Uuid::parse_str(&id).map_err(|_| missing())?;
        let store = self.catalog().store();
        let row = store.task(uuid).await?.ok_or_else(missing)?;
        if action != Action::TaskApprove {
            return Ok(Thing::Task(id, row.created_by));
        }
        let asked = store.task_approvals(uuid).await?;
        let question = asked.into_iter().next_back().ok_or_else(missing)?;
        Ok(Thing::Approval {
            task: id,
            created_by: row.created_by,
            by: serde_json::from_str(&question.approvers).unwrap_or_default(),
            four_eyes: question.four_eyes,
        })
    }
}
