//! What a token is: wanted, issued, and in a list.

use std::time::Duration;

use portico_access::Restriction;
use portico_config::Secret;
use portico_store::{Millis, StoreError, TokenRow};
use uuid::Uuid;

use crate::Result;

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A person's: it acts as them.
    Personal,
    /// A service's: it acts as the service of the token's name.
    Service,
}

impl TokenKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "personal",
            Self::Service => "service",
        }
    }

    /// How tokens of this kind begin, so that scanners know them where they should not be.
    pub(super) fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "portico_pat_",
            Self::Service => "portico_svc_",
        }
    }
}

/// A token that somebody asks for.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Whose it is to be.
    pub kind: TokenKind,
    /// What to call it; of a service's token, the service.
    pub name: String,
    /// How long it counts.
    pub lifetime: Duration,
    /// What it is limited to; empty means everything its holder may, or that it administers.
    pub restrictions: Vec<Restriction>,
}

/// A token that was just made.
#[derive(Clone, Debug)]
pub struct IssuedToken {
    /// The token itself, which nobody can see again.
    pub secret: Secret,
    /// What lists tell of it.
    pub view: TokenView,
}

/// A token, as lists tell of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenView {
    /// Its id.
    pub id: Uuid,
    /// What it is called; of a service's token, the service.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it is limited to; empty means no limit.
    pub restrictions: Vec<Restriction>,
    /// Who made it, as audit events name principals.
    pub created_by: String,
    /// When.
    pub created_at: Millis,
    /// When it ends, or ended.
    pub expires_at: Millis,
    /// When it was last used, give or take a minute.
    pub last_used_at: Option<Millis>,
}

impl TokenView {
    pub(super) fn of(row: TokenRow) -> Result<Self> {
        Ok(Self {
            restrictions: restrictions(&row)?,
            id: row.id,
            name: row.name,
            prefix: row.prefix,
            created_by: row.created_by,
            created_at: row.created_at,
            expires_at: row.expires_at,
            last_used_at: row.last_used_at,
        })
    }
}

pub(super) fn restrictions(row: &TokenRow) -> Result<Vec<Restriction>> {
    serde_json::from_str(&row.restrictions).map_err(|error| {
        let what = format!("restrictions of {}: {error}", row.id);
        StoreError::Inconsistent {
            table: "access_token",
            what,
        }
        .into()
    })
}
