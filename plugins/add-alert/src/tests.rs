use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

/// The repository of the example, which the action is to fit.
const ORDERS: &str =
    include_str!("../../../examples/contoso/repositories/orders-api/bicep/main.bicep");

const CONTAINER: &str = "\
var tags = {}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
}
";

fn run(text: &str, more: &Value) -> Result<String> {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, PATH, text);
    let mut input =
        json!({"repository": REPOSITORY, "signal": "errors", "email": "orders@contoso.example"});
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    let result = testing::run::<AddAlert>(&input, Call::default());
    let proposals = host.proposals();
    assert_eq!(result.is_ok(), proposals.len() == 1);
    result?;
    let [Edit::Write { content, .. }] = &proposals[0].edits[..] else {
        panic!("one file is written");
    };
    Ok(String::from_utf8(content.clone()).unwrap())
}

#[test]
fn the_example_gets_an_alert() {
    let found = run(ORDERS, &json!({})).unwrap();
    testing::assert_text("golden/orders-api.bicep", &found);
}

#[test]
fn a_container_app_gets_one_after_the_other() {
    let mut text = CONTAINER.to_owned();
    for (signal, threshold) in [("errors", 10.0), ("latency", 0.25), ("restarts", 2.5)] {
        text = run(&text, &json!({"signal": signal, "threshold": threshold})).unwrap();
    }
    testing::assert_text("golden/container-app.bicep", &text);
}

#[test]
fn it_refuses_clearly() {
    let error = |text: &str, more: Value| run(text, &more).unwrap_err().to_string();
    let first = run(ORDERS, &json!({})).unwrap();
    assert_eq!(
        error(&first, json!({"severity": 1})),
        "The Bicep file has an alert of failed requests already: `errorsAlert`. Nothing was \
         changed."
    );
    assert!(error(ORDERS, json!({"signal": "restarts"})).contains("does not count restarts"));
    assert!(error("param a string\n", json!({})).contains("nothing to watch"));
    assert!(error(ORDERS, json!({"severity": 5})).contains("from 0"));
    assert!(error(ORDERS, json!({"threshold": -1})).contains("from 0"));
    for email in ["", "a", "a@b@c", "a'@b", "a@b\n"] {
        assert!(
            error(ORDERS, json!({"email": email})).contains("no mail address"),
            "{email}"
        );
    }
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<AddAlert>("interface.json");
}
