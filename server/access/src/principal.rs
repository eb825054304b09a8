//! Who is asking.

use std::sync::Arc;

use crate::Restriction;

/// The one on whose behalf a call is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody signed in.
    Anonymous,
    /// A person of the catalog.
    User {
        /// The `User` entity, `user:default/ada`.
        user_ref: Arc<str>,
        /// The user's own ref and the refs of the groups they belong to, nested groups included.
        owns: Arc<[String]>,
    },
    /// The local administrator of a development portal.
    LocalAdmin,
    /// A service that holds a static token.
    Service {
        /// The token's `subject` in the configuration.
        subject: Arc<str>,
        /// What the token is limited to; empty means everything.
        restrictions: Arc<[Restriction]>,
    },
    /// Portico itself: scheduled reads, configuration.
    System,
}

impl Principal {
    /// How audit events and logs name the principal.
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::User { user_ref, .. } => user_ref.to_string(),
            Self::LocalAdmin => "local-admin".to_owned(),
            Self::Service { subject, .. } => format!("service:{subject}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The refs the principal may claim as an owner (own ref and groups).
    pub fn claims(&self) -> &[String] {
        match self {
            Self::User { owns, .. } => owns,
            _ => &[],
        }
    }

    /// Whether somebody is signed in.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }
}
