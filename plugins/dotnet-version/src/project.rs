//! What a repository targets: project files and `global.json`.

use std::collections::BTreeMap;

use portico_plugin_sdk::{Result, Subject, Value};
use roxmltree::Document;

/// Where properties for all projects are.
const SHARED: &str = "Directory.Build.props";

/// One framework that something targets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The file that says so.
    pub(crate) path: String,
    /// `net8.0`; of `global.json`, `sdk 8.0.100`.
    pub(crate) framework: String,
}

/// Everything a repository targets.
pub(crate) struct Targets;

impl Targets {
    pub(crate) fn read(subject: &Subject) -> Result<Vec<Target>> {
        let mut targets = Vec::new();
        let shared = properties(&subject.read_text(SHARED)?.unwrap_or_default());
        let mut projects = subject.find("**/*.{cs,fs,vb}proj")?;
        projects.extend(subject.find("**/Directory.Build.props")?);
        for path in projects {
            let text = subject.read_text(&path)?.unwrap_or_default();
            let own = properties(&text);
            let frameworks = frameworks(&own, &shared);
            targets.extend(frameworks.into_iter().map(|framework| Target {
                path: path.clone(),
                framework,
            }));
        }
        for path in subject.find("**/global.json")? {
            let text = subject.read_text(&path)?.unwrap_or_default();
            if let Some(version) = sdk(&text) {
                targets.push(Target {
                    path,
                    framework: format!("sdk {version}"),
                });
            }
        }
        Ok(targets)
    }
}

/// The frameworks in the properties of a project, with properties in them replaced.
fn frameworks(own: &BTreeMap<String, String>, shared: &BTreeMap<String, String>) -> Vec<String> {
    let value = own
        .get("TargetFrameworks")
        .or_else(|| own.get("TargetFramework"))
        .or_else(|| own.get("TargetFrameworkVersion"));
    let Some(value) = value else {
        return Vec::new();
    };
    let value = expand(value, own, shared);
    let frameworks = value
        .split(';')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    frameworks.map(str::to_owned).collect()
}

/// The properties of an `MSBuild` file. The last one of a name wins, as far as can be told without
/// evaluating conditions.
fn properties(text: &str) -> BTreeMap<String, String> {
    let Ok(document) = Document::parse(text) else {
        return BTreeMap::new();
    };
    let groups = document
        .descendants()
        .filter(|node| node.tag_name().name() == "PropertyGroup");
    groups
        .flat_map(|group| group.children().filter(roxmltree::Node::is_element))
        .filter_map(|node| {
            Some((
                node.tag_name().name().to_owned(),
                node.text()?.trim().to_owned(),
            ))
        })
        .collect()
}

/// A value with `$(Name)` replaced, in so many rounds that no circle is endless.
fn expand(
    value: &str,
    own: &BTreeMap<String, String>,
    shared: &BTreeMap<String, String>,
) -> String {
    let mut value = value.to_owned();
    for _ in 0..4 {
        let Some((before, rest)) = value.split_once("$(") else {
            break;
        };
        let Some((name, after)) = rest.split_once(')') else {
            break;
        };
        let Some(found) = own.get(name).or_else(|| shared.get(name)) else {
            break;
        };
        value = format!("{before}{found}{after}");
    }
    value
}

/// The version of the SDK in `global.json`, which may have comments.
fn sdk(text: &str) -> Option<String> {
    let plain: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let json: Value = serde_json::from_str(&plain).ok()?;
    Some(json.pointer("/sdk/version")?.as_str()?.to_owned())
}
