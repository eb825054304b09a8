use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

/// The repository of the example, which the action is to fit.
const ORDERS: &str =
    include_str!("../../../examples/contoso/repositories/orders-api/bicep/main.bicep");

const CONTAINER: &str = "\
resource app 'Microsoft.App/containerApps@2024-03-01' = {
  properties: {
    template: {
      scale: {
        minReplicas: 1 // never asleep
        maxReplicas: 3
      }
    }
  }
}
";

fn run(text: &str, environment: &str, min: u16, max: u16) -> Result<(String, String)> {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, PATH, text);
    let input: Value =
        json!({"repository": REPOSITORY, "environment": environment, "min": min, "max": max});
    let result = testing::run::<SetScale>(&input, Call::default());
    let proposals = host.proposals();
    assert_eq!(result.is_ok(), proposals.len() == 1);
    result?;
    let [Edit::Write { content, .. }] = &proposals[0].edits[..] else {
        panic!("one file is written");
    };
    let body = proposals[0].body.clone();
    Ok((String::from_utf8(content.clone()).unwrap(), body))
}

#[test]
fn the_example_is_scaled_in_one_environment() {
    let (text, body) = run(ORDERS, "prod", 3, 12).unwrap();
    testing::assert_text("golden/orders-api.md", &body);
    let changed: Vec<(&str, &str)> = ORDERS
        .lines()
        .zip(text.lines())
        .filter(|(old, new)| old != new)
        .collect();
    assert_eq!(
        changed,
        [("    min: 2", "    min: 3"), ("    max: 6", "    max: 12")]
    );
    let again = run(&text, "prod", 3, 12).unwrap_err().to_string();
    assert!(again.contains("from 3 to 12 in `prod` already"), "{again}");
}

#[test]
fn a_container_app_is_scaled_in_all() {
    let (text, body) = run(CONTAINER, "prod", 2, 3).unwrap();
    assert_eq!(text, CONTAINER.replace("minReplicas: 1", "minReplicas: 2"));
    assert!(body.contains("for all of them") && !body.contains("maxReplicas"));
}

#[test]
fn one_line_is_enough() {
    let (text, _) = run("var scale = {\n  dev: { min: 0, max: 1 }\n}\n", "dev", 1, 2).unwrap();
    assert_eq!(text, "var scale = {\n  dev: { min: 1, max: 2 }\n}\n");
}

#[test]
fn it_refuses_clearly() {
    let error = |text: &str, environment: &str, min, max| {
        run(text, environment, min, max).unwrap_err().to_string()
    };
    assert!(error(ORDERS, "test", 1, 2).contains("it has `dev`, `prod`"));
    assert!(error(ORDERS, "prod", 3, 2).contains("not possible"));
    assert!(error(ORDERS, "prod", 0, 0).contains("not possible"));
    assert!(error("param a string\n", "prod", 1, 2).contains("says nowhere"));
    let computed = CONTAINER.replace(": 3", ": 3 * factor");
    assert!(error(&computed, "prod", 1, 2).contains("by hand"));
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<SetScale>("interface.json");
}
