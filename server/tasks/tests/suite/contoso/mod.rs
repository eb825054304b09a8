//! The templates of the example organisation.

mod environments;
mod files;
mod hosts;
mod rendered;
mod schemas;
mod well_formed;
mod words;

use std::{
    fs,
    path::{Path, PathBuf},
};

use portico_model::{
    EntityRef,
    yaml::{Limits, parse_single},
};
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal};

/// What runs when its plugin is approved, and says so before.
const BY_PLUGIN: [(&str, &str); 10] = [
    ("add-alert", "infra:add-alert"),
    ("add-environment", "infra:add-environment"),
    ("add-queue", "infra:add-queue"),
    ("add-redis", "infra:add-redis"),
    ("change-owner", "catalog:edit-info"),
    ("change-scaling", "infra:set-scale"),
    ("deprecate", "catalog:edit-info"),
    ("pipeline", "repo:detect-stack"),
    ("provision-secret", "infra:add-secret"),
    ("provision-secret", "keyvault:secret:create"),
];

const PEOPLE: &str = "\
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: ada.lovelace }
spec: { profile: { displayName: Ada Lovelace }, memberOf: [payments] }
---
apiVersion: backstage.io/v1alpha1
kind: Group
metadata:
  name: payments
  links: [{ url: 'https://chat.contoso.example/payments', title: Channel }]
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: checkout }
spec: { owner: payments }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-api
  annotations: { portico.dev/repository: 'local:orders-api' }
spec: { type: service, lifecycle: production, owner: payments }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-api-dev
  labels: { environment: dev }
  annotations: { management.azure.com/keyVaultUri: 'https://kv-orders-dev.vault.azure.net/' }
spec: { type: deployment, lifecycle: development, owner: payments, subcomponentOf: orders-api }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: orders-api-qa
  labels: { environment: qa }
spec: { type: deployment, lifecycle: development, owner: payments, subcomponentOf: orders-api }
";

fn templates() -> PathBuf {
    let example = "../../examples/contoso/templates";
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(example);
    folder.canonicalize().unwrap()
}

fn yaml(text: &str) -> Value {
    parse_single(text, &Limits::default()).unwrap_or_else(|error| panic!("{error:?}:\n{text}"))
}

/// A template as it ships.
fn template(name: &str) -> Value {
    let file = templates().join(name).join("template.yaml");
    yaml(&fs::read_to_string(file).unwrap())
}

/// A portal with the example's templates.
async fn portal(store: portico_store::Store) -> Portal {
    portal_with(store, "", str::to_owned).await
}

/// The same with more configuration, and with templates that are changed.
async fn portal_with(
    store: portico_store::Store,
    more: &str,
    changed: impl Fn(&str) -> String,
) -> Portal {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("people.yaml"), PEOPLE).unwrap();
    for entry in fs::read_dir(templates()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let copy = folder.path().join("templates").join(&name);
        for file in files::below(&entry.path()) {
            let to = copy.join(&file.path);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(entry.path().join(&file.path), to).unwrap();
        }
        let own = copy.join("template.yaml");
        let text = fs::read_to_string(&own).unwrap();
        fs::write(own, changed(&text)).unwrap();
    }
    Portal::open(store, folder, "./templates/*/template.yaml", more).await
}

#[tokio::test]
async fn each_template_runs_or_says_what_it_lacks() {
    on_each_engine(async |store| {
        let tasks = portal(store).await.tasks();
        for (name, action) in BY_PLUGIN {
            let template = EntityRef::new("template", "default", name);
            let form = tasks.template_form(&ADMIN, &template).await.unwrap();
            let problem = form.problem.unwrap_or_default();
            let lacks_another = BY_PLUGIN
                .iter()
                .any(|(it, other)| *it == name && *other != action && problem.contains(other));
            assert!(
                problem.contains(action) || lacks_another,
                "{name}: {problem}"
            );
        }
        for (name, pages) in [
            ("dotnet-service", 3),
            ("python-ml-service", 3),
            ("onboard-developer", 2),
        ] {
            let template = EntityRef::new("template", "default", name);
            let form = tasks.template_form(&ADMIN, &template).await.unwrap();
            assert_eq!((form.problem, form.steps.len()), (None, pages), "{name}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_service_and_a_person_are_offered_what_fits_them() {
    on_each_engine(async |store| {
        let tasks = portal(store).await.tasks();
        let offered = async |kind: &str, name: &str| {
            let entity = EntityRef::new(kind, "default", name);
            let fitting = tasks.fitting(&ADMIN, &entity).await.unwrap().into_iter();
            let names = fitting.map(|it| (it.template_ref, it.field));
            let names = names.map(|(name, field)| {
                format!("{} {field}", name.trim_start_matches("template:default/"))
            });
            names.collect::<Vec<_>>()
        };
        let of_service = [
            "add-alert component",
            "add-environment component",
            "add-queue component",
            "add-redis component",
            "change-owner component",
            "change-scaling component",
            "deprecate component",
            "freeze-exemption component",
            "provision-secret component",
        ];
        assert_eq!(offered("component", "orders-api").await, of_service);
        let of_person = ["onboard-developer person"];
        assert_eq!(offered("user", "ada.lovelace").await, of_person);
        assert!(offered("group", "payments").await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_dotnet_service_is_a_repository_and_in_the_catalog() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        let replica = portal.replica("a");
        let name = "payments-api";
        let values = json!({
            "name": name, "description": "Takes \"money\": safely", "tier": "tier-1",
            "owner": "group:default/payments", "system": "system:default/checkout",
            "database": "sql", "costCenter": "CC-4103", "host": "local",
        });
        let view = replica.done("dotnet-service", values).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        let output = view.output.unwrap();
        assert_eq!(
            output["links"][0]["entityRef"],
            "component:default/payments-api"
        );
        let files = portal
            .scm
            .files(&ADMIN, "local:payments-api", None, "")
            .await;
        let files = files.unwrap();
        let is_executable = |path: &str| files.iter().any(|it| it.path == path && it.is_executable);
        assert!(is_executable("deploy/check-region.sh") && is_executable("deploy/keep-image.sh"));

        portal.ingest().await;
        let entity = async |kind: &str, name: &str| {
            let entity_ref = EntityRef::new(kind, "default", name);
            let body = portal.catalog.entity(&ADMIN, &entity_ref).await.unwrap();
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        let component = entity("component", name).await;
        let metadata = &component["metadata"];
        assert_eq!(metadata["description"], "Takes \"money\": safely");
        assert_eq!(metadata["labels"]["cost-center"], "CC-4103");
        let definition = entity("api", name).await["spec"]["definition"].clone();
        assert!(definition.as_str().unwrap().contains("/ping"));
        let prod = entity("component", "payments-api-prod").await;
        assert_eq!(prod["spec"]["type"], "deployment");
        let vault = &prod["metadata"]["annotations"]["management.azure.com/keyVaultUri"];
        let vault = vault.as_str().unwrap();
        assert!(
            vault.starts_with("https://kv-pay") && vault.ends_with("-prod.vault.azure.net/"),
            "{vault}"
        );
        entity("resource", "payments-api-database-dev").await;
        let owners = portal.scm.owners(&ADMIN, "local:payments-api").await;
        assert_eq!(owners.unwrap(), ["group:default/payments"]);
        replica.stop().await;
    })
    .await;
}
