//! What the cookie holds: `<id>.<secret>`.

use std::fmt;

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_config::Secret;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::seal::TokensKey;
use crate::{IdentityError, Result};

/// The id of a session and the proof that the browser holds it: 32 random bytes, of which
/// only a digest is stored.
#[derive(Clone)]
pub struct SessionSecret {
    pub(super) id: Uuid,
    secret: [u8; 32],
}

impl SessionSecret {
    /// Another id and another secret each time.
    pub(super) fn random() -> Result<Self> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).map_err(|_| IdentityError::Crypto("no random numbers"))?;
        let id = Uuid::now_v7();
        Ok(Self { id, secret })
    }

    /// The id of the session, which is no secret.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// The value of the cookie.
    pub fn cookie(&self) -> Secret {
        let secret = URL_SAFE_NO_PAD.encode(self.secret);
        Secret::new(format!("{}.{secret}", self.id.simple()))
    }

    /// What a cookie holds; `None` when it is none of ours.
    pub(super) fn parse(cookie: &str) -> Option<Self> {
        let (id, secret) = cookie.split_once('.')?;
        let secret = URL_SAFE_NO_PAD.decode(secret).ok()?.try_into().ok()?;
        let id = Uuid::try_parse(id).ok()?;
        Some(Self { id, secret })
    }

    /// What the store keeps of it.
    pub(super) fn digest(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }

    /// What the provider's tokens are encrypted with: who reads the database cannot use them.
    pub(super) fn tokens_key(&self) -> TokensKey {
        TokensKey::derive(&self.secret, self.id)
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionSecret({}.****)", self.id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_holds_what_it_was_made_of() {
        let secret = SessionSecret::random().unwrap();
        let cookie = secret.cookie();
        let parsed = SessionSecret::parse(cookie.expose()).unwrap();
        assert_eq!((parsed.id, parsed.digest()), (secret.id, secret.digest()));
        let shown = format!("{secret:?}");
        let (_, hidden) = cookie.expose().split_once('.').unwrap();
        assert!(!shown.contains(hidden), "{shown}");
        let whole = cookie.expose();
        for text in ["", ".", "a.b", &whole[1..], &whole[..whole.len() - 1]] {
            assert!(SessionSecret::parse(text).is_none(), "{text}");
        }
    }
}
