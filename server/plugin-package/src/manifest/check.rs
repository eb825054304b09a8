//! The rules a manifest follows beyond its shape.

use super::{Capability, CapabilityRequest, Interface, Manifest, ManifestError, World};
use crate::{contract, schema, text};

/// The most entries of a list in a manifest.
const ENTRIES: usize = 50;

/// The most bytes of a name in a list.
const NAME: usize = 200;

pub(super) fn check(mut manifest: Manifest) -> Result<Manifest, ManifestError> {
    check_version(&manifest)?;
    check_text("publisher", &manifest.publisher, 80, false)?;
    check_text("title", &manifest.title, 80, false)?;
    check_text("description", &manifest.description, 400, false)?;
    if !manifest.docs.is_empty() {
        check_text("docs", &manifest.docs, 64 * 1024, true)?;
    }
    manifest.icon = match manifest.icon {
        Some(icon) => Some(icon.sanitised().map_err(|problem| {
            field(
                "icon",
                problem,
                "name one of Portico's icons, or give a plain SVG drawing",
            )
        })?),
        None => None,
    };
    for (&capability, request) in &manifest.capabilities {
        check_capability(manifest.world, capability, request)?;
    }
    if let Some(configuration) = &manifest.configuration {
        check_schema("configuration", configuration)?;
        if !manifest.capabilities.contains_key(&Capability::Config) {
            let fix = "ask for the capability `config` to read it, or leave the schema out";
            return Err(field("configuration", "is there, but cannot be read", fix));
        }
    }
    match (manifest.world, &manifest.interface) {
        (World::ScaffolderAction, Some(interface)) => check_interface(interface)?,
        (World::ScaffolderAction, None) => {
            let fix = "give the JSON Schemas of the action's input and output";
            return Err(field("interface", "is missing", fix));
        }
        (_, Some(_)) => {
            let fix = "leave it out, only a scaffolder-action has one";
            return Err(field("interface", "does not belong here", fix));
        }
        (_, None) => {}
    }
    Ok(manifest)
}

fn check_version(manifest: &Manifest) -> Result<(), ManifestError> {
    if !manifest.version.build.is_empty() {
        let fix = "leave out what begins with `+`: two such versions have no order";
        return Err(field("version", "has build metadata", fix));
    }
    let ours = contract::version();
    if !contract::runs(&manifest.wit) {
        let problem = format!("is {}, and this Portico speaks {ours}", manifest.wit);
        let fix = if manifest.wit.major > ours.major || manifest.wit > *ours {
            "update Portico, or build against an older SDK"
        } else {
            "build it against the SDK of this Portico"
        };
        return Err(field("wit", problem, fix));
    }
    Ok(())
}

fn check_capability(
    world: World,
    capability: Capability,
    request: &CapabilityRequest,
) -> Result<(), ManifestError> {
    let at = |what: &str| format!("capabilities.{capability}{what}");
    if !contract::capabilities(world).contains(&capability) {
        let problem = format!("is not part of the world `{}`", world.name());
        return Err(field(&at(""), problem, "leave it out"));
    }
    check_text(&at(".reason"), &request.reason, 300, false)?;
    if request.access != super::Access::Read && !capability.has_access() {
        let fix = "leave it out: only `workspace` and `scm` can be written";
        return Err(field(&at(".access"), "does not belong here", fix));
    }
    for (name, owner, list) in [
        ("kinds", Capability::Catalog, &request.kinds),
        ("repositories", Capability::Scm, &request.repositories),
        ("connections", Capability::Http, &request.connections),
    ] {
        let name = at(&format!(".{name}"));
        if capability != owner && !list.is_empty() {
            let fix = format!("it belongs to the capability `{owner}`");
            return Err(field(&name, "does not belong here", fix));
        }
        if list.len() > ENTRIES {
            let problem = format!("has {} entries", list.len());
            return Err(field(
                &name,
                problem,
                format!("at most {ENTRIES} are allowed"),
            ));
        }
        for entry in list {
            check_text(&name, entry, NAME, false)?;
        }
    }
    Ok(())
}

fn check_interface(interface: &Interface) -> Result<(), ManifestError> {
    check_schema("interface.input", &interface.input)?;
    check_schema("interface.output", &interface.output)?;
    if interface.examples.len() > ENTRIES {
        let problem = format!("has {} entries", interface.examples.len());
        let fix = format!("at most {ENTRIES} are allowed");
        return Err(field("interface.examples", problem, fix));
    }
    for (index, example) in interface.examples.iter().enumerate() {
        let name = format!("interface.examples[{index}]");
        check_text(&format!("{name}.title"), &example.title, 120, false)?;
        if let Some(problem) = schema::mismatch(&interface.input, &example.input) {
            let problem = format!("is not a valid input: {problem}");
            return Err(field(
                &format!("{name}.input"),
                problem,
                "follow the input's schema",
            ));
        }
    }
    Ok(())
}

