//! What reviewers fill in, as JSON Schemas: forms of the page, and of whoever asks for them.

use portico_plugin_host::{Grants, Limits};
use portico_plugin_package::{Access, Capabilities, Capability, CapabilityRequest};
use serde_json::{Map, Value, json};

/// The form of the grants of a version: what it asks for with its reasons, and nothing else.
/// `connections` are those there are; those that are granted already can be taken away.
pub fn grants_form(asked: &Capabilities, granted: &Grants, connections: &[String]) -> Value {
    let mut names = connections.to_vec();
    let more = asked.get(&Capability::Http).map(|it| &it.connections);
    let granted = granted.http.as_ref().map(|it| &it.connections);
    for name in more.into_iter().chain(granted).flatten() {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    let known = |name: &String| match connections.contains(name) {
        true => name.clone(),
        false => format!("{name} (not defined yet)"),
    };
    let labels: Vec<String> = names.iter().map(known).collect();
    let properties: Map<String, Value> = asked
        .iter()
        .map(|(capability, request)| {
            let mut form = match capability {
                Capability::Http => http(&names, &labels),
                other => of_capability(*other, request),
            };
            form["title"] = title(*capability).into();
            form["description"] = request.reason.as_str().into();
            (capability.name().to_owned(), form)
        })
        .collect();
    json!({"type": "object", "properties": properties})
}

fn title(capability: Capability) -> &'static str {
    match capability {
        Capability::Log => "log: write lines of log",
        Capability::Config => "config: read its configuration",
        Capability::Catalog => "catalog: read entities",
        Capability::Workspace => "workspace: use the working folder of a task",
        Capability::Repository => "repository: read the files beside an entity",
        Capability::Http => "http: send requests through connections",
        Capability::Scm => "scm: read repositories",
        Capability::State => "state: keep values of its own",
        Capability::Clock => "clock: know the time",
        Capability::Random => "random: have random numbers",
    }
}

fn http(names: &[String], labels: &[String]) -> Value {
    let help = match names.is_empty() {
        true => "There are no connections yet; without one it can send nothing.",
        false => "Requests go to these and nowhere else.",
    };
    json!({
        "type": "object",
        "required": ["connections"],
        "properties": {"connections": {
            "type": "array",
            "title": "Connections",
            "description": help,
            "uniqueItems": true,
            "items": {"enum": names, "enumNames": labels},
        }},
    })
}

fn of_capability(capability: Capability, request: &CapabilityRequest) -> Value {
    let writes = request.access == Access::Write;
    match capability {
        Capability::Catalog => json!({
            "type": "object",
            "required": ["kinds"],
            "properties": {"kinds": {
                "type": "array",
                "title": "Kinds",
                "description": "All kinds when none is named.",
                "items": {"type": "string", "ui:placeholder": "component"},
            }},
        }),
        Capability::Scm => {
            let mut properties = json!({"repositories": {
                "type": "array",
                "title": "Repositories",
                "description": "Patterns of URLs; a * stays between slashes, ** is everything.",
                "items": {"type": "string", "minLength": 1, "ui:placeholder": "https://github.com/contoso/*"},
            }});
            if writes {
                properties["propose"] =
                    flag("Propose changes", "Branches, commits and change requests.");
            }
            json!({"type": "object", "required": ["repositories"], "properties": properties})
        }
        Capability::Workspace if writes => json!({
            "type": "object",
            "required": ["write"],
            "properties": {"write": flag("Write", "Change files, too.")},
        }),
        Capability::Workspace => json!({
            "type": "object",
            "required": ["write"],
            "properties": {"write": {"const": false}},
        }),
        Capability::State => json!({
            "type": "object",
            "required": ["bytes"],
            "properties": {"bytes": bytes("Room for values", 1 << 20, u64::MAX)},
        }),
        _ => json!({"type": "boolean", "ui:widget": "switch"}),
    }
}

fn flag(title: &str, description: &str) -> Value {
    json!({"type": "boolean", "title": title, "description": description})
}

