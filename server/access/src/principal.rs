//! Who is asking.

use std::sync::Arc;

use crate::Restriction;

/// How audit events, and the development sign-in form, name [`Principal::LocalAdmin`].
pub const LOCAL_ADMIN: &str = "local-admin";

/// The one on whose behalf a call is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principal {
    /// Nobody signed in.
    Anonymous,
    /// A person who signed in and has no `User` entity in the catalog.
    Guest {
        /// How the sign-in provider names them, `microsoft:<tenant>/<object id>`.
        subject: Arc<str>,
        /// Roles that the provider gave them.
        roles: Arc<[String]>,
    },
    /// A person of the catalog.
    User {
        /// The `User` entity, `user:default/ada`.
        user_ref: Arc<str>,
        /// The user's own ref and the refs of the groups they belong to, nested groups included.
        owns: Arc<[String]>,
        /// Roles that the sign-in provider gave them, such as Entra's app roles.
        roles: Arc<[String]>,
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
    /// A workload that proved who it is with an access token of the sign-in provider.
    Workload {
        /// Its client id, `<provider>/<client id>`.
        subject: Arc<str>,
        /// Roles that the provider gave it.
        roles: Arc<[String]>,
    },
    /// Somebody's personal access token: it acts as its holder and may do no more than they may.
    /// Tasks of services whose token is limited run as one, too.
    Token {
        /// On whose behalf.
        holder: Arc<Principal>,
        /// The token's id; empty for a task of a service.
        id: Arc<str>,
        /// What the token is limited to; empty means everything that its holder may.
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
            Self::Guest { subject, .. } => format!("guest:{subject}"),
            Self::User { user_ref, .. } => user_ref.to_string(),
            Self::Workload { subject, .. } => format!("workload:{subject}"),
            Self::Token { holder, .. } => holder.label(),
            Self::LocalAdmin => LOCAL_ADMIN.to_owned(),
            Self::Service { subject, .. } => format!("service:{subject}"),
            Self::System => "system".to_owned(),
        }
    }

    /// The refs the principal may claim as an owner (own ref and groups).
    pub fn claims(&self) -> &[String] {
        match self {
            Self::User { owns, .. } => owns,
            Self::Token { holder, .. } => holder.claims(),
            _ => &[],
        }
    }

    /// Whether it is somebody who signed in at a provider or was chosen on the development page,
    /// or their token: who owns what the catalog says, and nothing else.
    pub fn is_person(&self) -> bool {
        match self {
            Self::User { .. } | Self::Guest { .. } => true,
            Self::Token { holder, .. } => holder.is_person(),
            _ => false,
        }
    }

    /// The `User` entity of the person, or of the person whose token it is.
    pub fn user_ref(&self) -> Option<&str> {
        match self {
            Self::User { user_ref, .. } => Some(user_ref),
            Self::Token { holder, .. } => holder.user_ref(),
            _ => None,
        }
    }

    /// Roles that the sign-in provider gave.
    pub fn roles(&self) -> &[String] {
        match self {
            Self::Guest { roles, .. } | Self::User { roles, .. } | Self::Workload { roles, .. } => {
                roles
            }
            Self::Token { holder, .. } => holder.roles(),
            _ => &[],
        }
    }

    /// Whether somebody is signed in.
    pub fn is_signed_in(&self) -> bool {
        !matches!(self, Self::Anonymous)
    }
}
