//! Encryption of what a provider gave: with a key that comes with each cookie and is stored
//! nowhere, so that the database alone does not open it.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use portico_config::Secret;
use portico_store::Millis;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::ProviderTokens;
use crate::{IdentityError, Result};

/// The key of one session's tokens: AES-256-GCM, with a random nonce each time.
#[derive(Clone)]
pub(crate) struct TokensKey {
    key: [u8; 32],
    id: Uuid,
}

#[derive(Serialize, Deserialize)]
struct Plain {
    id_token: String,
    refresh_token: Option<String>,
    expires_at: Millis,
}

impl TokensKey {
    pub(super) fn derive(secret: &[u8; 32], id: Uuid) -> Self {
        let mut digest = Sha256::new();
        digest.update(b"portico session tokens\0");
        digest.update(secret);
        Self {
            key: digest.finalize().into(),
            id,
        }
    }

    pub(super) fn seal(&self, tokens: &ProviderTokens) -> Result<Vec<u8>> {
        const FAILED: IdentityError = IdentityError::Crypto("tokens are not encrypted");
        let plain = Plain {
            id_token: tokens.id_token.expose().to_owned(),
            refresh_token: tokens
                .refresh_token
                .as_ref()
                .map(|it| it.expose().to_owned()),
            expires_at: tokens.expires_at,
        };
        let mut sealed = serde_json::to_vec(&plain).map_err(|_| FAILED)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.key).map_err(|_| FAILED)?;
        let nonce = key
            .seal_in_place_append_tag(Aad::from(self.id.as_bytes()), &mut sealed)
            .map_err(|_| FAILED)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// What was sealed for this session; `None` when it is not what was written.
    pub(super) fn open(&self, sealed: &[u8]) -> Option<ProviderTokens> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.key).ok()?;
        let mut plain = sealed.to_vec();
        let plain = key
            .open_in_place(nonce, Aad::from(self.id.as_bytes()), &mut plain)
            .ok()?;
        let plain: Plain = serde_json::from_slice(plain).ok()?;
        Some(ProviderTokens {
            id_token: Secret::new(plain.id_token),
            refresh_token: plain.refresh_token.map(Secret::new),
            expires_at: plain.expires_at,
        })
    }
}

impl fmt::Debug for TokensKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokensKey(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_session_opens() {
        let id = Uuid::now_v7();
        let tokens = ProviderTokens {
            id_token: Secret::from("an-id-token"),
            refresh_token: Some(Secret::from("a-refresh-token")),
            expires_at: 7,
        };
        let key = TokensKey::derive(&[1; 32], id);
        let sealed = key.seal(&tokens).unwrap();
        assert!(!sealed.windows(8).any(|it| it == b"id-token"));
        assert_eq!(key.open(&sealed), Some(tokens));
        assert_eq!(TokensKey::derive(&[2; 32], id).open(&sealed), None);
        let elsewhere = TokensKey::derive(&[1; 32], Uuid::now_v7());
        assert_eq!(elsewhere.open(&sealed), None);
        assert_eq!(key.open(&sealed[..5]), None);
    }
}
