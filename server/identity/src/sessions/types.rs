//! What a session is, when it starts, while it lasts, and when it ends.

use std::{fmt, sync::Arc};

use portico_access::LOCAL_ADMIN;
use portico_config::Secret;
use portico_model::EntityRef;
use portico_store::Millis;
use uuid::Uuid;

use super::seal::TokensKey;

/// Whose session it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person of the catalog.
    User(EntityRef),
    /// A person without a `User` entity.
    Guest {
        /// How the provider names them, `microsoft:<tenant>/<object id>`.
        subject: String,
        /// What to call them.
        name: String,
    },
    /// The local administrator of a development portal.
    LocalAdmin,
}

const GUEST: &str = "guest:";

impl Subject {
    /// How audit events name the principal of such a session.
    pub fn label(&self) -> String {
        match self {
            Self::User(user) => user.to_string(),
            Self::Guest { subject, .. } => format!("{GUEST}{subject}"),
            Self::LocalAdmin => LOCAL_ADMIN.to_owned(),
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::User(user) => user.name(),
            Self::Guest { name, .. } => name,
            Self::LocalAdmin => LOCAL_ADMIN,
        }
    }

    /// The subject that a label stands for; `None` when it is nobody's.
    pub(super) fn of_label(label: &str, name: String) -> Option<Self> {
        if label == LOCAL_ADMIN {
            return Some(Self::LocalAdmin);
        }
        if let Some(subject) = label.strip_prefix(GUEST) {
            let subject = subject.to_owned();
            return Some(Self::Guest { subject, name });
        }
        let user = EntityRef::parse(label, None, EntityRef::DEFAULT_NAMESPACE).ok()?;
        (user.kind() == "user").then_some(Self::User(user))
    }
}

/// What a provider gave at sign-in.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderTokens {
    /// Who it says they are; needed to sign out there.
    pub id_token: Secret,
    /// What asks for new ones.
    pub refresh_token: Option<Secret>,
    /// Until when its access token counts, in milliseconds since the Unix epoch.
    pub expires_at: Millis,
}

impl fmt::Debug for ProviderTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderTokens")
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

/// A session that is about to start.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose.
    pub subject: Subject,
    /// `development`, or the id of the provider.
    pub provider: String,
    /// What the provider calls its own session (`sid`).
    pub provider_session: Option<String>,
    /// Roles that the provider gave.
    pub roles: Vec<String>,
    /// What the provider gave to come back with.
    pub tokens: Option<ProviderTokens>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
    /// The client's address.
    pub address: Option<String>,
}

/// A session that counts.
#[derive(Clone, Debug)]
pub struct ActiveSession {
    /// Its id, which is no secret.
    pub id: Uuid,
    /// Whose.
    pub subject: Subject,
    /// `development`, or the id of the provider.
    pub provider: String,
    /// What the provider calls its own session (`sid`).
    pub provider_session: Option<String>,
    /// Roles that the provider gave.
    pub roles: Arc<[String]>,
    /// What the provider gave to come back with.
    pub tokens: Option<ProviderTokens>,
    /// When it ends unless it is used before.
    pub idle_ends_at: Millis,
    /// When it ends.
    pub ends_at: Millis,
    /// What the tokens are encrypted with. It comes with the cookie and is stored nowhere.
    pub(super) key: TokensKey,
}

/// What is left of a session that was ended, for signing out at the provider.
#[derive(Clone, Debug)]
pub struct EndedSession {
    /// Whose it was.
    pub subject: Subject,
    /// `development`, or the id of the provider.
    pub provider: String,
    /// The provider's token for signing out there.
    pub id_token: Option<Secret>,
}

/// A session, as lists tell of it.
#[derive(Clone, Debug)]
pub struct SessionView {
    /// Its id.
    pub id: Uuid,
    /// Whose, as audit events name them.
    pub subject: String,
    /// `development`, or the id of the provider.
    pub provider: String,
    /// The browser, as it named itself.
    pub user_agent: Option<String>,
    /// The client's address at sign-in.
    pub address: Option<String>,
    /// When it began.
    pub created_at: Millis,
    /// When it was last used, give or take a minute.
    pub last_seen_at: Millis,
    /// When it ends unless it is used before, at the latest when it ends anyway.
    pub ends_at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_stands_for_its_subject() {
        let subjects = [
            Subject::User(EntityRef::new("user", "default", "ada")),
            Subject::Guest {
                subject: "microsoft:t/o".to_owned(),
                name: "Grace".to_owned(),
            },
            Subject::LocalAdmin,
        ];
        for subject in subjects {
            let name = subject.name().to_owned();
            assert_eq!(Subject::of_label(&subject.label(), name), Some(subject));
        }
        for other in ["system", "component:default/a", "service:ci", ""] {
            assert_eq!(Subject::of_label(other, String::new()), None, "{other}");
        }
    }
}