fn check_schema(name: &str, value: &serde_json::Value) -> Result<(), ManifestError> {
    match schema::problem(value) {
        Some(problem) => {
            let fix = "give a JSON Schema that needs no other document";
            Err(field(name, problem, fix))
        }
        None => Ok(()),
    }
}

fn check_text(name: &str, value: &str, limit: usize, multiline: bool) -> Result<(), ManifestError> {
    match text::problem(value, limit, multiline) {
        Some(problem) => Err(field(name, problem, "write a plain text for people")),
        None => Ok(()),
    }
}

fn field(name: &str, problem: impl Into<String>, fix: impl Into<String>) -> ManifestError {
    ManifestError::Field {
        field: name.to_owned(),
        problem: problem.into(),
        fix: fix.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn manifest() -> Value {
        json!({
            "id": "infra:add-redis", "version": "1.2.0", "publisher": "contoso",
            "title": "Add Redis", "description": "Adds a cache.", "world": "scaffolder-action",
            "wit": "1.0.0", "icon": {"name": "database"}, "docs": "# Docs\n",
            "capabilities": {"scm": {"reason": "To propose the change", "access": "write"},
                             "config": {"reason": "For the defaults"}},
            "configuration": {"type": "object"},
            "interface": {"input": {"type": "object", "required": ["name"]}, "output": {},
                          "examples": [{"title": "Orders", "input": {"name": "orders"}}]}
        })
    }

    fn read(value: &Value) -> Result<Manifest, ManifestError> {
        Manifest::from_json(value.to_string().as_bytes())
    }

    #[test]
    fn a_manifest_survives_a_round_trip() {
        let manifest = read(&manifest()).unwrap();
        let json = manifest.to_json().unwrap();
        assert_eq!(Manifest::from_json(&json), Ok(manifest));
    }

    #[test]
    fn errors_name_the_field() {
        for (pointer, value, field) in [
            ("/id", json!("Infra"), "id"),
            ("/version", json!("1"), "version"),
            ("/version", json!("1.0.0+a"), "version"),
            ("/wit", json!("2.0.0"), "wit"),
            ("/wit", json!("1.99.0"), "wit"),
            ("/title", json!(""), "title"),
            ("/title", json!("\u{202e}x"), "title"),
            ("/docs", json!("x".repeat(65 * 1024)), "docs"),
            ("/icon", json!({"svg": "<p/>"}), "icon"),
            ("/world", json!("other"), "world"),
            (
                "/capabilities/scm/reason",
                json!(" "),
                "capabilities.scm.reason",
            ),
            (
                "/capabilities/scm/access",
                json!("all"),
                "capabilities.scm.access",
            ),
            (
                "/capabilities/config/access",
                json!("write"),
                "capabilities.config.access",
            ),
            (
                "/capabilities/config/kinds",
                json!(["a"]),
                "capabilities.config.kinds",
            ),
            (
                "/capabilities/repository",
                json!({"reason": "x"}),
                "capabilities.repository",
            ),
            ("/configuration", json!({"type": 1}), "configuration"),
            ("/interface", Value::Null, "interface"),
            ("/interface/input", json!({"type": "x"}), "interface.input"),
            (
                "/interface/examples/0/input",
                json!({}),
                "interface.examples[0].input",
            ),
        ] {
            let mut manifest = manifest();
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match manifest.pointer_mut(parent).unwrap() {
                Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
                parent => parent[key] = value.clone(),
            }
            let error = read(&manifest).unwrap_err();
            let (ManifestError::Field { field: found, .. }
            | ManifestError::Shape { field: found, .. }) = &error
            else {
                panic!("{error}");
            };
            assert_eq!(found, field, "{error}");
        }
    }

    #[test]
    fn unknown_fields_and_large_manifests_are_refused() {
        let mut manifest = manifest();
        manifest["permissions"] = json!("all");
        assert!(
            read(&manifest)
                .unwrap_err()
                .to_string()
                .contains("permissions")
        );
        let large = vec![b' '; crate::MANIFEST_LIMIT + 1];
        assert!(matches!(
            Manifest::from_json(&large),
            Err(ManifestError::TooLarge { .. })
        ));
    }
}
