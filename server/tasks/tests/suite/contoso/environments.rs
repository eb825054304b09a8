//! Environments of a service: what forms offer of them, and where their secrets are.

use portico_tasks::{DryRun, DryRunResult, DryRunTemplate};
use portico_testkit::on_each_engine;
use serde_json::json;

use super::{portal, template};
use crate::support::{ADMIN, Portal};

const SERVICE: &str = "component:default/orders-api";

#[tokio::test]
async fn the_environments_of_the_chosen_service_are_offered() {
    on_each_engine(async |store| {
        let tasks = portal(store).await.tasks();
        for (name, field) in [
            ("add-environment", "like"),
            ("add-environment", "before"),
            ("change-scaling", "environment"),
            ("provision-secret", "environment"),
        ] {
            let template = template(name);
            let pages = template["spec"]["parameters"].as_array().unwrap();
            let schemas = pages.iter().map(|page| &page["properties"][field]);
            let schema = schemas.into_iter().find(|it| !it.is_null()).unwrap();
            assert_eq!(schema["ui:field"], "OptionsPicker", "{name} {field}");
            // The catalog need not know all that a service has.
            assert_eq!(schema["ui:options"]["allowArbitraryValues"], true);
            let source = &schema["ui:options"]["from"];
            let offered = async |service: &str| {
                let answers = json!({"component": service});
                let offered = tasks.field_choices(&ADMIN, source, &answers).await;
                let offered = offered.unwrap().into_iter();
                offered.map(|it| it.value).collect::<Vec<_>>()
            };
            assert_eq!(offered(SERVICE).await, ["dev", "qa"], "{name} {field}");
            let none = offered("component:default/orders-api-dev").await;
            assert!(none.is_empty(), "{none:?}");
        }
    })
    .await;
}

/// What "Provision a secret" would do, without the change that a plugin proposes.
async fn secret(portal: &Portal, environment: &str, vault: Option<&str>) -> DryRunResult {
    let mut template = template("provision-secret");
    let steps = template["spec"]["steps"].as_array_mut().unwrap();
    steps.retain(|it| it["action"] != "infra:add-secret");
    let mut values = json!({
        "component": SERVICE, "environment": environment, "name": "api-key", "value": "****",
        "use": false,
    });
    if let Some(vault) = vault {
        values["vaultUrl"] = vault.into();
    }
    let run = DryRun {
        template: DryRunTemplate::Draft(template),
        values,
        secrets: json!({"value": "not-a-real-secret"}),
        beside: None,
        directory_contents: Vec::new(),
    };
    portal.tasks().dry_run(&ADMIN, run).await.unwrap()
}

#[tokio::test]
async fn a_secret_goes_into_the_vault_that_the_catalog_names() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        let result = secret(&portal, "dev", None).await;
        assert_eq!(result.error, None);
        assert_eq!(
            result.effects[0].summary,
            "set the secret api-key in https://kv-orders-dev.vault.azure.net/"
        );
        let entered = "https://kv-elsewhere.vault.azure.net";
        let result = secret(&portal, "qa", Some(entered)).await;
        assert_eq!(result.error, None);
        assert!(result.effects[0].summary.ends_with(&format!("{entered}/")));

        // One whose environment has no vault, and one that is not there.
        for environment in ["qa", "prod"] {
            let result = secret(&portal, environment, None).await;
            let error = result.error.unwrap();
            let said = format!("no Key Vault is known: the catalog has no {SERVICE}-{environment}");
            assert!(error.contains(&said), "{error}");
            assert!(result.effects.is_empty());
        }
    })
    .await;
}
