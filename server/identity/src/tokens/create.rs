//! Making tokens.

use std::time::Duration;

use portico_access::{Action, Principal, Resource};
use portico_catalog::Catalog;
use portico_store::{AuditEvent, TokenRow};
use serde_json::json;
use uuid::Uuid;

use super::{IssuedToken, NewToken, TokenKind, TokenView, scope, secret};
use crate::{Identity, IdentityError, Result, now};

/// In characters.
const LONGEST_NAME: usize = 100;

/// How many tokens a person may have at once.
const MOST: usize = 50;

const SHORTEST_LIFETIME: Duration = Duration::from_mins(1);

fn action(kind: TokenKind) -> Action {
    match kind {
        TokenKind::Personal => Action::TokenManageOwn,
        TokenKind::Service => Action::TokenManage,
    }
}

impl Identity {
    /// Makes a token: a personal one for `who`, or one for a service. The answer is the only
    /// place where it can ever be seen. Nobody makes a token with a token.
    pub async fn create_token(&self, who: &Principal, new: NewToken) -> Result<IssuedToken> {
        let name = new.name.trim();
        let id = Uuid::now_v7();
        let action = action(new.kind);
        let owner = match new.kind {
            TokenKind::Personal => who.label(),
            TokenKind::Service => name.to_owned(),
        };
        let authorizer = self.catalog().authorizer();
        let grounds = authorizer.require(who, action, &Resource::Any)?;
        self.check(who, &new, name).await?;

        let (secret, prefix) = secret::random(new.kind)?;
        let now = now();
        let expires_at = now + new.lifetime.as_millis() as i64;
        let restrictions = json!(new.restrictions);
        let details = json!({
            "name": name, "kind": new.kind.as_str(), "holder": owner,
            "expiresAt": expires_at, "restrictions": restrictions,
        });
        let event = AuditEvent {
            resource: format!("token:{}", id.simple()),
            ..Catalog::audit(who, action, &Resource::Any, grounds, details)
        };
        let row = TokenRow {
            id,
            kind: new.kind.as_str().to_owned(),
            owner: owner.clone(),
            name: name.to_owned(),
            digest: secret::digest(secret.expose()).to_vec(),
            prefix,
            restrictions: restrictions.to_string(),
            created_by: who.label(),
            created_at: now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        if !self.store().insert_token(&row, &event).await? {
            return Err(IdentityError::Conflict(format!(
                "\"{owner}\" has a token already: revoke it first, or choose another name"
            )));
        }
        let view = TokenView::of(row)?;
        Ok(IssuedToken { secret, view })
    }

    /// Whether somebody may make such a token: personal ones are for people of the catalog.
    pub fn may_create_token(&self, who: &Principal, kind: TokenKind) -> bool {
        let authorizer = self.catalog().authorizer();
        (kind == TokenKind::Service || who.user_ref().is_some())
            && authorizer.allows(who, action(kind), &Resource::Any)
    }

    async fn check(&self, who: &Principal, new: &NewToken, name: &str) -> Result<()> {
        let input = |text: String| Err(IdentityError::Input(text));
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return input(format!("a name has 1 to {LONGEST_NAME} characters"));
        }
        if name.chars().any(char::is_control) {
            return input("a name is one line of text".to_owned());
        }
        let longest = self.catalog().config().auth.token_lifetime;
        if !(SHORTEST_LIFETIME..=longest).contains(&new.lifetime) {
            let days = longest.as_secs() / 86_400;
            return input(format!(
                "a token counts for a minute at least, and {days} days at most"
            ));
        }
        scope::check(&new.restrictions)?;
        match new.kind {
            TokenKind::Personal if who.user_ref().is_none() => input(
                "only a person of the catalog holds personal tokens; \
                 make a service token instead"
                    .to_owned(),
            ),
            TokenKind::Personal => {
                let held = self.store().tokens_of(&who.label()).await?.len();
                if held < MOST {
                    return Ok(());
                }
                Err(IdentityError::Conflict(format!(
                    "you have {held} tokens: revoke those you do not use"
                )))
            }
            TokenKind::Service => {
                let configured = &self.catalog().config().backend.external_access;
                if configured.iter().any(|it| it.subject == name) {
                    return Err(IdentityError::Conflict(format!(
                        "\"{name}\" is a service of backend.auth.externalAccess already"
                    )));
                }
                Ok(())
            }
        }
    }
}
