//! Two versions of a plugin side by side, for those who decide about the newer one.

use std::collections::BTreeSet;

use portico_access::Principal;
use portico_plugin_package::{
    Access, Capabilities, CapabilityChange, CapabilityRequest, Manifest, Report, SignatureState,
    difference,
};
use serde::Serialize;
use serde_json::Value;

use crate::{PluginError, Plugins, decide::no_manifest, error::Result, view};

/// What two versions say and are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// One fact each; capabilities first.
    pub rows: Vec<ComparedRow>,
}

/// A fact about both versions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ComparedRow {
    /// Which.
    pub what: String,
    /// In the first version; empty when there is nothing to say.
    pub before: String,
    /// In the second.
    pub after: String,
    /// How they differ.
    pub change: Change,
}

/// How two facts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Not at all.
    Same,
    /// In a way that lets it do neither more nor less.
    Changed,
    /// The second may do more.
    Wider,
    /// The second may do less.
    Narrower,
}

impl Change {
    /// Its name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Wider => "wider",
            Self::Narrower => "narrower",
        }
    }
}

impl Plugins {
    /// Two versions of one plugin, by their digests.
    pub async fn compare(
        &self,
        who: &Principal,
        id: &str,
        before: &str,
        after: &str,
    ) -> Result<Comparison> {
        self.visible(who, id)?;
        let before = self.report_of(id, before).await?;
        let after = self.report_of(id, after).await?;
        Ok(compare(&before, &after))
    }

    async fn report_of(&self, id: &str, digest: &str) -> Result<(Report, Manifest)> {
        let row = self.version(digest).await?;
        if row.plugin_id != id {
            return Err(PluginError::NotFound(format!("version {digest} of {id}")));
        }
        let report: Report = view::decode(&row.report)?;
        let manifest = report.manifest.clone();
        Ok((report, manifest.ok_or_else(|| no_manifest(digest))?))
    }
}

type Known = (Report, Manifest);

/// What a row is called, and what it says of a version.
type Fact = (&'static str, fn(&Known) -> String);

fn compare(before: &Known, after: &Known) -> Comparison {
    let mut rows = capabilities(&before.1.capabilities, &after.1.capabilities);
    let facts: [Fact; 14] = [
        ("Version", |it| it.1.version.to_string()),
        ("File", |it| it.0.digest.clone()),
        ("Imports", |it| imports(&it.0)),
        ("Configuration", |it| schema(it.1.configuration.as_ref())),
        ("Input", |it| {
            schema(it.1.interface.as_ref().map(|it| &it.input))
        }),
        ("Output", |it| {
            schema(it.1.interface.as_ref().map(|it| &it.output))
        }),
        ("Publisher", |it| it.1.publisher.clone()),
        ("Signature", |it| signature(&it.0.signature)),
        ("Kind", |it| it.1.world.name().to_owned()),
        ("Contract", |it| it.1.wit.to_string()),
        ("Size", |it| format!("{} kB", it.0.size / 1000)),
        ("Title", |it| it.1.title.clone()),
        ("Description", |it| it.1.description.clone()),
        ("Documentation", |it| it.1.docs.clone()),
    ];
    rows.extend(facts.into_iter().map(|(what, fact)| {
        let (before, after) = (fact(before), fact(after));
        let change = match before == after {
            true => Change::Same,
            false => Change::Changed,
        };
        row(what, before, after, change)
    }));
    Comparison { rows }
}

fn row(what: &str, before: String, after: String, change: Change) -> ComparedRow {
    ComparedRow {
        what: what.to_owned(),
        before,
        after,
        change,
    }
}

fn capabilities(before: &Capabilities, after: &Capabilities) -> Vec<ComparedRow> {
    let changes = difference(before, after).changes;
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let rows = names.into_iter().map(|name| {
        let change = changes.iter().find_map(|change| match change {
            CapabilityChange::Added { capability, .. }
            | CapabilityChange::Widened { capability, .. }
                if capability == name =>
            {
                Some(Change::Wider)
            }
            CapabilityChange::Removed { capability }
            | CapabilityChange::Narrowed { capability, .. }
                if capability == name =>
            {
                Some(Change::Narrower)
            }
            _ => None,
        });
        let (before, after) = (asked(before.get(name)), asked(after.get(name)));
        let change = change.unwrap_or(match before == after {
            true => Change::Same,
            false => Change::Changed,
        });
        row(name.name(), before, after, change)
    });
    rows.collect()
}

fn asked(request: Option<&CapabilityRequest>) -> String {
    let Some(request) = request else {
        return "not asked for".to_owned();
    };
    let mut lines = vec![request.reason.clone()];
    if request.access == Access::Write {
        lines.push("reads and writes".to_owned());
    }
    for (name, list) in [
        ("kinds", &request.kinds),
        ("repositories", &request.repositories),
        ("connections", &request.connections),
    ] {
        if !list.is_empty() {
            lines.push(format!("{name}: {}", list.join(", ")));
        }
    }
    lines.join("\n")
}

fn imports(report: &Report) -> String {
    let names: Vec<&str> = report.imports.iter().map(|it| it.name.as_str()).collect();
    names.join("\n")
}

fn schema(schema: Option<&Value>) -> String {
    let text = schema.and_then(|schema| serde_json::to_string_pretty(schema).ok());
    text.unwrap_or_default()
}

fn signature(state: &SignatureState) -> String {
    match state {
        SignatureState::Unsigned => "not signed".to_owned(),
        SignatureState::Trusted { publisher, key } => format!("signed by {publisher} with {key}"),
        SignatureState::Refused { error } => format!("refused: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use portico_plugin_package::{Trust, inspect};
    use serde_json::json;

    use super::*;

    fn known(version: &str, capabilities: &Value) -> Known {
        let manifest = json!({
            "id": "infra:add-redis", "version": version, "publisher": "contoso", "title": "t",
            "description": "d", "world": "scorecard-check", "wit": "1.0.0",
            "capabilities": capabilities,
        });
        let manifest = Manifest::from_json(manifest.to_string().as_bytes()).unwrap();
        (inspect(b"", &Trust::default(), None), manifest)
    }

    #[test]
    fn what_is_wider_and_narrower_is_said() {
        let before = known(
            "1.0.0",
            &json!({
                "log": {"reason": "a"},
                "catalog": {"reason": "b", "kinds": ["api"]},
            }),
        );
        let after = known(
            "1.1.0",
            &json!({
                "catalog": {"reason": "b", "kinds": ["api", "user"]},
                "clock": {"reason": "c"},
            }),
        );
        let changed = |before: &Known, after: &Known| -> Vec<(String, Change)> {
            let rows = compare(before, after).rows.into_iter();
            let rows = rows.filter(|row| row.change != Change::Same);
            rows.map(|row| (row.what, row.change)).collect()
        };
        assert_eq!(
            changed(&before, &after),
            [
                ("log".to_owned(), Change::Narrower),
                ("catalog".to_owned(), Change::Wider),
                ("clock".to_owned(), Change::Wider),
                ("Version".to_owned(), Change::Changed),
            ]
        );
        assert_eq!(changed(&before, &before), []);
    }
}
