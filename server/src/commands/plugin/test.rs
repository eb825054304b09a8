//! `portico plugin test`: runs a plugin in the real sandbox, against fixtures and misuse.

mod fixture;
mod misuse;
mod services;

use std::{
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use portico_plugin_host::{
    CallContext, CallError, CompilerCommand, Grants, HostOptions, Limits, Plugin, PluginHost,
    PluginSpec, Position, Recorder, Services, Subject, Usage, Workspace,
};
use portico_plugin_package::{Access, Capability, Manifest, Sections, World, read_manifest};
use serde_json::{Value, json};

use super::{TestArgs, inspect::read};
use fixture::Fixture;

pub(super) async fn run(args: TestArgs) -> Result<ExitCode> {
    let package = read(&args.file)?;
    let manifest = read_manifest(&package)?;
    let payload: Arc<[u8]> = Sections::find(&package)?.payload.into();
    let mut bench = Bench {
        manifest,
        payload,
        cache: tempfile::tempdir().context("cannot make a temporary folder")?,
        cache_key: rand::random(),
        failed: 0,
    };
    println!("{} {}", bench.manifest.id, bench.manifest.version);
    let folder = match &args.fixtures {
        Some(folder) => folder.clone(),
        None => args.file.parent().unwrap_or(Path::new("")).join("fixtures"),
    };
    let fixtures = fixtures(&folder)?;
    if fixtures.is_empty() {
        println!("  no fixtures in {}", folder.display());
    }
    for path in fixtures {
        let fixture = Fixture::read(&path)?;
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let outcome = bench.fixture(&fixture).await?;
        bench.report(&name, &outcome);
    }
    if bench.manifest.world == World::ScaffolderAction {
        let (name, outcome) = bench.interface().await?;
        bench.report(name, &outcome);
    }
    for (name, outcome) in misuse::run(&bench).await? {
        bench.report(name, &outcome);
    }
    Ok(if bench.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The fixtures of a folder, by name.
fn fixtures(folder: &Path) -> Result<Vec<PathBuf>> {
    let Ok(files) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for file in files {
        let path = file?.path();
        if path.extension().is_some_and(|end| end == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// What a call came to, and what it used.
type Outcome = (Result<Value, CallError>, Usage);

/// How one test ended: what it used, or what is wrong.
type Verdict = Result<Option<Usage>, String>;

/// A plugin under test.
struct Bench {
    manifest: Manifest,
    payload: Arc<[u8]>,
    /// Compiled code.
    cache: tempfile::TempDir,
    cache_key: [u8; 32],
    failed: u32,
}

impl Bench {
    async fn fixture(&self, fixture: &Fixture) -> Result<Verdict> {
        let (services, _server) = fixture.services().await?;
        let folder = tempfile::tempdir().context("cannot make a temporary folder")?;
        fixture.write_workspace(folder.path())?;
        let recorder = fixture.dry_run.then(Recorder::default);
        let context = CallContext {
            workspace: Some(Workspace::open(folder.path())?),
            repositories: Some(fixture.repository()),
            dry_run: recorder.clone(),
            ..CallContext::default()
        };
        let host = self.host(services)?;
        let grants = grants(&self.manifest, fixture);
        let plugin = host
            .prepare(self.spec(grants, fixture.config.clone()))
            .await?;
        let (result, usage) = self.call(&host, &plugin, context, fixture).await;
        if let Some(recorder) = recorder {
            for effect in recorder.effects() {
                println!("    would {}", serde_json::to_string(&effect)?);
            }
        }
        Ok(fixture.judge(result, folder.path()).map(|()| Some(usage)))
    }

    /// Calls the export of the plugin's world.
    async fn call(
        &self,
        host: &PluginHost,
        plugin: &Plugin,
        context: CallContext,
        fixture: &Fixture,
    ) -> Outcome {
        match self.manifest.world {
            World::ScaffolderAction => {
                let outcome = host.call_action(plugin, context, &fixture.input).await;
                (outcome.result, outcome.usage)
            }
            World::ScorecardCheck => {
                let subject = Subject {
                    entity: fixture.entity.clone(),
                    facts: fixture.facts.clone(),
                };
                let outcome = host.call_check(plugin, context, &[subject]).await;
                let finding = outcome.result.map(|found| json!(found.first()));
                (finding, outcome.usage)
            }
            World::CatalogProvider => {
                let position = match (&fixture.next, &fixture.since) {
                    (Some(next), _) => Position::Next(next.clone()),
                    (None, Some(since)) => Position::Since(since.clone()),
                    (None, None) => Position::Start,
                };
                let outcome = host.call_provider(plugin, context, position).await;
                let batch = outcome.result.map(|batch| {
                    json!({
                        "entities": batch.entities, "removed": batch.removed,
                        "next": batch.next, "checkpoint": batch.checkpoint,
                    })
                });
                (batch, outcome.usage)
            }
        }
    }

    /// Whether an action says the same of itself as its manifest does.
    async fn interface(&self) -> Result<(&'static str, Verdict)> {
        let host = self.host(Services::default())?;
        let grants = grants(&self.manifest, &Fixture::default());
        let plugin = host.prepare(self.spec(grants, json!({}))).await?;
        let outcome = host.call_schema(&plugin).await;
        let verdict = match (outcome.result, &self.manifest.interface) {
            (Ok(found), Some(declared))
                if found.input == declared.input && found.output == declared.output =>
            {
                Ok(Some(outcome.usage))
            }
            (Ok(_), _) => Err(
                "the schemas in the manifest are not those of the code: update the \
                               file that plugin.toml names as `interface`"
                    .to_owned(),
            ),
            (Err(error), _) => Err(error.to_string()),
        };
        Ok(("the interface is that of the code", verdict))
    }

    /// A sandbox. All of them share compiled code.
    fn host(&self, services: Services) -> Result<PluginHost> {
        let compiler = CompilerCommand::this_program().context("this program cannot be found")?;
        let cache = self.cache.path().to_owned();
        let options = HostOptions::new(cache, self.cache_key, compiler);
        Ok(PluginHost::start(options, services)?)
    }

    fn spec(&self, grants: Grants, config: Value) -> PluginSpec {
        let world = match self.manifest.world {
            World::CatalogProvider => portico_plugin_host::World::CatalogProvider,
            World::ScaffolderAction => portico_plugin_host::World::ScaffolderAction,
            World::ScorecardCheck => portico_plugin_host::World::ScorecardCheck,
        };
        PluginSpec {
            id: self.manifest.id.to_string(),
            world,
            wasm: Arc::clone(&self.payload),
            grants,
            limits: Limits::of(world).for_size(self.payload.len() as u64),
            // A configuration is an object, whatever a fixture leaves out.
            config: if config.is_null() { json!({}) } else { config },
        }
    }

    fn report(&mut self, name: impl Display, verdict: &Verdict) {
        match verdict {
            Ok(None) => println!("  ok    {name}"),
            Ok(Some(usage)) => println!(
                "  ok    {name} ({:.1} ms, {} kB of memory, {} host calls)",
                usage.cpu_us as f64 / 1000.0,
                usage.peak_memory_bytes / 1000,
                usage.host_calls
            ),
            Err(problem) => {
                self.failed += 1;
                println!("  FAIL  {name}: {problem}");
            }
        }
    }
}

/// Everything that the manifest asks for; connections as far as the fixture has them.
fn grants(manifest: &Manifest, fixture: &Fixture) -> Grants {
    let asked = |capability| manifest.capabilities.get(&capability);
    let has = |capability| asked(capability).is_some();
    Grants {
        catalog: asked(Capability::Catalog).map(|request| portico_plugin_host::CatalogGrant {
            kinds: request.kinds.clone(),
        }),
        clock: has(Capability::Clock),
        config: has(Capability::Config),
        http: has(Capability::Http).then(|| portico_plugin_host::HttpGrant {
            connections: fixture.connections.keys().cloned().collect(),
        }),
        log: has(Capability::Log),
        random: has(Capability::Random),
        repository: has(Capability::Repository),
        scm: asked(Capability::Scm).map(|request| portico_plugin_host::ScmGrant {
            repositories: match request.repositories.is_empty() {
                true => vec!["**".to_owned()],
                false => request.repositories.clone(),
            },
            propose: request.access == Access::Write,
        }),
        state: has(Capability::State).then(Default::default),
        workspace: asked(Capability::Workspace).map(|request| {
            portico_plugin_host::WorkspaceGrant {
                write: request.access == Access::Write,
            }
        }),
    }
}

/// The compiler's process, which [`CompilerCommand::this_program`] starts.
pub(crate) fn compile() -> Result<ExitCode> {
    if std::env::args().count() != 4 {
        bail!("`plugin-compile` is for Portico itself");
    }
    Ok(portico_plugin_host::compile_child_main())
}
