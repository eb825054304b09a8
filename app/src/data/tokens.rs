//! Access tokens of people and of services.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// A page of tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensView {
    /// Those that are not revoked.
    pub tokens: Vec<TokenRow>,
    /// What tokens can be limited to.
    pub areas: Vec<AreaView>,
    /// For how many days a token counts at most.
    pub max_days: u64,
    /// Whether the caller can make some here.
    pub can_create: bool,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// A token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// What it is called; of a service's token, the service.
    pub name: String,
    /// How it begins.
    pub prefix: String,
    /// What it is limited to, in words; no limit when there are none.
    pub limits: Vec<String>,
    /// Who made it.
    pub created_by: String,
    /// When, in milliseconds since the epoch.
    pub created_at: i64,
    /// In how many days it ends; none when it has ended.
    pub days_left: Option<i64>,
    /// When it was last used.
    pub last_used_at: Option<i64>,
}

/// A part of the portal that a token can be limited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaView {
    /// As restrictions name it.
    pub plugin: String,
    /// What people call it.
    pub label: String,
    /// What there is to read and to change.
    pub help: String,
}

/// A token, as it is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenInput {
    /// Whether it is for a service.
    pub service: bool,
    /// What to call it.
    pub name: String,
    /// For how many days it counts.
    pub days: u32,
    /// Whether it has no limits.
    pub everything: bool,
    /// Areas, and whether things can be changed there too.
    pub areas: Vec<(String, bool)>,
}

/// A token that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedView {
    /// What it is called.
    pub name: String,
    /// The token itself, which nobody can see again.
    pub token: String,
}

/// The personal tokens of the caller, or of somebody else for administrators.
#[server(prefix = "/_ui", endpoint = "tokens", input = Json, output = Json)]
pub async fn load_tokens(user: Option<String>) -> Result<TokensView, UiError> {
    use portico_identity::TokenKind;

    let context = super::server_context()?;
    let who = &context.principal;
    let tokens = context.identity.tokens_of(who, user.as_deref()).await?;
    let own = user.is_none_or(|it| it == who.label());
    let can_create = own && context.identity.may_create_token(who, TokenKind::Personal);
    Ok(server::view(&context, tokens, can_create))
}

/// The tokens of services, for administrators.
#[server(prefix = "/_ui", endpoint = "service-tokens", input = Json, output = Json)]
pub async fn load_service_tokens() -> Result<TokensView, UiError> {
    use portico_identity::TokenKind;

    let context = super::server_context()?;
    let who = &context.principal;
    let tokens = context.identity.service_tokens(who).await?;
    let can_create = context.identity.may_create_token(who, TokenKind::Service);
    Ok(server::view(&context, tokens, can_create))
}

/// Makes a token, and shows it this once.
#[server(prefix = "/_ui", endpoint = "create-token", input = Json, output = Json)]
pub async fn create_token(input: TokenInput) -> Result<IssuedView, UiError> {
    let context = super::server_context()?;
    if !input.everything && input.areas.is_empty() {
        return Err(UiError::invalid("choose what it may do"));
    }
    let new = server::wanted(input);
    let issued = context
        .identity
        .create_token(&context.principal, new)
        .await?;
    Ok(IssuedView {
        name: issued.view.name,
        token: issued.secret.expose().to_owned(),
    })
}

/// Revokes a token, at once.
#[server(prefix = "/_ui", endpoint = "revoke-token", input = Json, output = Json)]
pub async fn revoke_token(service: bool, id: String) -> Result<(), UiError> {
    let context = super::server_context()?;
    let id = id.parse().map_err(|_| UiError::invalid("no token id"))?;
    let kind = server::kind(service);
    Ok(context
        .identity
        .revoke_token(&context.principal, kind, id)
        .await?)
}

#[cfg(feature = "ssr")]
mod server {
    use std::time::Duration;

    use portico_access::Restriction;
    use portico_identity::{AREAS, NewToken, TokenKind, TokenView, describe};

    use super::{AreaView, TokenInput, TokenRow, TokensView};
    use crate::{ServerContext, data::now_millis};

    const DAY: i64 = 24 * 3_600_000;

    pub(super) fn kind(service: bool) -> TokenKind {
        if service {
            TokenKind::Service
        } else {
            TokenKind::Personal
        }
    }

    pub(super) fn wanted(input: TokenInput) -> NewToken {
        let restrictions = input.areas.into_iter().map(|(plugin, change)| Restriction {
            plugin,
            permissions: Vec::new(),
            verbs: if change {
                Vec::new()
            } else {
                vec!["read".to_owned()]
            },
        });
        NewToken {
            kind: kind(input.service),
            name: input.name,
            lifetime: Duration::from_hours(24 * u64::from(input.days)),
            restrictions: if input.everything {
                Vec::new()
            } else {
                restrictions.collect()
            },
        }
    }

    pub(super) fn view(
        context: &ServerContext,
        tokens: Vec<TokenView>,
        can_create: bool,
    ) -> TokensView {
        let now = now_millis();
        let longest = context.catalog.config().auth.token_lifetime;
        TokensView {
            tokens: tokens.into_iter().map(|it| row(it, now)).collect(),
            areas: AREAS
                .iter()
                .map(|it| AreaView {
                    plugin: it.plugin.to_owned(),
                    label: it.label.to_owned(),
                    help: it.help.to_owned(),
                })
                .collect(),
            max_days: longest.as_secs() / 86_400,
            can_create,
            now,
        }
    }

    fn row(token: TokenView, now: i64) -> TokenRow {
        let left = token.expires_at - now;
        TokenRow {
            id: token.id.to_string(),
            name: token.name,
            prefix: token.prefix,
            limits: token.restrictions.iter().map(describe).collect(),
            created_by: token.created_by,
            created_at: token.created_at,
            days_left: (left > 0).then_some((left + DAY - 1) / DAY),
            last_used_at: token.last_used_at,
        }
    }
}
