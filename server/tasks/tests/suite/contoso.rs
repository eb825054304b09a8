//! The templates of the example organisation.

use std::path::Path;

use portico_model::EntityRef;
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal};

/// What does not run without a host or a plugin that this portal has not got, and says so.
const LACKING: [(&str, &str); 2] = [
    ("add-redis", "infra:add-redis"),
    ("dotnet-api", "publish:azure"),
];

async fn portal(store: portico_store::Store) -> Portal {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("people.yaml"), "").unwrap();
    let templates = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples/contoso/templates")
        .canonicalize()
        .unwrap();
    let pattern = templates.join("*/template.yaml").display().to_string();
    Portal::open(store, folder, &pattern).await
}

#[tokio::test]
async fn each_template_runs_or_says_what_it_lacks() {
    on_each_engine(async |store| {
        let tasks = portal(store).await.tasks();
        for (name, action) in LACKING {
            let template = EntityRef::new("template", "default", name);
            let form = tasks.template_form(&ADMIN, &template).await.unwrap();
            let problem = form.problem.unwrap();
            assert!(problem.contains(action), "{name}: {problem}");
        }
        for (name, steps) in [("dotnet-service", 2), ("azure-function", 2)] {
            let template = EntityRef::new("template", "default", name);
            let form = tasks.template_form(&ADMIN, &template).await.unwrap();
            assert_eq!((form.problem, form.steps.len()), (None, steps), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_dotnet_service_is_a_repository_and_in_the_catalog() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        let replica = portal.replica("a");
        for (name, database) in [("payments-api", true), ("stock", false)] {
            let values = json!({
                "name": name, "description": "Takes \"money\": safely", "tier": "tier-1",
                "owner": "group:default/payments", "system": "system:default/checkout",
                "database": database, "costCenter": "CC-4103",
            });
            let view = replica.done("dotnet-service", values).await;
            assert_eq!((view.status.as_str(), view.error), ("completed", None));
            let output = view.output.unwrap();
            let component = format!("component:default/{name}");
            assert_eq!(output["links"][0]["entityRef"], component);

            let repository = format!("local:{name}");
            let files = portal
                .scm
                .files(&ADMIN, &repository, None, "")
                .await
                .unwrap();
            for file in &files {
                let text = String::from_utf8_lossy(&file.content);
                for left in ["${{", "{%", "%}", "undefined"] {
                    assert!(!text.contains(left), "{left} in {}:\n{text}", file.path);
                }
                assert!(!file.path.contains("${{"), "{}", file.path);
            }
            let content = |path: &str| {
                let file = files.iter().find(|it| it.path == path);
                let file = file.unwrap_or_else(|| panic!("no {path}"));
                String::from_utf8(file.content.clone()).unwrap()
            };
            assert!(content("CODEOWNERS").contains("@contoso/payments\n"));
            let bicep = content("bicep/main.bicep");
            assert_eq!(bicep.contains("Microsoft.Sql/servers"), database);
            assert_eq!(bicep.matches('{').count(), bicep.matches('}').count());
            if database {
                content("src/Payments.Api/Program.cs");
                content("tests/Payments.Api.Tests/PingTests.cs");
            }

            portal.ingest().await;
            let entity = async |kind: &str| {
                let entity_ref = EntityRef::new(kind, "default", name);
                let body = portal.catalog.entity(&ADMIN, &entity_ref).await.unwrap();
                serde_json::from_slice::<Value>(&body).unwrap()
            };
            let component = entity("component").await;
            assert_eq!(
                component["metadata"]["description"],
                "Takes \"money\": safely"
            );
            assert_eq!(component["metadata"]["labels"]["cost-center"], "CC-4103");
            let api = entity("api").await;
            let definition = api["spec"]["definition"].as_str().unwrap();
            assert!(definition.contains("/ping"), "{definition}");
            let owners = portal.scm.owners(&ADMIN, &repository).await.unwrap();
            assert_eq!(owners, ["group:default/payments"]);
        }
        replica.stop().await;
    })
    .await;
}
