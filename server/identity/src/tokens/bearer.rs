//! Who comes with a token.

use std::sync::Arc;

use portico_access::{Principal, Restriction};
use portico_model::EntityRef;
use portico_store::Millis;
use quick_cache::sync::Cache as QuickCache;
use uuid::Uuid;

use super::{TokenKind, secret, types::restrictions};
use crate::{Identity, Result, now};

/// How long a token counts without another look: the time after which one that was revoked at
/// another replica is refused here.
const FRESH: Millis = 2_000;

/// How often it is noted that a token is used.
const TOUCH: Millis = 60_000;

const CAPACITY: usize = 10_000;

#[derive(Clone)]
struct Entry {
    id: Uuid,
    personal: bool,
    owner: Arc<str>,
    restrictions: Arc<[Restriction]>,
    expires_at: Millis,
    read_at: Millis,
}

pub(crate) struct Cache(QuickCache<[u8; 32], Entry>);

impl Default for Cache {
    fn default() -> Self {
        Self(QuickCache::new(CAPACITY))
    }
}

impl Cache {
    pub(super) fn forget(&self, digest: &[u8]) {
        if let Ok(digest) = <[u8; 32]>::try_from(digest) {
            self.0.remove(&digest);
        }
    }
}

impl Identity {
    /// Who comes with a personal token or one of a service's; `None` when it does not count, or
    /// its holder is gone from the catalog. One that is revoked elsewhere is refused here within
    /// two seconds.
    pub async fn bearer(&self, token: &str) -> Result<Option<Principal>> {
        self.bearer_at(token, now()).await
    }

    /// As [`Self::bearer`], at a time in milliseconds since the Unix epoch.
    pub async fn bearer_at(&self, token: &str, now: Millis) -> Result<Option<Principal>> {
        if !secret::looks_right(token) {
            return Ok(None);
        }
        let digest = secret::digest(token);
        let cached = self.0.tokens.0.get(&digest);
        let fresh = cached.filter(|it| (it.read_at..it.read_at + FRESH).contains(&now));
        let entry = match fresh {
            Some(entry) => entry,
            None => match self.read_token(digest, now).await? {
                Some(entry) => entry,
                None => return Ok(None),
            },
        };
        if entry.expires_at <= now {
            return Ok(None);
        }
        Ok(self.token_principal(entry))
    }

    async fn read_token(&self, digest: [u8; 32], now: Millis) -> Result<Option<Entry>> {
        let Some(row) = self.store().token_with_digest(&digest, now).await? else {
            self.0.tokens.forget(&digest);
            return Ok(None);
        };
        if row.last_used_at.is_none_or(|used| now - used >= TOUCH) {
            self.store().touch_token(row.id, now).await?;
        }
        let entry = Entry {
            id: row.id,
            personal: row.kind == TokenKind::Personal.as_str(),
            restrictions: restrictions(&row)?.into(),
            owner: row.owner.into(),
            expires_at: row.expires_at,
            read_at: now,
        };
        self.0.tokens.0.insert(digest, entry.clone());
        Ok(Some(entry))
    }

    /// Roles that a provider gave at sign-in do not come with a token: nobody knows whether its
    /// holder has them still.
    fn token_principal(&self, entry: Entry) -> Option<Principal> {
        if !entry.personal {
            return Some(Principal::Service {
                subject: entry.owner,
                restrictions: entry.restrictions,
            });
        }
        let user = EntityRef::parse(&entry.owner, None, EntityRef::DEFAULT_NAMESPACE).ok()?;
        let holder = self.catalog().principal(&user)?;
        Some(Principal::Token {
            holder: Arc::new(holder),
            id: entry.id.simple().to_string().into(),
            restrictions: entry.restrictions,
        })
    }
}
