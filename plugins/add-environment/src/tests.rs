use std::collections::BTreeMap;

use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

/// The repository of the example, which the action is to fit.
const ORDERS: [(&str, &str); 3] = [
    (
        PATH,
        include_str!("../../../examples/contoso/repositories/orders-api/bicep/main.bicep"),
    ),
    (
        "azure-pipelines.yml",
        include_str!("../../../examples/contoso/repositories/orders-api/azure-pipelines.yml"),
    ),
    (
        CATALOG,
        include_str!("../../../examples/contoso/repositories/orders-api/catalog-info.yaml"),
    ),
];

const WORKFLOW: &str = "\
jobs:
  test:
    runs-on: ubuntu-latest

  # After the tests.
  deploy-dev:
    needs: test
    uses: ./.github/workflows/deploy.yml
    with:
      environment: dev

  deploy-prod:
    needs: deploy-dev
    uses: ./.github/workflows/deploy.yml
    with:
      environment: prod
";

fn run(files: &[(&str, &str)], more: &Value) -> Result<(BTreeMap<String, String>, String)> {
    let host = Host::new();
    for (path, text) in files {
        host.add_scm_file(REPOSITORY, path, *text);
    }
    let mut input = json!({"repository": REPOSITORY, "environment": "qa"});
    for (key, value) in more.as_object().unwrap() {
        input[key] = value.clone();
    }
    let result = testing::run::<AddEnvironment>(&input, Call::default());
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
fn the_example_gets_an_environment() {
    let (files, body) = run(&ORDERS, &json!({})).unwrap();
    testing::assert_text("golden/main.bicep", &files[PATH]);
    testing::assert_text("golden/azure-pipelines.yml", &files["azure-pipelines.yml"]);
    testing::assert_text("golden/catalog-info.yaml", &files[CATALOG]);
    testing::assert_text("golden/description.md", &body);
    let again: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let again = run(&again, &json!({})).unwrap_err().to_string();
    assert_eq!(
        again,
        "The service has the environment `qa` already. Nothing was changed."
    );
}

#[test]
fn a_workflow_gets_a_job() {
    let bicep = "@allowed([\n  'dev'\n  'prod'\n])\nparam environment string\n";
    let files = [(PATH, bicep), (".github/workflows/build.yml", WORKFLOW)];
    let (files, body) = run(&files, &json!({})).unwrap();
    assert!(files[PATH].starts_with("@allowed([\n  'dev'\n  'prod'\n  'qa'\n])\n"));
    testing::assert_text("golden/build.yml", &files[".github/workflows/build.yml"]);
    assert!(body.contains("has nothing of `dev`"), "{body}");

    // A job that has the name already is none of ours.
    let taken = WORKFLOW.replace("  test:", "  deploy-qa:");
    let files = [(PATH, bicep), (".github/workflows/build.yml", &taken)];
    let (files, body) = run(&files, &json!({})).unwrap();
    assert_eq!(files.len(), 1);
    assert!(body.contains("by hand"), "{body}");
}

#[test]
fn it_refuses_clearly() {
    let error = |files: &[(&str, &str)], more: Value| run(files, &more).unwrap_err().to_string();
    assert!(error(&[(PATH, "param a string\n")], json!({})).contains("no parameter `environment`"));
    assert!(error(&ORDERS, json!({"environment": "Test"})).contains("no environment"));
    assert!(error(&ORDERS, json!({"like": "stage"})).contains("does not allow"));
    assert!(error(&[("README.md", "")], json!({})).contains("has no `bicep/main.bicep`"));
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<AddEnvironment>("interface.json");
}
