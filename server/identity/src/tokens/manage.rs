//! Which tokens there are, and revoking them.

use portico_access::{Action, Principal, Resource};
use portico_catalog::Catalog;
use portico_store::AuditEvent;
use serde_json::json;
use uuid::Uuid;

use super::{TokenKind, TokenView};
use crate::{Identity, IdentityError, Result, now};

impl Identity {
    /// The personal tokens of `who`, or of `other` (a user ref) for those who may, newest first.
    pub async fn tokens_of(&self, who: &Principal, other: Option<&str>) -> Result<Vec<TokenView>> {
        let own = who.label();
        let holder = other.unwrap_or(&own);
        let action = match holder == own {
            true => Action::TokenManageOwn,
            false => Action::TokenManage,
        };
        let authorizer = self.catalog().authorizer();
        authorizer.require(who, action, &Resource::Any)?;
        let rows = self.store().tokens_of(holder).await?;
        rows.into_iter().map(TokenView::of).collect()
    }

    /// The tokens of services by name, for those who make them.
    pub async fn service_tokens(&self, who: &Principal) -> Result<Vec<TokenView>> {
        let authorizer = self.catalog().authorizer();
        authorizer.require(who, Action::TokenManage, &Resource::Any)?;
        let rows = self.store().service_tokens().await?;
        rows.into_iter().map(TokenView::of).collect()
    }

    /// Revokes a token of a kind: one of one's own, or anybody's for those who may. Fails with
    /// [`IdentityError::NotFound`] when there is none that the caller may know of.
    pub async fn revoke_token(&self, who: &Principal, kind: TokenKind, id: Uuid) -> Result<()> {
        let not_found = || IdentityError::NotFound(format!("token {id}"));
        let authorizer = self.catalog().authorizer();
        let (own, others) = (Action::TokenManageOwn, Action::TokenManage);
        let action = if kind == TokenKind::Personal {
            own
        } else {
            others
        };
        authorizer.require(who, action, &Resource::Any)?;
        let row = self.store().token(id).await?;
        let row = row
            .filter(|it| it.kind == kind.as_str())
            .ok_or_else(not_found)?;
        let is_own = kind == TokenKind::Personal && row.owner == who.label();
        let action = if is_own { own } else { others };
        // Who may not revoke it may not know that it exists either.
        let grounds = authorizer.require(who, action, &Resource::Any);
        let grounds = grounds.map_err(|_| not_found())?;
        let details = json!({
            "name": row.name, "kind": row.kind, "holder": row.owner, "revoked": true,
        });
        let event = AuditEvent {
            resource: format!("token:{}", id.simple()),
            ..Catalog::audit(who, action, &Resource::Any, grounds, details)
        };
        self.store().revoke_token(id, now(), &event).await?;
        self.0.tokens.forget(&row.digest);
        Ok(())
    }
}
