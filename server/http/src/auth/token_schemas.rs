//! Access tokens as the API tells of them.

use std::time::Duration;

use portico_access::Restriction;
use portico_identity::{IssuedToken, NewToken, TokenKind, TokenView};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a token is limited to, as in `backend.auth.externalAccess`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = AccessRestriction)]
pub(super) struct AccessRestriction {
    /// A part of the portal.
    #[schema(example = "catalog")]
    plugin: String,
    /// Permissions there; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["catalog.entity.read"]))]
    permission: Vec<String>,
    /// `create`, `read`, `update`, `delete`; all when there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["read"]))]
    action: Vec<String>,
}

/// A token to be made.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewAccessToken)]
pub(super) struct NewBody {
    /// What to call it; of a service's token, the service.
    #[schema(example = "laptop")]
    name: String,
    /// For how many days it counts.
    #[schema(example = 90, minimum = 1)]
    expires_in_days: u32,
    /// What it is limited to; no limit when there are none.
    #[serde(default)]
    access_restrictions: Vec<AccessRestriction>,
}

impl NewBody {
    pub(super) fn of_kind(self, kind: TokenKind) -> NewToken {
        let restrictions = self.access_restrictions.into_iter();
        NewToken {
            kind,
            name: self.name,
            lifetime: Duration::from_hours(24 * u64::from(self.expires_in_days)),
            restrictions: restrictions
                .map(|it| Restriction {
                    plugin: it.plugin,
                    permissions: it.permission,
                    verbs: it.action,
                })
                .collect(),
        }
    }
}

/// Access tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessTokens)]
pub(super) struct List {
    items: Vec<Token>,
}

impl From<Vec<TokenView>> for List {
    fn from(views: Vec<TokenView>) -> Self {
        let items = views.into_iter().map(Token::from).collect();
        Self { items }
    }
}

/// An access token, without the token itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccessToken)]
pub(super) struct Token {
    id: Uuid,
    /// What it is called; of a service's token, the service.
    #[schema(example = "laptop")]
    name: String,
    /// How it begins.
    #[schema(example = "portico_pat_Zm9v")]
    prefix: String,
    /// What it is limited to; no limit when there are none.
    access_restrictions: Vec<AccessRestriction>,
    /// Who made it.
    #[schema(example = "user:default/ada")]
    created_by: String,
    /// When, in milliseconds since 1970 (UTC).
    #[schema(example = 1_790_000_000_000_i64)]
    created_at: i64,
    /// When it ends, or ended.
    #[schema(example = 1_790_000_000_000_i64)]
    expires_at: i64,
    /// When it was last used, give or take a minute.
    last_used_at: Option<i64>,
}

impl From<TokenView> for Token {
    fn from(view: TokenView) -> Self {
        let restrictions = view.restrictions.into_iter();
        Self {
            id: view.id,
            name: view.name,
            prefix: view.prefix,
            access_restrictions: restrictions
                .map(|it| AccessRestriction {
                    plugin: it.plugin,
                    permission: it.permissions,
                    action: it.verbs,
                })
                .collect(),
            created_by: view.created_by,
            created_at: view.created_at,
            expires_at: view.expires_at,
            last_used_at: view.last_used_at,
        }
    }
}

/// A token that was just made. The token itself is shown here and never again.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedAccessToken)]
pub(super) struct Issued {
    /// The token, to be sent as `Authorization: Bearer …`.
    #[schema(example = "portico_pat_…")]
    token: String,
    #[serde(flatten)]
    view: Token,
}

impl From<IssuedToken> for Issued {
    fn from(issued: IssuedToken) -> Self {
        Self {
            token: issued.secret.expose().to_owned(),
            view: issued.view.into(),
        }
    }
}
