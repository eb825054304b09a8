//! Keys.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use minisign::{KeyPair, SecretKey as Minisign, SecretKeyBox};
use serde::{Deserialize, Serialize};

use super::SignError;

/// Tells keys apart; 16 hexadecimal digits, as minisign prints them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeyId(String);

impl KeyId {
    /// The id in what minisign encodes as base64: a public key, or the second line of a signature.
    pub(super) fn of_base64(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.trim()).ok()?;
        // Two bytes name the algorithm, the next eight are the id, in little endian.
        let id: Vec<u8> = bytes.get(2..10)?.iter().rev().copied().collect();
        Some(Self(hex::encode_upper(id)))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a publisher signs with and keeps secret.
pub struct SecretKey(Minisign);

impl SecretKey {
    /// Reads a secret key file of minisign's; `password` unless it was made without one.
    pub fn from_text(text: &str, password: Option<String>) -> Result<Self, SignError> {
        let failed = |error: minisign::PError| SignError::Sign(error.to_string());
        let key = SecretKeyBox::from_string(text).map_err(failed)?;
        match password {
            Some(password) => key.into_secret_key(Some(password)),
            None => key.into_unencrypted_secret_key(),
        }
        .map(Self)
        .map_err(failed)
    }

    pub(super) fn inner(&self) -> &Minisign {
        &self.0
    }
}

/// A new pair: the texts of the public and of the secret key file. Without a password the secret
/// key is kept as it is, for machines that have a safe place for it.
pub fn generate_keys(password: Option<String>) -> Result<(String, String), SignError> {
    let failed = |error: minisign::PError| SignError::Sign(error.to_string());
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(failed)?;
    let public = pair.pk.to_box().map_err(failed)?.into_string();
    let comment = Some("secret key of a publisher of Portico plugins");
    let secret = pair.sk.to_box(comment).map_err(failed)?.into_string();
    Ok((public, secret))
}
