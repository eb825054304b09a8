use portico_plugin_sdk::{Value, json, mock::Host, testing};

use super::*;

const SHOP: &str = r#"{
  "$schema": "https://json.schemastore.org/aspire-8.0.json",
  "resources": {
    "password": {"type": "parameter.v0", "value": "{password.inputs.value}", "inputs": {}},
    "postgres": {"type": "container.v0", "image": "postgres:17",
      "connectionString": "Host={postgres.bindings.tcp.host};Password={password.value}"},
    "orders": {"type": "value.v0", "connectionString": "{postgres.connectionString};Database=orders"},
    "cache": {"type": "azure.bicep.v0", "path": "cache.module.bicep", "connectionString": "{cache.outputs.connectionString}"},
    "api": {"type": "project.v0", "path": "../Api/Api.csproj",
      "env": {"ConnectionStrings__orders": "{orders.connectionString}", "ConnectionStrings__cache": "{cache.connectionString}"},
      "bindings": {"http": {"scheme": "http"}}},
    "Web.Front": {"type": "container.v1", "build": {"context": "../Web"},
      "env": {"services__api__http__0": "{api.bindings.http.url}", "MISSING": "{nobody.value}"}},
    "odd": {"type": "strange.v9"}
  }
}"#;

fn configured(applications: Value) -> Host {
    let host = Host::new();
    host.set_config(json!({ "applications": applications }));
    host
}

fn shop() -> Value {
    json!({"name": "shop", "owner": "team-shop", "system": "shop",
           "scm": {"repository": "local:shop", "path": "aspire-manifest.json"}})
}

#[test]
fn a_manifest_becomes_entities() {
    let host = configured(json!([shop()]));
    host.add_scm_file("local:shop", "aspire-manifest.json", SHOP);
    let batch = AspireManifest::read(Position::Start).unwrap();
    assert_eq!(batch.next, None);
    let entities: Vec<&Value> = batch
        .entities
        .iter()
        .map(portico_plugin_sdk::Entity::json)
        .collect();
    testing::assert_json("golden/shop.json", &json!(entities));
    assert_eq!(host.logs().len(), 1, "{:?}", host.logs());
}

#[test]
fn each_application_is_a_batch() {
    let billing = json!({"name": "billing", "owner": "team-billing",
                         "http": {"connection": "artifacts", "path": "/billing.json"}});
    let host = configured(json!([shop(), billing]));
    host.add_scm_file("local:shop", "aspire-manifest.json", SHOP);
    let manifest = json!({"resources": {"api": {"type": "project.v0", "path": "x"}}});
    host.respond(
        "artifacts",
        "GET /billing.json",
        http::Response::json(200, &manifest),
    );

    let first = AspireManifest::read(Position::Start).unwrap();
    let second = AspireManifest::read(Position::Next(first.next.unwrap())).unwrap();
    assert_eq!(
        second.entities[0].reference(),
        "component:default/billing-api"
    );
    assert_eq!(second.next, None);
}

#[test]
fn errors_name_the_application() {
    let host = configured(json!([shop()]));
    let read = || format!("{:#}", AspireManifest::read(Position::Start).unwrap_err());
    assert!(read().contains("the application `shop`"), "{}", read());
    host.add_scm_file("local:shop", "README.md", "");
    assert!(
        read().contains("has no `aspire-manifest.json`"),
        "{}",
        read()
    );
    host.add_scm_file("local:shop", "aspire-manifest.json", "{}");
    assert!(read().contains("not one of .NET Aspire"), "{}", read());
    host.set_config(json!({"applications": [{"name": "shop", "owner": "x"}]}));
    assert!(read().contains("either `scm` or `http`"), "{}", read());
}

#[test]
fn the_configuration_is_described() {
    testing::assert_configuration::<Config>("configuration.json");
}
