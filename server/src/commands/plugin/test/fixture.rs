//! Fixtures: what there is, how the plugin is called, and what is expected.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use portico_plugin_host::{CallError, Repositories, Services};
use serde::Deserialize;
use serde_json::Value;

use super::services::{Folder, Server, World};

/// The files of a folder: paths and texts.
pub(super) type Files = BTreeMap<String, String>;

/// One test. Everything may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Fixture {
    /// The plugin's configuration.
    pub(super) config: Value,
    /// The files beside the entity of a check.
    pub(super) files: Files,
    /// The files in the workspace of an action.
    pub(super) workspace: Files,
    /// The files of each repository.
    pub(super) repositories: BTreeMap<String, Files>,
    /// What each connection answers to requests such as `GET /servers`.
    pub(super) connections: BTreeMap<String, BTreeMap<String, Answer>>,
    /// The catalog.
    pub(super) entities: Vec<Value>,
    /// Of an action.
    pub(super) input: Value,
    /// Of an action: nothing is to happen.
    pub(super) dry_run: bool,
    /// Of a check.
    pub(super) entity: Value,
    /// Of a check.
    pub(super) facts: Value,
    /// Of a provider: where the last batch ended.
    pub(super) next: Option<String>,
    /// Of a provider: the last checkpoint.
    pub(super) since: Option<String>,
    /// What the result has; it may have more.
    pub(super) expect: Option<Value>,
    /// What the error says; it may say more.
    pub(super) error: Option<String>,
    /// What is in the workspace afterwards; there may be more.
    pub(super) written: Files,
}

/// An answer of a connection.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    /// The status; 200 when left out.
    #[serde(default = "ok")]
    pub(super) status: u16,
    /// JSON.
    #[serde(default)]
    pub(super) body: Value,
}

fn ok() -> u16 {
    200
}

impl Fixture {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no fixture", path.display()))
    }

    /// The portal of the fixture, and the server behind its connections, which lives as long.
    pub(super) async fn services(&self) -> Result<(Services, Server)> {
        let server = Server::start(self.connections.clone()).await?;
        let world = Arc::new(World::new(self, server.url())?);
        let services = Services {
            catalog: Some(Arc::clone(&world) as _),
            connections: Some(Arc::clone(&world) as _),
            scm: Some(Arc::clone(&world) as _),
            state: Some(world),
            ..Services::default()
        };
        Ok((services, server))
    }

    pub(super) fn repository(&self) -> Arc<dyn Repositories> {
        Arc::new(Folder(self.files.clone()))
    }

    pub(super) fn write_workspace(&self, folder: &Path) -> Result<()> {
        for (path, text) in &self.workspace {
            let inside = Path::new(path)
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
            if !inside {
                bail!("`{path}` is not a path inside the workspace");
            }
            let path = folder.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, text)?;
        }
        Ok(())
    }

    /// Whether a call came to what is expected; the error is for people.
    pub(super) fn judge(
        &self,
        result: Result<Value, CallError>,
        workspace: &Path,
    ) -> Result<(), String> {
        match (result, &self.error) {
            (Ok(found), None) => {
                if let Some(expected) = &self.expect {
                    contains(&found, expected, "")?;
                }
            }
            (Ok(found), Some(expected)) => {
                return Err(format!("expected the error `{expected}`, found {found}"));
            }
            (Err(CallError::Failed { message }), Some(expected)) => {
                if !message.contains(expected.as_str()) {
                    return Err(format!(
                        "expected the error `{expected}`, found `{message}`"
                    ));
                }
            }
            (Err(error), _) => return Err(error.to_string()),
        }
        for (path, expected) in &self.written {
            let found = fs::read_to_string(workspace.join(path)).unwrap_or_default();
            if found != *expected {
                return Err(format!("`{path}` in the workspace is {found:?}"));
            }
        }
        Ok(())
    }
}

/// Whether a value has everything that another has: objects may have more fields.
fn contains(found: &Value, expected: &Value, at: &str) -> Result<(), String> {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().try_for_each(|(key, value)| {
                let at = format!("{at}/{key}");
                match found.get(key) {
                    Some(found) => contains(found, value, &at),
                    None => Err(format!("`{at}` is missing")),
                }
            })
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            let mut pairs = found.iter().zip(expected).enumerate();
            pairs.try_for_each(|(index, (found, expected))| {
                contains(found, expected, &format!("{at}/{index}"))
            })
        }
        _ if found == expected => Ok(()),
        _ => Err(format!("`{at}` is {found}, expected {expected}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_result_may_have_more() {
        let found = json!({"verdict": "pass", "evidence": [{"a": 1, "b": 2}]});
        let is = |expected: Value| contains(&found, &expected, "");
        assert_eq!(is(json!({})), Ok(()));
        assert_eq!(is(json!({"evidence": [{"b": 2}]})), Ok(()));
        assert!(
            is(json!({"verdict": "fail"}))
                .unwrap_err()
                .contains("/verdict")
        );
        assert!(is(json!({"evidence": []})).is_err());
        assert!(is(json!({"message": "x"})).unwrap_err().contains("missing"));
    }
}
