//! The publishers the platform team trusts.

use std::cmp::Ordering;

use minisign_verify::{Error, PublicKey};
use semver::Version;
use serde::{Deserialize, Serialize};

use super::{KeyId, Signature, SignatureError, SignatureState, statement};
use crate::{Manifest, Sections};

/// One key of a publisher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublisherKey {
    /// Whose key it is, as in the manifests they write.
    pub publisher: String,
    /// The second line of minisign's public key file.
    pub key: String,
    /// The namespaces they publish into, such as `infra`; none are all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<String>,
    /// Why it is not trusted any more; none while it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked: Option<String>,
}

impl PublisherKey {
    /// Which key it is; none when it is no minisign key.
    pub fn id(&self) -> Option<KeyId> {
        PublicKey::from_base64(&self.key).ok()?;
        KeyId::of_base64(&self.key)
    }
}

/// All keys the platform team knows, revoked ones too.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trust {
    keys: Vec<PublisherKey>,
}

impl Trust {
    /// Trust in these keys.
    pub fn new(keys: Vec<PublisherKey>) -> Self {
        Self { keys }
    }

    /// What is known about who made a package. `current` is the newest version of this plugin
    /// that has been accepted: an old file with a good signature is no way back.
    pub fn state(
        &self,
        sections: &Sections<'_>,
        manifest: &Manifest,
        current: Option<&Version>,
    ) -> SignatureState {
        let verified = Signature::of(sections).and_then(|signature| match signature {
            Some(signature) => self
                .verify(sections.payload, &signature, manifest, current)
                .map(Some),
            None => Ok(None),
        });
        match verified {
            Ok(None) => SignatureState::Unsigned,
            Ok(Some(key)) => SignatureState::Trusted {
                publisher: manifest.publisher.clone(),
                key,
            },
            Err(error) => SignatureState::Refused { error },
        }
    }

    /// The trusted key that signed these bytes for this plugin.
    pub fn verify(
        &self,
        payload: &[u8],
        signature: &Signature,
        manifest: &Manifest,
        current: Option<&Version>,
    ) -> Result<KeyId, SignatureError> {
        let id = signature.key()?;
        let key = self.find(&id, &manifest.publisher)?;
        let public = PublicKey::from_base64(&key.key).map_err(|_| SignatureError::Malformed)?;
        let decoded = signature.decoded()?;
        match public.verify(payload, &decoded, false) {
            Ok(()) => {}
            Err(Error::InvalidSignature) => return Err(SignatureError::OtherBytes),
            Err(_) => return Err(SignatureError::Malformed),
        }
        let found = statement(manifest);
        if decoded.trusted_comment() != found {
            let signed = decoded.trusted_comment().escape_debug().to_string();
            return Err(SignatureError::OtherPlugin { signed, found });
        }
        let namespace = manifest.id.namespace();
        if !key.namespaces.is_empty() && !key.namespaces.iter().any(|own| own == namespace) {
            return Err(SignatureError::Namespace {
                publisher: key.publisher.clone(),
                namespace: namespace.to_owned(),
            });
        }
        match current {
            Some(current) if manifest.version.cmp(current) != Ordering::Greater => {
                Err(SignatureError::Downgrade {
                    current: current.clone(),
                    offered: manifest.version.clone(),
                })
            }
            _ => Ok(id),
        }
    }

    /// The key with this id, when it is good for this publisher.
    fn find(&self, id: &KeyId, publisher: &str) -> Result<&PublisherKey, SignatureError> {
        let key = self.keys.iter().find(|key| key.id().as_ref() == Some(id));
        let key = key.ok_or_else(|| SignatureError::UnknownKey {
            key: id.clone(),
            publisher: publisher.to_owned(),
        })?;
        if let Some(reason) = &key.revoked {
            return Err(SignatureError::RevokedKey {
                key: id.clone(),
                publisher: key.publisher.clone(),
                reason: reason.clone(),
            });
        }
        if key.publisher != publisher {
            return Err(SignatureError::OtherPublisher {
                key: id.clone(),
                owner: key.publisher.clone(),
                publisher: publisher.to_owned(),
            });
        }
        Ok(key)
    }
}
