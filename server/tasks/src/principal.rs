//! In whose name a task runs: with the rights that they have now, and no more than the
//! credential allowed that they created it with.

use std::sync::Arc;

use portico_access::{LOCAL_ADMIN, Principal, Restriction};
use portico_catalog::Catalog;
use portico_model::EntityRef;
use portico_store::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Result, Tasks, TasksError, now};

/// What is known of the credential alone, kept with the task that it created: what it is limited
/// to, or which roles it gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Credential {
    /// The id of a personal token; services have none.
    pub(crate) token: Option<String>,
    /// What it is limited to; empty means everything that its holder may.
    pub(crate) restrictions: Vec<Restriction>,
    /// The roles in a workload's token: nothing else says what a workload is.
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

impl Credential {
    /// Of whoever creates a task; `None` when all that it says is known without it.
    pub(crate) fn of(who: &Principal) -> Option<Self> {
        match who {
            Principal::Token {
                id, restrictions, ..
            } => Some(Self {
                token: Some(id.to_string()),
                restrictions: restrictions.to_vec(),
                roles: Vec::new(),
            }),
            Principal::Service { restrictions, .. } if !restrictions.is_empty() => Some(Self {
                token: None,
                restrictions: restrictions.to_vec(),
                roles: Vec::new(),
            }),
            Principal::Workload { roles, .. } => Some(Self {
                token: None,
                restrictions: Vec::new(),
                roles: roles.to_vec(),
            }),
            _ => None,
        }
    }
}

impl Tasks {
    /// Who a task runs as, from how audit events name them and the credential that they came
    /// with. What they may do is looked up anew, and is never more than the credential allowed
    /// when the task was created. Fails when there is no such person, service or token any more.
    pub(crate) async fn creator(
        &self,
        label: &str,
        credential: Option<&Credential>,
    ) -> Result<Principal> {
        if let Some(subject) = label.strip_prefix("workload:") {
            return self.workload(subject, credential);
        }
        let holder = self.holder(label).await?.ok_or_else(|| {
            TasksError::Input(format!(
                "{label} created the task, and is not there any more"
            ))
        })?;
        let Some(credential) = credential else {
            return Ok(holder);
        };
        if let Some(id) = &credential.token {
            self.require_token(id).await?;
        }
        Ok(Principal::Token {
            holder: Arc::new(holder),
            id: credential.token.as_deref().unwrap_or_default().into(),
            restrictions: credential.restrictions.clone().into(),
        })
    }

    /// A program that its provider vouched for, as long as the portal has that provider. It has
    /// the roles that it had when it created the task: the catalog does not know it.
    fn workload(&self, subject: &str, credential: Option<&Credential>) -> Result<Principal> {
        let provider = subject.split('/').next().unwrap_or_default();
        if self.catalog().config().auth.provider(provider).is_none() {
            return Err(TasksError::Input(format!(
                "workload:{subject} created the task, and the portal has no provider {provider} any more"
            )));
        }
        Ok(Principal::Workload {
            subject: subject.into(),
            roles: credential
                .map(|it| it.roles.as_slice())
                .unwrap_or_default()
                .into(),
        })
    }

    /// Who revokes a token wants what was begun with it to stop, too.
    async fn require_token(&self, id: &str) -> Result<()> {
        let row = match id.parse() {
            Ok(id) => self.store().token(id).await?,
            Err(_) => None,
        };
        if row.is_some_and(|row| row.expires_at > now()) {
            return Ok(());
        }
        Err(TasksError::Input(
            "the access token that created the task was revoked or has expired; \
             create the task again"
                .to_owned(),
        ))
    }

    async fn holder(&self, label: &str) -> Result<Option<Principal>> {
        if let Some(subject) = label.strip_prefix("service:") {
            return match configured_service(self.catalog(), subject) {
                Some(service) => Ok(Some(service)),
                None => self.service_with_token(subject).await,
            };
        }
        Ok(match label {
            LOCAL_ADMIN => {
                let is_there = self.catalog().config().is_development();
                is_there.then_some(Principal::LocalAdmin)
            }
            "system" => Some(Principal::System),
            label => EntityRef::parse(label, Some("user"), "default")
                .ok()
                .and_then(|user| self.catalog().principal(&user)),
        })
    }

    /// A service that an administrator made a token for, as long as the token counts.
    async fn service_with_token(&self, subject: &str) -> Result<Option<Principal>> {
        let Some(token) = self.store().service_token(subject, now()).await? else {
            return Ok(None);
        };
        let restrictions: Vec<Restriction> =
            serde_json::from_str(&token.restrictions).map_err(|error| {
                StoreError::Inconsistent {
                    table: "access_token",
                    what: format!("restrictions of {}: {error}", token.id),
                }
            })?;
        Ok(Some(Principal::Service {
            subject: Arc::from(subject),
            restrictions: restrictions.into(),
        }))
    }

    /// What templates see as `user`.
    pub(crate) async fn user(&self, who: &Principal) -> Result<Value> {
        let Some(user_ref) = who.user_ref() else {
            return Ok(json!({"ref": who.label()}));
        };
        let bodies = self
            .catalog()
            .entities_by_refs(who, &[user_ref.to_owned()], None)
            .await?;
        let entity = bodies.into_iter().flatten().next();
        let entity: Option<Value> = entity.and_then(|body| serde_json::from_slice(&body).ok());
        Ok(json!({"ref": user_ref, "entity": entity}))
    }
}

fn configured_service(catalog: &Catalog, subject: &str) -> Option<Principal> {
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
