//! Compiled code on disk: private, named by what it is, verified before it is used.

mod load;

use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hmac::digest::Key;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::{Digest, LoadError, engine};

const TAG_BYTES: usize = 32;

/// A folder of compiled code. Several processes may share it.
///
/// Each file is a tag and the code. The tag authenticates component, engine and code with a
/// key, so that a file somebody else put there, or that was damaged, is compiled anew
/// instead of run.
#[derive(Clone)]
pub(crate) struct CodeCache(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    keyed: Hmac<Sha256>,
}

impl CodeCache {
    /// Creates the folder, or takes one that only this user can write.
    pub(crate) fn open(folder: &Path, key: [u8; 32]) -> std::io::Result<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        let mut block = Key::<Hmac<Sha256>>::default();
        block[..key.len()].copy_from_slice(&key);
        Ok(Self(Arc::new(Inner {
            folder: folder.to_owned(),
            keyed: Hmac::new(&block),
        })))
    }

    /// Code that is there and right.
    pub(crate) async fn load(&self, engine: &Engine, digest: Digest) -> Option<Component> {
        let (inner, engine) = (Arc::clone(&self.0), engine.clone());
        let loaded = tokio::task::spawn_blocking(move || inner.load(&engine, digest)).await;
        loaded.ok().flatten()
    }

    /// Keeps code that was just compiled, and loads it. Where it cannot be kept (a full
    /// disk), it is used all the same.
    pub(crate) async fn keep(
        &self,
        engine: &Engine,
        digest: Digest,
        code: Vec<u8>,
    ) -> Result<Component, LoadError> {
        let (inner, engine) = (Arc::clone(&self.0), engine.clone());
        let kept = tokio::task::spawn_blocking(move || {
            if let Err(error) = inner.write(&engine, digest, &code) {
                tracing::warn!(%error, "compiled plugin code could not be kept");
            }
            load::component(&engine, &code)
        });
        let loaded = kept.await.map_err(LoadError::internal)?;
        loaded.map_err(|error| LoadError::TooBig {
            reason: format!("{error:#}"),
        })
    }
}

impl Inner {
    fn load(&self, engine: &Engine, digest: Digest) -> Option<Component> {
        let path = self.path(engine, digest);
        // Read whole, so that what was verified is what is run.
        let file = std::fs::read(&path).ok()?;
        let (tag, code) = file.split_at_checked(TAG_BYTES)?;
        let loaded = self
            .mac(engine, digest, code)
            .verify_slice(tag)
            .map_err(|_| "it is not ours".to_owned())
            .and_then(|()| load::component(engine, code).map_err(|it| format!("{it:#}")));
        match loaded {
            Ok(component) => Some(component),
            Err(reason) => {
                tracing::warn!(path = %path.display(), reason, "compiling plugin code anew");
                None
            }
        }
    }

    fn write(&self, engine: &Engine, digest: Digest, code: &[u8]) -> std::io::Result<()> {
        let tag = self.mac(engine, digest, code).finalize().into_bytes();
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(&tag)?;
        file.write_all(code)?;
        file.persist(self.path(engine, digest))?;
        Ok(())
    }

    fn path(&self, engine: &Engine, digest: Digest) -> PathBuf {
        let compatibility = engine::compatibility(engine);
        self.folder.join(format!("{digest}-{compatibility}.cwasm"))
    }

    fn mac(&self, engine: &Engine, digest: Digest, code: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.keyed.clone();
        mac.update(digest.as_bytes());
        mac.update(engine::compatibility(engine).as_bytes());
        mac.update(code);
        mac
    }
}
