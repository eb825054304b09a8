//! Signed sign-in sessions: what the session cookie holds.
//!
//! `v1.<payload>.<mac>`, both parts base64 (URL-safe, no padding): a JSON payload and
//! its HMAC-SHA256. Nothing is stored, so every replica with the same key accepts it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _, digest::Key};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

const VERSION: &str = "v1";

/// The subject of a session that acts as [`Principal::LocalAdmin`](crate::Principal::LocalAdmin).
pub const LOCAL_ADMIN: &str = "local-admin";

/// Who signed in, and until when that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// A user ref (`user:default/ada`) or [`LOCAL_ADMIN`].
    #[serde(rename = "sub")]
    pub subject: String,
    /// Seconds since the Unix epoch.
    #[serde(rename = "exp")]
    pub expires_at: u64,
}

/// The key that sessions are signed with. All replicas share one.
#[derive(Clone)]
pub struct SessionKey(Hmac<Sha256>);

impl SessionKey {
    /// A key derived from a secret of any length; 32 random bytes are right.
    pub fn new(secret: &[u8]) -> Self {
        let digest = Sha256::digest(secret);
        let mut key = Key::<Hmac<Sha256>>::default();
        for (place, byte) in key.iter_mut().zip(digest) {
            *place = byte;
        }
        Self(Hmac::new(&key))
    }

    /// The cookie value for `session`.
    pub fn seal(&self, session: &Session) -> String {
        let payload = serde_json::to_vec(session).unwrap_or_default();
        let signed = format!("{VERSION}.{}", URL_SAFE_NO_PAD.encode(payload));
        let mac = self.mac(&signed).finalize().into_bytes();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac))
    }

    /// The session in a cookie value; `None` when it was not sealed with this key or
    /// is over at `now` (seconds since the Unix epoch).
    pub fn open(&self, cookie: &str, now: u64) -> Option<Session> {
        let (signed, mac) = cookie.rsplit_once('.')?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(signed).verify_slice(&mac).ok()?;
        let payload = signed.strip_prefix(VERSION)?.strip_prefix('.')?;
        let session: Session =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()?;
        (session.expires_at > now).then_some(session)
    }

    fn mac(&self, signed: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(signed)
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey(****)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session {
            subject: "user:default/ada".to_owned(),
            expires_at: 1_000,
        }
    }

    #[test]
    fn opens_what_it_sealed_until_it_ends() {
        let key = SessionKey::new(&[7; 32]);
        let cookie = key.seal(&session());
        assert_eq!(key.open(&cookie, 999), Some(session()));
        assert_eq!(key.open(&cookie, 1_000), None);
    }

    #[test]
    fn refuses_another_key_and_any_change() {
        let key = SessionKey::new(&[7; 32]);
        let cookie = key.seal(&session());
        assert_eq!(SessionKey::new(&[8; 32]).open(&cookie, 0), None);
        let forged = key.seal(&Session {
            subject: LOCAL_ADMIN.to_owned(),
            ..session()
        });
        let (payload, _) = forged.rsplit_once('.').unwrap();
        let (_, mac) = cookie.rsplit_once('.').unwrap();
        assert_eq!(key.open(&format!("{payload}.{mac}"), 0), None);
        for text in [
            "",
            "v1",
            "v1..",
            "v1.e30.",
            &cookie[1..],
            &cookie[..cookie.len() - 1],
        ] {
            assert_eq!(key.open(text, 0), None, "{text}");
        }
    }
}
