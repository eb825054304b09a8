use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

/// The repository of the example, which the action is to fit.
const ORDERS: &str =
    include_str!("../../../examples/contoso/repositories/orders-api/bicep/main.bicep");

const CONTAINER: &str = "\
param location string = resourceGroup().location

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-orders'
  location: location
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
  properties: {
    template: {
      containers: [
        {
          name: 'app'
          env: []
        }
      ]
    }
  }
}
";

fn run(text: &str, more: &Value) -> Result<String> {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, PATH, text);
    let mut input = json!({"repository": REPOSITORY, "name": "order-placed"});
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    let result = testing::run::<AddQueue>(&input, Call::default());
    let proposals = host.proposals();
    assert_eq!(result.is_ok(), proposals.len() == 1);
    result?;
    let [Edit::Write { path, content }] = &proposals[0].edits[..] else {
        panic!("one file is written");
    };
    assert_eq!(path, PATH);
    Ok(String::from_utf8(content.clone()).unwrap())
}

#[test]
fn the_example_gets_a_queue() {
    let found = run(ORDERS, &json!({})).unwrap();
    testing::assert_text("golden/orders-api.bicep", &found);
}

#[test]
fn a_container_app_gets_a_topic_and_a_second_one_in_the_same_namespace() {
    let topic = json!({"kind": "topic", "subscription": "orders"});
    let first = run(CONTAINER, &topic).unwrap();
    let second = run(&first, &json!({"kind": "topic", "name": "order-paid"})).unwrap();
    testing::assert_text("golden/container-app.bicep", &second);
}

#[test]
fn what_is_there_is_not_added_again() {
    let first = run(ORDERS, &json!({})).unwrap();
    let error = run(&first, &json!({})).unwrap_err().to_string();
    assert_eq!(
        error,
        "The Bicep file has the queue `order-placed` already: `orderPlacedQueue`. Nothing was \
         changed."
    );
    // A topic of that name is something else.
    run(&first, &json!({"kind": "topic"})).unwrap();
}

#[test]
fn it_refuses_clearly() {
    let error = |text: &str, more: Value| run(text, &more).unwrap_err().to_string();
    assert!(error(ORDERS, json!({"name": "Order Placed"})).contains("no name for a queue"));
    assert!(error(ORDERS, json!({"subscription": "orders"})).contains("has no subscriptions"));
    assert!(error("var serviceBus = 1\n", json!({})).contains("Rename it"));
    let host = Host::new();
    host.add_scm_file(REPOSITORY, "README.md", "");
    let input = json!({"repository": REPOSITORY, "name": "a-b"});
    let error = testing::run::<AddQueue>(&input, Call::default()).unwrap_err();
    assert!(error.to_string().contains("has no `bicep/main.bicep`"));
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<AddQueue>("interface.json");
}
