//! A sign-in that has begun: kept by the browser that began it, in a cookie that only Portico
//! can read.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_store::Millis;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Identity, IdentityError, Result};

/// How long somebody may take at the provider.
pub(super) const LIFETIME: Millis = 600_000;

/// What must come back, and where to go then.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    pub(super) provider: String,
    pub(super) nonce: String,
    pub(super) verifier: String,
    pub(super) return_to: String,
    pub(super) begun_at: Millis,
}

/// The key of the cookies, shared by the replicas.
pub(super) struct PendingKey([u8; 32]);

impl PendingKey {
    pub(super) async fn of(identity: &Identity) -> Result<Self> {
        let secret = identity.store().secret("sign-in", random).await?;
        Ok(Self(Sha256::digest(secret).into()))
    }

    /// The cookie of a sign-in. It opens with the `state` that it was sealed for only.
    pub(super) fn seal(&self, state: &str, pending: &Pending) -> Result<String> {
        const FAILED: IdentityError = IdentityError::Crypto("the sign-in is not encrypted");
        let mut sealed = serde_json::to_vec(pending).map_err(|_| FAILED)?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_| FAILED)?;
        let nonce = key
            .seal_in_place_append_tag(Aad::from(state.as_bytes()), &mut sealed)
            .map_err(|_| FAILED)?;
        Ok(URL_SAFE_NO_PAD.encode([nonce.as_ref().as_slice(), &sealed].concat()))
    }

    pub(super) fn open(&self, state: &str, cookie: &str) -> Option<Pending> {
        let sealed = URL_SAFE_NO_PAD.decode(cookie).ok()?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, &self.0).ok()?;
        let mut plain = sealed.to_vec();
        let plain = key
            .open_in_place(nonce, Aad::from(state.as_bytes()), &mut plain)
            .ok()?;
        serde_json::from_slice(plain).ok()
    }
}

/// What the state of a sign-in is called among what may be done once.
pub(super) fn once(state: &str) -> String {
    format!("sign-in:{}", hex::encode(Sha256::digest(state)))
}

fn random() -> Vec<u8> {
    rand::random::<[u8; 32]>().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_opens_for_its_own_state_and_key_only() {
        let pending = Pending {
            provider: "oidc".to_owned(),
            nonce: "n".to_owned(),
            verifier: "a-verifier".to_owned(),
            return_to: "/catalog".to_owned(),
            begun_at: 1,
        };
        let key = PendingKey([7; 32]);
        let cookie = key.seal("state", &pending).unwrap();
        assert_eq!(key.open("state", &cookie).unwrap().verifier, "a-verifier");
        assert!(key.open("other", &cookie).is_none());
        assert!(PendingKey([8; 32]).open("state", &cookie).is_none());
        for text in ["", "AAAA", &cookie[1..]] {
            assert!(key.open("state", text).is_none(), "{text}");
        }
    }
}
