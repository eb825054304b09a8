//! The host: loads plugins, keeps them, and is the door to calling them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::admission::{Admission, Share};
use crate::cache::CodeCache;
use crate::compile::{CompileLimits, Compiler, CompilerCommand};
use crate::egress::{Egress, EgressMode};
use crate::exports::Exports;
use crate::health::Record;
use crate::linker::LinkerCache;
use crate::plugin::{Plugin, PluginKey, PluginSpec, Settings};
use crate::ticker::Ticker;
use crate::{Digest, LoadError, Services, engine, intake};

/// How the host is set up.
#[derive(Clone)]
pub struct HostOptions {
    /// Where compiled code is kept. The folder is made private to this user.
    pub cache_folder: PathBuf,
    /// Authenticates compiled code; keep it where plugins and their authors cannot read it.
    pub cache_key: [u8; 32],
    /// Compiles in a process of its own.
    pub compiler: CompilerCommand,
    /// Bounds of a compilation.
    pub compile_limits: CompileLimits,
    /// Calls that run at once, beside one of each plugin.
    pub concurrent_calls: usize,
    /// Whether forbidden addresses are refused or only counted.
    pub egress: EgressMode,
}

impl HostOptions {
    /// The usual setting of a server.
    pub fn new(cache_folder: PathBuf, cache_key: [u8; 32], compiler: CompilerCommand) -> Self {
        Self {
            cache_folder,
            cache_key,
            compiler,
            compile_limits: CompileLimits::default(),
            concurrent_calls: 128,
            egress: EgressMode::Enforce,
        }
    }
}

/// Runs plugins.
pub struct PluginHost {
    pub(crate) engine: Engine,
    pub(crate) ticker: Ticker,
    pub(crate) admission: Admission,
    linkers: LinkerCache,
    compiler: Compiler,
    egress: Arc<Egress>,
    services: Services,
    plugins: RwLock<HashMap<PluginKey, Arc<Plugin>>>,
}

impl PluginHost {
    /// Makes a host that has no plugins yet.
    pub fn start(options: HostOptions, services: Services) -> Result<Self, LoadError> {
        let engine = engine::running().map_err(LoadError::internal)?;
        let cache = CodeCache::open(&options.cache_folder, options.cache_key);
        let cache = cache.map_err(LoadError::internal)?;
        Ok(Self {
            ticker: Ticker::start(&engine).map_err(LoadError::internal)?,
            engine,
            admission: Admission::new(options.concurrent_calls),
            linkers: LinkerCache::new(),
            compiler: Compiler::new(options.compiler, options.compile_limits, cache),
            egress: Arc::new(Egress::new(options.egress)),
            services,
            plugins: RwLock::default(),
        })
    }

    /// Loads a plugin and keeps it, in the place of one with the same key: calls that began on that
    /// one end on it. Several versions of a plugin can be there at once.
    pub async fn load(&self, spec: PluginSpec) -> Result<Arc<Plugin>, LoadError> {
        let plugin = Arc::new(self.prepare(spec).await?);
        let key = plugin.key().clone();
        self.plugins.write().insert(key, Arc::clone(&plugin));
        Ok(plugin)
    }

    /// Loads a plugin and leaves keeping it to the caller: for a smoke run, or a test.
    pub async fn prepare(&self, spec: PluginSpec) -> Result<Plugin, LoadError> {
        let wasm = Arc::clone(&spec.wasm);
        let digest = tokio::task::spawn_blocking(move || Digest::of(&wasm));
        let digest = digest.await.map_err(LoadError::internal)?;
        let component = match self.loaded_component(digest) {
            Some(component) => component,
            None => {
                self.compiler
                    .component(&self.engine, digest, &spec.wasm)
                    .await?
            }
        };
        self.link(spec, digest, &component)
    }

    fn link(
        &self,
        spec: PluginSpec,
        digest: Digest,
        component: &Component,
    ) -> Result<Plugin, LoadError> {
        let interfaces = spec.grants.interfaces();
        intake::check_imports(component, &interfaces)?;
        intake::check_size(component, &spec.limits)?;
        let linker = self.linkers.of(&self.engine, interfaces);
        let pre = linker
            .map_err(LoadError::internal)?
            .instantiate_pre(component);
        let pre = pre.map_err(|error| LoadError::WrongWorld {
            world: spec.world,
            reason: format!("{error:#}"),
        })?;
        let exports = Exports::find(&pre, spec.world)?;
        let key = PluginKey {
            id: spec.id,
            digest,
        };
        let (share, record) = self.shared(&key, &spec.limits);
        Ok(Plugin {
            pre,
            exports,
            share,
            record,
            settings: Arc::new(Settings {
                key,
                world: spec.world,
                grants: spec.grants,
                limits: spec.limits,
                config: spec.config.to_string(),
                services: self.services.clone(),
                egress: Arc::clone(&self.egress),
            }),
        })
    }

    /// The plugin of a key, if it is loaded.
    pub fn get(&self, key: &PluginKey) -> Option<Arc<Plugin>> {
        self.plugins.read().get(key).cloned()
    }

    /// Everything that is loaded, by key.
    pub fn plugins(&self) -> Vec<Arc<Plugin>> {
        let mut plugins: Vec<_> = self.plugins.read().values().cloned().collect();
        plugins.sort_by(|a, b| a.key().cmp(b.key()));
        plugins
    }

    /// Forgets a plugin; calls that run end on it.
    pub fn unload(&self, key: &PluginKey) -> Option<Arc<Plugin>> {
        self.plugins.write().remove(key)
    }

    fn loaded_component(&self, digest: Digest) -> Option<Component> {
        let plugins = self.plugins.read();
        let plugin = plugins.values().find(|it| it.key().digest == digest)?;
        Some(plugin.pre.component().clone())
    }

    /// All versions of a plugin share its places, as long as their number stays the same; a
    /// version keeps its health when it is loaded again.
    fn shared(&self, key: &PluginKey, limits: &crate::Limits) -> (Arc<Share>, Arc<Record>) {
        let plugins = self.plugins.read();
        let share = plugins.values().find(|it| {
            it.key().id == key.id
                && it.limits().concurrent_calls == limits.concurrent_calls
                && it.limits().cpu_ms_per_minute == limits.cpu_ms_per_minute
        });
        let share = share.map(|it| Arc::clone(&it.share));
        let record = plugins.get(key).map(|it| Arc::clone(&it.record));
        (
            share.unwrap_or_else(|| Arc::new(Share::new(limits))),
            record.unwrap_or_default(),
        )
    }
}
