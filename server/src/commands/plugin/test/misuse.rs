//! What every plugin has to survive: it may fail, and may not crash.

use anyhow::Result;
use portico_plugin_host::{CallContext, CallError, Grants, LoadError, Services};
use portico_plugin_package::World;
use serde_json::{Value, json};

use super::{Bench, Verdict, fixture::Fixture, grants};

/// Runs every case that applies to the plugin's world.
pub(super) async fn run(bench: &Bench) -> Result<Vec<(&'static str, Verdict)>> {
    let mut verdicts = vec![("nothing is granted", without_grants(bench).await?)];
    let host = bench.host(Services::default())?;
    let interface = bench.manifest.interface.as_ref();
    let examples = interface.map_or(&[][..], |interface| &interface.examples);
    let good = examples.iter().map(|example| Fixture {
        input: example.input.clone(),
        ..Fixture::default()
    });
    let good = good.map(|fixture| ("an example, and no capability answers", fixture));
    for (name, fixture) in good.chain(cases(bench.manifest.world)) {
        let grants = grants(&bench.manifest, &Fixture::default());
        let plugin = host
            .prepare(bench.spec(grants, fixture.config.clone()))
            .await?;
        let (result, usage) = bench
            .call(&host, &plugin, CallContext::default(), &fixture)
            .await;
        let verdict = match result {
            Err(error) if error.is_fault() => Err(blame(&error)),
            _ => Ok(Some(usage)),
        };
        verdicts.push((name, verdict));
    }
    Ok(verdicts)
}

/// The sandbox refuses a plugin without its grants, and names them.
async fn without_grants(bench: &Bench) -> Result<Verdict> {
    let host = bench.host(Services::default())?;
    let loaded = host.prepare(bench.spec(Grants::default(), json!({}))).await;
    Ok(match (loaded, bench.manifest.capabilities.is_empty()) {
        (Err(LoadError::NotGranted { .. }), false) | (Ok(_), true) => Ok(None),
        (Ok(_), false) => Err("it asks for capabilities and uses none".to_owned()),
        (Err(error), _) => Err(error.to_string()),
    })
}

/// Calls to which no capability has an answer, with what is odd about each.
fn cases(world: World) -> Vec<(&'static str, Fixture)> {
    let fixture = Fixture::default;
    let mut cases = vec![
        ("no capability answers", fixture()),
        (
            "the configuration is empty",
            Fixture {
                config: json!({}),
                ..fixture()
            },
        ),
        (
            "the configuration is wrong",
            Fixture {
                config: json!({"a": [1, null]}),
                ..fixture()
            },
        ),
    ];
    match world {
        World::ScaffolderAction => {
            for (name, input) in [
                ("the input is empty", json!({})),
                ("the input is no object", json!([1, "two", null])),
                ("the input is deep", deep(100)),
                ("the input is long", json!({"text": "x".repeat(1 << 20)})),
            ] {
                cases.push((name, Fixture { input, ..fixture() }));
            }
        }
        World::ScorecardCheck => {
            for (name, entity) in [
                ("the entity is empty", json!({})),
                ("the entity is no object", json!(["kind"])),
                (
                    "the entity has odd types",
                    json!({"kind": 1, "metadata": [], "spec": "x"}),
                ),
                ("the entity is deep", deep(100)),
            ] {
                cases.push((
                    name,
                    Fixture {
                        entity,
                        ..fixture()
                    },
                ));
            }
        }
        World::CatalogProvider => {
            for (name, position) in [
                ("the position is of somebody else", "{\"page\": -1}"),
                ("the position is empty", ""),
            ] {
                let next = Some(position.to_owned());
                cases.push((name, Fixture { next, ..fixture() }));
            }
            let since = Some("\u{0}not a moment".to_owned());
            cases.push((
                "the checkpoint is no checkpoint",
                Fixture { since, ..fixture() },
            ));
        }
    }
    cases
}

fn deep(levels: usize) -> Value {
    (0..levels).fold(
        json!({"kind": "Component"}),
        |inner, _| json!({"metadata": inner}),
    )
}

fn blame(error: &CallError) -> String {
    format!("{error}. A plugin answers with an error instead")
}
