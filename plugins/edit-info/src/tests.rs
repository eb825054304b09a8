use std::collections::BTreeMap;

use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

const INFO: &str = "\
# Who and what.
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-api
  description: \"owner: nobody\"
spec:
  type: service
  lifecycle: production # since 2024
  owner: 'orders'  # the team
  providesApis:
    - orders
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: orders
spec:
  owner: group:default/orders
  lifecycle: production
  definition: |
    owner: orders
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-api-prod
spec: 
  lifecycle: production
  owner: platform
";

fn run(more: &Value, files: &[(&str, &str)]) -> Result<(BTreeMap<String, String>, String)> {
    let host = Host::new();
    for (path, text) in files {
        host.add_scm_file(REPOSITORY, path, *text);
    }
    let mut input = json!({"repository": REPOSITORY, "component": "orders-api"});
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    let result = testing::run::<EditInfo>(&input, Call::default());
    let proposals = host.proposals();
    assert_eq!(result.is_ok(), proposals.len() == 1);
    result?;
    let edits = proposals[0].edits.iter().map(|edit| match edit {
        Edit::Write { path, content } => {
            (path.clone(), String::from_utf8(content.clone()).unwrap())
        }
        Edit::Remove { path } => panic!("{path} is removed"),
    });
    Ok((edits.collect(), proposals[0].body.clone()))
}

#[test]
fn an_owner_changes_wherever_it_is_named() {
    let files = [
        (CATALOG, INFO),
        (
            "CODEOWNERS",
            "# @contoso/orders\n* @contoso/orders @contoso/orders-legacy\n",
        ),
        (PATH, "var tags = {\n  owner: 'group:default/orders'\n}\n"),
    ];
    let owner = json!({"owner": "group:default/payments", "reason": "They use it most."});
    let (changed, body) = run(&owner, &files).unwrap();
    testing::assert_text("golden/owner.yaml", &changed[CATALOG]);
    testing::assert_text("golden/owner.md", &body);
    assert_eq!(
        changed["CODEOWNERS"],
        "# @contoso/orders\n* @contoso/payments @contoso/orders-legacy\n"
    );
    assert!(changed[PATH].contains("owner: 'group:default/payments'"));
    let again = run(&owner, &[(CATALOG, &changed[CATALOG])]).unwrap_err();
    assert!(
        again.to_string().contains("owns `orders-api` already"),
        "{again}"
    );
}

#[test]
fn a_component_and_its_apis_are_deprecated() {
    let (changed, _) = run(&json!({"lifecycle": "deprecated"}), &[(CATALOG, INFO)]).unwrap();
    testing::assert_text("golden/deprecated.yaml", &changed[CATALOG]);
    let again = run(
        &json!({"lifecycle": "deprecated"}),
        &[(CATALOG, &changed[CATALOG])],
    );
    assert!(
        again
            .unwrap_err()
            .to_string()
            .contains("`deprecated` already")
    );
}

#[test]
fn a_value_that_is_in_its_key_is_found_all_the_same() {
    let info = INFO.replace("'orders'", "owner");
    let (changed, _) = run(&json!({"owner": "payments"}), &[(CATALOG, &info)]).unwrap();
    assert!(changed[CATALOG].contains("  owner: payments  # the team"));
}

#[test]
fn it_refuses_clearly() {
    let error = |more: Value| run(&more, &[(CATALOG, INFO)]).unwrap_err().to_string();
    assert!(error(json!({})).contains("either which `owner`"));
    assert!(error(json!({"owner": "a", "lifecycle": "b"})).contains("either which `owner`"));
    assert!(error(json!({"owner": "a b"})).contains("no owner"));
    assert!(error(json!({"lifecycle": "x: y"})).contains("not a lifecycle"));
    assert!(
        error(json!({"component": "stock", "owner": "payments"})).contains("no component `stock`")
    );
    let flow = INFO.replace(
        "spec:\n  type: service\n",
        "spec: { owner: orders }\nmore:\n",
    );
    let error = run(&json!({"owner": "payments"}), &[(CATALOG, &flow)]).unwrap_err();
    assert!(error.to_string().contains("by hand"), "{error}");
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<EditInfo>("interface.json");
}
