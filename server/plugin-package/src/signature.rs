//! Who vouches for a plugin.
//!
//! Signatures are minisign's: ed25519 over a `BLAKE2b` digest of the bytes, as text. A signature
//! covers [`Sections::payload`](crate::Sections), so the same text is valid inside the file, as
//! its last section, and beside it, where `minisign -V` can check it without Portico.

mod key;
mod trust;

use std::io::Cursor;

use minisign_verify::Signature as Minisign;
use semver::Version;
use serde::{Deserialize, Serialize};

pub use key::{KeyId, SecretKey, generate_keys};
pub use trust::{PublisherKey, Trust};

use crate::{Manifest, ReadError, SIGNATURE_SECTION, Sections, read_manifest, section::append};

/// The most bytes of a signature's text.
const LIMIT: usize = 2048;

/// Why a signature is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(
    tag = "code",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SignatureError {
    /// Not what minisign writes.
    #[error("the signature is not in minisign's format")]
    Malformed,
    /// A key nobody here knows.
    #[error("the key {key} is not trusted: add it to the publisher `{publisher}` if it is theirs")]
    UnknownKey {
        /// The key that signed.
        key: KeyId,
        /// Who the manifest names.
        publisher: String,
    },
    /// A key that is not trusted any more.
    #[error("the key {key} of `{publisher}` has been revoked: {reason}")]
    RevokedKey {
        /// The key that signed.
        key: KeyId,
        /// Whose key it was.
        publisher: String,
        /// Why, in the platform team's words.
        reason: String,
    },
    /// The key of somebody else.
    #[error("the key {key} belongs to `{owner}`, not to the publisher `{publisher}`")]
    OtherPublisher {
        /// The key that signed.
        key: KeyId,
        /// Whose key it is.
        owner: String,
        /// Who the manifest names.
        publisher: String,
    },
    /// A name this publisher may not use.
    #[error("`{publisher}` may not publish into the namespace `{namespace}`")]
    Namespace {
        /// Who signed.
        publisher: String,
        /// What is before the colon in the plugin's id.
        namespace: String,
    },
    /// The signature was made over other bytes.
    #[error("the signature was made for another file: the bytes are not those that were signed")]
    OtherBytes,
    /// The signature was made for another plugin or version.
    #[error("the signature was made for `{signed}`, and this is `{found}`")]
    OtherPlugin {
        /// What the signature says.
        signed: String,
        /// What the manifest says.
        found: String,
    },
    /// An older version than the one in use.
    #[error("version {offered} is not newer than {current}, which has been accepted before")]
    Downgrade {
        /// The version that is there.
        current: Version,
        /// The version of this file.
        offered: Version,
    },
}

/// What is known about who made a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "state",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum SignatureState {
    /// Nobody has signed it.
    Unsigned,
    /// A trusted key of its publisher has.
    Trusted {
        /// Whose key.
        publisher: String,
        /// Which key.
        key: KeyId,
    },
    /// There is a signature, and it is not good.
    Refused {
        /// Why.
        error: SignatureError,
    },
}

/// A signature, as minisign writes it: four lines of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature(String);

impl Signature {
    /// Reads a signature.
    pub fn from_text(text: &[u8]) -> Result<Self, SignatureError> {
        let text = std::str::from_utf8(text).map_err(|_| SignatureError::Malformed)?;
        if text.len() > LIMIT || Minisign::decode(text).is_err() {
            return Err(SignatureError::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// The signature inside a package, if there is one.
    pub fn of(sections: &Sections<'_>) -> Result<Option<Self>, SignatureError> {
        sections.signature.map(Self::from_text).transpose()
    }

    /// Its text, the content of a `.minisig` file.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whose it claims to be.
    pub fn key(&self) -> Result<KeyId, SignatureError> {
        let line = self.0.lines().nth(1).ok_or(SignatureError::Malformed)?;
        KeyId::of_base64(line).ok_or(SignatureError::Malformed)
    }

    /// The package with this signature inside, in place of one it has.
    pub fn embed(&self, package: &[u8]) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Sections::find(package)?.payload.to_vec();
        append(&mut bytes, SIGNATURE_SECTION, self.0.as_bytes());
        Ok(bytes)
    }

    fn decoded(&self) -> Result<Minisign, SignatureError> {
        Minisign::decode(&self.0).map_err(|_| SignatureError::Malformed)
    }
}

/// Why a package cannot be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Only packages are signed: the signature names the plugin and its version.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The key is not usable.
    #[error("the package cannot be signed: {0}")]
    Sign(String),
}

/// Signs a package. The result is for [`Signature::embed`], or for a file beside the package.
pub fn sign(package: &[u8], key: &SecretKey) -> Result<Signature, SignError> {
    let manifest = read_manifest(package)?;
    let payload = Sections::find(package)?.payload;
    let comment = statement(&manifest);
    let signature = minisign::sign(
        None,
        key.inner(),
        Cursor::new(payload),
        Some(&comment),
        Some("signature of a Portico plugin"),
    )
    .map_err(|error| SignError::Sign(error.to_string()))?;
    Ok(Signature(signature.into_string()))
}

/// What a signature says about the bytes: its trusted comment.
fn statement(manifest: &Manifest) -> String {
    format!("portico plugin {} {}", manifest.id, manifest.version)
}

#[cfg(test)]
mod tests;
