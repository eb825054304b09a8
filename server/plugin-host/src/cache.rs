//! Compiled code on disk: private, named by what it is, verified before it is used.

mod load;

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::{Digest, LoadError, engine};

const TAG_BYTES: usize = blake3::OUT_LEN;
/// What is read and verified at once.
const PIECE_BYTES: u64 = 1 << 20;

/// A folder of compiled code. Several processes may share it.
///
/// Each file is a tag and the code. The tag authenticates component, engine and code with a
/// key, so that a file somebody else put there, or that was damaged, is compiled anew
/// instead of run.
#[derive(Clone)]
pub(crate) struct CodeCache(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    key: [u8; blake3::KEY_LEN],
}

impl CodeCache {
    /// Creates the folder, or takes one that only this user can write.
    pub(crate) fn open(folder: &Path, key: [u8; 32]) -> std::io::Result<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
        Ok(Self(Arc::new(Inner {
            folder: folder.to_owned(),
            key,
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
        let file = File::open(&path).ok()?;
        let loaded = match self.verified(file, engine, digest) {
            Ok(Some(code)) => load::component(engine, &code).map_err(|it| format!("{it:#}")),
            Ok(None) => Err("it is not ours".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        match loaded {
            Ok(component) => Some(component),
            Err(reason) => {
                tracing::warn!(path = %path.display(), reason, "compiling plugin code anew");
                None
            }
        }
    }

    /// The code in a file, when its tag is right. It is read once and whole, so that what was
    /// verified is what is run; each piece is verified while the processor still has it at hand.
    fn verified(
        &self,
        mut file: File,
        engine: &Engine,
        digest: Digest,
    ) -> std::io::Result<Option<Vec<u8>>> {
        let mut tag = [0; TAG_BYTES];
        file.read_exact(&mut tag)?;
        let size = file.metadata()?.len();
        let mut code = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        let mut hasher = self.hasher(engine, digest);
        loop {
            let read = (&mut file).take(PIECE_BYTES).read_to_end(&mut code)?;
            if read == 0 {
                break;
            }
            hasher.update(&code[code.len() - read..]);
        }
        // Comparing takes the same time wherever the difference is.
        Ok((hasher.finalize() == tag).then_some(code))
    }

    fn write(&self, engine: &Engine, digest: Digest, code: &[u8]) -> std::io::Result<()> {
        let tag = self.hasher(engine, digest).update(code).finalize();
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(tag.as_bytes())?;
        file.write_all(code)?;
        file.persist(self.path(engine, digest))?;
        Ok(())
    }

    fn path(&self, engine: &Engine, digest: Digest) -> PathBuf {
        let compatibility = engine::compatibility(engine);
        self.folder.join(format!("{digest}-{compatibility}.cwasm"))
    }

    /// Authenticates the code that is given to it. BLAKE3, since the code of a language runtime is
    /// 35 MB, and is verified whenever the plugin is activated.
    fn hasher(&self, engine: &Engine, digest: Digest) -> blake3::Hasher {
        let mut hasher = blake3::Hasher::new_keyed(&self.key);
        hasher.update(digest.as_bytes());
        hasher.update(engine::compatibility(engine).as_bytes());
        hasher
    }
}