/// The form of limits; `usual` are those of the plugin's world.
pub fn limits_form(usual: &Limits) -> Value {
    let count =
        |title: &str, usual: u32| amount(title, "", 1, u64::from(usual), u64::from(u32::MAX));
    let time = |title: &str, usual: u64| amount(title, "ms", 1, usual, u64::MAX);
    let room = |title: &str, usual: u64| bytes(title, usual, u64::MAX);
    let small = |title: &str, usual: u32| bytes(title, u64::from(usual), u64::from(u32::MAX));
    let mut properties = json!({
        "wallMs": time("Time of a call", usual.wall_ms),
        "cpuMs": time("Processor time of a call", usual.cpu_ms),
        "cpuMsPerMinute": time("Processor time in a minute, all calls", usual.cpu_ms_per_minute),
        "memoryBytes": room("Memory", usual.memory_bytes),
        "concurrentCalls": count("Calls at once", usual.concurrent_calls),
        "queueMs": time("Wait for other calls", usual.queue_ms),
        "hostCalls": count("Host calls", usual.host_calls),
        "httpRequests": count("Requests", usual.http_requests),
        "httpMs": time("Time of a request", usual.http_ms),
        "httpBytes": room("Body of a request or an answer", usual.http_bytes),
        "entities": count("Entities in a batch", usual.entities),
        "outputBytes": room("Result", usual.output_bytes),
        "fileBytes": room("One file", usual.file_bytes),
        "foundFiles": count("Files found by a search", usual.found_files),
        "writtenBytes": room("All that is written", usual.written_bytes),
        "logLines": count("Lines of log", usual.log_lines),
        "logLineBytes": small("A line of log", usual.log_line_bytes),
        "logBytes": small("All lines of log", usual.log_bytes),
        "transferBytes": room("One exchange with the host", usual.transfer_bytes),
        "tableElements": count("Elements of tables", usual.table_elements),
        "componentHandles": count("Resource handles", usual.component_handles),
    });
    let required: Vec<String> = properties
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    // The only one that may be left out.
    properties["passIntervalMs"] = json!({
        "type": "integer",
        "title": "Providers: time between two passes (ms)",
        "minimum": 1_000,
        "description": "As often as other sources are read when left empty.",
    });
    json!({"type": "object", "required": required, "properties": properties})
}

/// Bytes, in the unit in which the usual number is short.
fn bytes(title: &str, usual: u64, most: u64) -> Value {
    let (unit, scale) = match usual >= 1 << 20 {
        true => ("MiB", 1 << 20),
        false => ("KiB", 1 << 10),
    };
    amount(title, unit, scale, usual, most)
}

fn amount(title: &str, unit: &str, scale: u64, usual: u64, most: u64) -> Value {
    let mut form = json!({
        "type": "integer",
        "title": title,
        "minimum": 0,
        "maximum": most,
        "default": usual,
        "description": format!("Usually {}", usual / scale),
    });
    if !unit.is_empty() {
        form["ui:options"] = json!({"unit": unit});
    }
    if scale > 1 {
        form["ui:options"]["scale"] = scale.into();
    }
    form
}

#[cfg(test)]
mod tests {
    use portico_model::form::{Draft, Field, check};
    use portico_plugin_host::World;

    use super::*;
    use crate::view::requested;

    /// What comes out of a form that nobody has touched.
    fn untouched(form: &Value, value: &Value) -> Value {
        let field = Field::read(form);
        let draft = Draft::of(&field, Some(value));
        let outcome = check(&field, &draft, &|_, _| true);
        assert_eq!(outcome.problems, []);
        outcome.value.unwrap()
    }

    #[test]
    fn limits_survive_their_form() {
        for world in [
            World::ScorecardCheck,
            World::ScaffolderAction,
            World::CatalogProvider,
        ] {
            let limits = Limits::of(world).with_language_runtime();
            let form = limits_form(&Limits::of(world));
            assert_eq!(
                untouched(&form, &json!(limits)),
                json!(limits),
                "all of them, unchanged"
            );
            let read: Limits = serde_json::from_value(untouched(&form, &json!({}))).unwrap();
            assert_eq!(read, Limits::of(world), "the usual when nothing is said");
        }
    }

    #[test]
    fn all_grants_survive_their_form() {
        let mut asked = Capabilities::new();
        for capability in Capability::ALL {
            let request = CapabilityRequest {
                reason: "because".to_owned(),
                access: Access::Write,
                connections: vec!["cmdb".to_owned()],
                ..CapabilityRequest::default()
            };
            asked.insert(capability, request);
        }
        let grants = requested(&asked);
        let form = grants_form(&asked, &grants, &[]);
        let read: Grants = serde_json::from_value(untouched(&form, &json!(grants))).unwrap();
        assert_eq!(read, grants);
        let none: Grants = serde_json::from_value(untouched(&form, &json!({}))).unwrap();
        assert_eq!(none, Grants::default());
    }

    #[test]
    fn only_what_is_asked_for_can_be_granted() {
        let request = CapabilityRequest {
            reason: "To read manifests".to_owned(),
            ..CapabilityRequest::default()
        };
        let asked = Capabilities::from([
            (Capability::Scm, request.clone()),
            (Capability::Http, request),
        ]);
        let form = grants_form(&asked, &Grants::default(), &["cmdb".to_owned()]);
        let properties = form["properties"].as_object().unwrap();
        assert_eq!(properties.keys().collect::<Vec<_>>(), ["http", "scm"]);
        assert_eq!(properties["scm"]["description"], "To read manifests");
        assert!(
            properties["scm"]["properties"].get("propose").is_none(),
            "it only reads"
        );
        let names = &properties["http"]["properties"]["connections"]["items"]["enum"];
        assert_eq!(*names, json!(["cmdb"]));
    }
}
