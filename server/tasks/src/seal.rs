//! Encryption of what must not be read in the database: secrets, and the files of checkpoints.

use std::{fmt, fs, io, path::Path};

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    rand,
};
use sha2::{Digest as _, Sha256};

/// The shortest text that is taken for a key.
const SHORTEST: usize = 32;

/// The key that secrets are encrypted with: AES-256-GCM, with a random nonce each time.
#[derive(Clone)]
pub struct SecretsKey([u8; 32]);

/// Something was not encrypted with this key for this place, or was changed.
#[derive(Debug, thiserror::Error)]
#[error(
    "it was encrypted with another key: scaffolder.secretsKey has changed, or is not the same on all replicas"
)]
pub(crate) struct Unsealable;

impl SecretsKey {
    /// The key that a configured text stands for. `None` when it is shorter than 32 characters.
    pub fn from_text(text: &str) -> Option<Self> {
        if text.len() < SHORTEST {
            return None;
        }
        let mut digest = Sha256::new();
        digest.update(b"portico scaffolder secrets\0");
        digest.update(text.as_bytes());
        Some(Self(digest.finalize().into()))
    }

    /// The key in a file that only this user may read; made when it is not there.
    pub fn from_file(file: &Path) -> io::Result<Self> {
        let text = match fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => make(file)?,
            Err(error) => return Err(error),
        };
        Self::from_text(text.trim()).ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidData, "there is no key in the file")
        })
    }

    /// Encrypts for a place, such as the id of a task: it cannot be moved elsewhere.
    pub(crate) fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let key = self.key()?;
        let mut sealed = plain.to_vec();
        let nonce = key
            .seal_in_place_append_tag(Aad::from(place), &mut sealed)
            .map_err(|_| Unsealable)?;
        Ok([nonce.as_ref().as_slice(), &sealed].concat())
    }

    /// Decrypts what was encrypted for a place.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or(Unsealable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
        let mut plain = sealed.to_vec();
        let length = self
            .key()?
            .open_in_place(nonce, Aad::from(place), &mut plain)
            .map_err(|_| Unsealable)?
            .len();
        plain.truncate(length);
        Ok(plain)
    }

    fn key(&self) -> Result<RandomizedNonceKey, Unsealable> {
        RandomizedNonceKey::new(&AES_256_GCM, &self.0).map_err(|_| Unsealable)
    }
}

impl fmt::Debug for SecretsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretsKey(****)")
    }
}

/// Makes the file whole and then gives it its name: of two at once, the first one counts.
fn make(file: &Path) -> io::Result<String> {
    let mut key = [0; 32];
    rand::fill(&mut key).map_err(|_| io::Error::other("there are no random numbers"))?;
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Temporary files are for this user only.
    let aside = tempfile::NamedTempFile::new_in(folder)?;
    fs::write(aside.path(), hex::encode(key))?;
    match aside.persist_noclobber(file) {
        Err(error) if error.error.kind() != io::ErrorKind::AlreadyExists => Err(error.error),
        _ => fs::read_to_string(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_key_opens_and_only_in_its_place() {
        let key = SecretsKey::from_text(&"k".repeat(32)).unwrap();
        let other = SecretsKey::from_text(&"o".repeat(32)).unwrap();
        let sealed = key.seal("a", b"hunter2").unwrap();
        assert_ne!(sealed, key.seal("a", b"hunter2").unwrap());
        assert!(!sealed.windows(7).any(|it| it == b"hunter2"));
        assert_eq!(key.open("a", &sealed).unwrap(), b"hunter2");
        assert!(key.open("b", &sealed).is_err() && other.open("a", &sealed).is_err());
        assert!(key.open("a", &sealed[..5]).is_err());
        assert!(SecretsKey::from_text("short").is_none());
        assert_eq!(format!("{key:?}"), "SecretsKey(****)");
    }

    #[test]
    fn a_file_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("data/key");
        let sealed = SecretsKey::from_file(&file)
            .unwrap()
            .seal("a", b"x")
            .unwrap();
        assert_eq!(
            SecretsKey::from_file(&file)
                .unwrap()
                .open("a", &sealed)
                .unwrap(),
            b"x"
        );
    }
}
