use portico_plugin_sdk::{Entity, HostError, json, mock::Host, testing};

use super::*;

const FIRST: &str = "GET /servers?limit=2";

fn host() -> Host {
    let host = Host::new();
    host.set_config(json!({
        "connection": "cmdb", "path": "/servers?limit=2", "items": "/result", "next": "/links/next",
        "since": "updated_after", "updated": "/updated", "deleted": "/retired",
        "kind": "Resource", "name": "/name",
        "constants": {"/spec/type": "server", "/spec/owner": "team-infrastructure"},
        "fields": {"/metadata/title": "/name", "/metadata/annotations/cmdb~1id": "/id"},
    }));
    host
}

fn answer(records: Value, next: Option<&str>) -> http::Response {
    http::Response::json(200, &json!({"result": records, "links": {"next": next}}))
}

#[test]
fn pages_become_batches() {
    let host = host();
    let first = json!([{"id": "1", "name": "SRV Web_01", "updated": "2026-05-02T00:00:00Z"},
                       {"id": "2", "updated": "2026-05-01T00:00:00Z"}]);
    let next = "https://cmdb.contoso.example/servers?page=2";
    host.respond("cmdb", FIRST, answer(first, Some(next)));
    let second = json!([{"id": "3", "name": 7, "updated": "2026-04-01T00:00:00Z"}]);
    host.respond("cmdb", "GET /servers?page=2", answer(second, None));

    let one = CmdbJson::read(Position::Start).unwrap();
    let two = CmdbJson::read(Position::Next(one.next.clone().unwrap())).unwrap();
    let entities: Vec<&Value> = one
        .entities
        .iter()
        .chain(&two.entities)
        .map(Entity::json)
        .collect();
    testing::assert_json("golden/servers.json", &json!(entities));
    assert_eq!(
        (one.checkpoint, two.checkpoint.as_deref()),
        (None, Some("2026-05-02T00:00:00Z"))
    );
    assert!(
        host.logs()[0].1.contains("no name at `/name`"),
        "{:?}",
        host.logs()
    );
}

#[test]
fn the_next_pass_brings_what_changed() {
    let host = host();
    let changed = json!([{"name": "old", "retired": true, "updated": "2026-05-03"},
                         {"name": "kept", "retired": "false"}]);
    let request = "GET /servers?limit=2&updated_after=2026-05-02T00%3A00%3A00Z";
    host.respond("cmdb", request, answer(changed, None));
    let batch = CmdbJson::read(Position::Since("2026-05-02T00:00:00Z".to_owned())).unwrap();
    assert_eq!(batch.removed, ["resource:default/old"]);
    assert_eq!(batch.entities.len(), 1);
    assert_eq!(batch.checkpoint.as_deref(), Some("2026-05-03"));
}

#[test]
fn nothing_new_keeps_the_checkpoint() {
    let host = host();
    host.respond(
        "cmdb",
        "GET /servers?limit=2&updated_after=2026",
        answer(json!([]), None),
    );
    let batch = CmdbJson::read(Position::Since("2026".to_owned())).unwrap();
    assert_eq!(batch.checkpoint.as_deref(), Some("2026"));
}

#[test]
fn failures_are_told() {
    let host = host();
    let read = || CmdbJson::read(Position::Start).unwrap_err();
    assert!(matches!(
        read().downcast_ref(),
        Some(HostError::Unavailable(_))
    ));
    host.respond(
        "cmdb",
        FIRST,
        http::Response {
            status: 503,
            ..http::Response::default()
        },
    );
    assert!(read().to_string().contains("503"));
    host.respond("cmdb", FIRST, http::Response::json(200, &json!({})));
    assert!(read().to_string().contains("no list at `/result`"));
    host.deny("http");
    assert!(matches!(read().downcast_ref(), Some(HostError::Denied(_))));
}

#[test]
fn the_configuration_is_described() {
    testing::assert_configuration::<Config>("configuration.json");
}
