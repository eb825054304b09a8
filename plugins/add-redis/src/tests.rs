use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

const MINIMAL: &str = "param environment string\n";

const WEB_APP: &str = "\
targetScope = 'resourceGroup'

@description('Where everything is.')
param location string = resourceGroup().location

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {
  name: 'kv-orders'
}

resource web 'Microsoft.Web/sites@2023-12-01' = {
  name: 'orders-api'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    siteConfig: {
      appSettings: [
        {
          name: 'ASPNETCORE_ENVIRONMENT'
          value: 'Production'
        }
      ]
    }
  }
}
";

const CONTAINER_APP: &str = "\
param location string = resourceGroup().location

var tags = {}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-orders'
}

resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-orders'
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
  properties: {
    configuration: {
      secrets: [
      ]
    }
    template: {
      containers: [
        {
          env: [
            {
              name: 'ASPNETCORE_ENVIRONMENT'
              value: 'Production'
            }
          ]
        }
      ]
    }
  }
}
";

fn with(text: &str) -> Host {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, PATH, text);
    host
}

fn run(input: &Value) -> Result<Value> {
    testing::run::<AddRedis>(input, Call::default())
}

fn refusal(text: &str) -> String {
    let host = with(text);
    let error = run(&json!({"repository": REPOSITORY})).unwrap_err();
    assert!(host.proposals().is_empty());
    format!("{error:#}")
}

fn proposed(host: &Host) -> String {
    let proposals = host.proposals();
    let [Edit::Write { path, content }] = &proposals[0].edits[..] else {
        panic!("one file is written");
    };
    assert_eq!(path, PATH);
    String::from_utf8(content.clone()).unwrap()
}

#[test]
fn a_web_app_gets_a_cache() {
    let host = with(WEB_APP);
    let output = run(&json!({"repository": REPOSITORY, "sku": "Standard", "capacity": 2}));
    assert_eq!(output.unwrap()["branch"], BRANCH);
    testing::assert_text("golden/web-app.bicep", &proposed(&host));
    testing::assert_text("golden/web-app.md", &host.proposals()[0].body);
}

#[test]
fn a_container_app_gets_a_cache() {
    let host = with(CONTAINER_APP);
    run(&json!({"repository": REPOSITORY})).unwrap();
    testing::assert_text("golden/container-app.bicep", &proposed(&host));
    assert!(refusal(&proposed(&host)).contains("a Redis cache already"));
}

#[test]
fn what_is_missing_becomes_a_parameter() {
    let host = with(MINIMAL);
    run(&json!({"repository": REPOSITORY})).unwrap();
    testing::assert_text("golden/minimal.bicep", &proposed(&host));
}

#[test]
fn what_was_added_is_not_added_again() {
    for text in [WEB_APP, MINIMAL] {
        let host = with(text);
        run(&json!({"repository": REPOSITORY})).unwrap();
        assert!(refusal(&proposed(&host)).contains("a Redis cache already: `redis`"));
    }
}

#[test]
fn nothing_of_the_file_is_lost() {
    let windows = WEB_APP.replace('\n', "\r\n");
    let host = with(&windows);
    run(&json!({"repository": REPOSITORY})).unwrap();
    let text = proposed(&host);
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let mut rest = text.lines();
    for line in WEB_APP.lines() {
        assert!(rest.any(|found| found == line), "{line}");
    }
}

#[test]
fn it_refuses_clearly() {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, "README.md", "");
    let error = run(&json!({"repository": REPOSITORY}))
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("The repository has no `bicep/main.bicep`."),
        "{error}"
    );

    let error = refusal("resource c 'Microsoft.Cache/Redis@2023-08-01' = {}\n");
    assert_eq!(
        error,
        "The Bicep file has a Redis cache already: `c`. Nothing was changed."
    );
    let error = refusal("module cache 'modules/redis.bicep' = {}\n");
    assert!(error.contains("a Redis module already: `cache`"), "{error}");
    assert!(refusal("var redis = 1\n").contains("Rename it"));
}

#[test]
fn a_comment_is_no_cache() {
    let host = with("// resource c 'Microsoft.Cache/redis@2023-08-01' = {}\n");
    run(&json!({"repository": REPOSITORY})).unwrap();
    assert!(proposed(&host).contains("resource redis 'Microsoft.Cache/redis@"));
}

#[test]
fn a_second_proposal_is_explained() {
    let host = with(MINIMAL);
    run(&json!({"repository": REPOSITORY})).unwrap();
    let error = run(&json!({"repository": REPOSITORY})).unwrap_err();
    assert!(
        error.to_string().contains("has been proposed before"),
        "{error}"
    );
    assert_eq!(host.proposals().len(), 1);
}

#[test]
fn inputs_and_grants() {
    let host = with(MINIMAL);
    assert!(run(&json!({})).is_err());
    assert!(run(&json!({"repository": REPOSITORY, "capacity": 7})).is_err());
    assert!(run(&json!({"repository": REPOSITORY, "size": 1})).is_err());
    host.deny("scm");
    let error = run(&json!({"repository": REPOSITORY})).unwrap_err();
    assert!(error.to_string().contains("not allowed"), "{error}");
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<AddRedis>("interface.json");
}
