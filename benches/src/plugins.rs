//! The plugin platform: activation, calls, memory, and what a busy plugin does to others.

mod calls;
mod crowd;
mod guests;
mod start;

use std::{path::PathBuf, sync::Arc};

use anyhow::Result;
use async_trait::async_trait;
use portico_plugin_host::{
    Answer, CompilerCommand, Grants, HostOptions, Limits, PluginHost, PluginSpec, Repositories,
    Services, World,
};
use serde_json::json;

use crate::Args;

/// Measures everything, one table after another.
pub(crate) async fn all(args: &Args) -> Result<()> {
    println!("# Plugins, measured\n");
    println!("{} cores, release build.", crate::run::cores());
    start::activation(args).await?;
    calls::warm(args).await?;
    calls::many_entities(args).await?;
    start::memory(args).await?;
    crowd::busy(args).await
}

/// A sandbox whose compiler is the portal's, with compiled code in `cache`.
fn host(args: &Args, cache: PathBuf) -> Result<PluginHost> {
    let compiler = CompilerCommand {
        program: std::fs::canonicalize(&args.binary)?,
        args: vec!["plugin-compile".into()],
    };
    let options = HostOptions::new(cache, [7; 32], compiler);
    Ok(PluginHost::start(options, Services::default())?)
}

/// A check that may read the files beside its entities.
fn check(id: &str, wasm: &[u8]) -> PluginSpec {
    let limits = Limits {
        // What is measured is how fast calls are, not when they are too many.
        cpu_ms_per_minute: 600_000,
        cpu_ms: 30_000,
        wall_ms: 60_000,
        ..Limits::of(World::ScorecardCheck)
    };
    PluginSpec {
        id: id.to_owned(),
        world: World::ScorecardCheck,
        wasm: Arc::from(wasm),
        grants: Grants {
            clock: true,
            config: true,
            log: true,
            repository: true,
            ..Grants::default()
        },
        limits: limits.for_size(wasm.len() as u64),
        config: json!({}),
    }
}

/// A repository like many: a project, its readme, its owners.
struct Files;

#[async_trait]
impl Repositories for Files {
    async fn read_file(&self, _: u32, path: &str, _: u64) -> Answer<Option<Vec<u8>>> {
        Ok(match path {
            "README.md" => Some(b"# Orders\n".to_vec()),
            "src/Orders.csproj" => Some(
                b"<Project><PropertyGroup><TargetFramework>net8.0</TargetFramework>\
                  </PropertyGroup></Project>"
                    .to_vec(),
            ),
            "requirements.txt" => Some(b"flask==3.1.0\nrequests>=2\n".to_vec()),
            "package.json" => Some(br#"{"engines": {"node": ">=22"}}"#.to_vec()),
            _ => None,
        })
    }

    async fn find(&self, _: u32, glob: &str, _: u32) -> Answer<Vec<String>> {
        Ok(match glob {
            it if it.ends_with("csproj") => vec!["src/Orders.csproj".into()],
            it if it.contains("requirements") => vec!["requirements.txt".into()],
            _ => Vec::new(),
        })
    }
}
