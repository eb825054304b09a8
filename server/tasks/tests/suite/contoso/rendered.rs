//! Each golden path with one set of answers after the other, and what tools say of the result.

use portico_scm::NewRepository;
use portico_testkit::on_each_engine;
use serde_json::{Value, json};

use super::{
    files::{File, folder, rendered},
    portal,
    well_formed::assert_well_formed,
};
use crate::support::ADMIN;

fn content<'a>(files: &'a [File], path: &str) -> &'a str {
    let file = files.iter().find(|it| it.path == path);
    &file.unwrap_or_else(|| panic!("no {path}")).text
}

fn has(files: &[File], path: &str) -> bool {
    files.iter().any(|it| it.path == path)
}

fn service(more: Value) -> Value {
    let mut values = json!({
        "name": "payments-api", "description": "Takes \"money\": safely", "host": "local",
        "owner": "group:default/payments", "system": "system:default/checkout",
    });
    for (key, value) in more.as_object().unwrap() {
        values[key] = value.clone();
    }
    values
}

#[tokio::test]
async fn dotnet_services_with_each_database_and_each_pipeline() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        for (database, resource, package) in [
            ("none", None, None),
            ("sql", Some("Microsoft.Sql/servers@"), Some(".SqlServer\"")),
            ("postgresql", Some("flexibleServers@"), Some("Npgsql.")),
            ("cosmos", Some("databaseAccounts@"), Some(".Cosmos\"")),
        ] {
            for (cache, pipeline, dotnet) in [(true, "github", "10.0"), (false, "azure", "9.0")] {
                let values = service(json!({
                    "database": database, "cache": cache, "pipeline": pipeline, "dotnet": dotnet,
                }));
                let files = rendered(&portal, "dotnet-service", values).await;
                assert_well_formed(&files);
                let bicep = content(&files, "bicep/main.bicep");
                let project = content(&files, "src/Payments.Api/Payments.Api.csproj");
                for part in ["Microsoft.Sql/", "flexibleServers@", "databaseAccounts@"] {
                    let wanted = resource.is_some_and(|it| it.starts_with(part));
                    assert_eq!(bicep.contains(part), wanted, "{part} in {database}");
                }
                assert!(package.is_none_or(|it| project.contains(it)), "{database}");
                assert_eq!(bicep.contains("Microsoft.Cache/redis@"), cache);
                assert_eq!(has(&files, ".github/workflows/deploy.yml"), cache);
                assert_eq!(has(&files, "azure-pipelines.yml"), !cache);
                let data = "src/Payments.Api/Data/Database.cs";
                assert_eq!(has(&files, data), database != "none");
                let props = content(&files, "Directory.Build.props");
                assert!(props.contains(&format!("net{dotnet}<")), "{props}");
                assert!(content(&files, "CODEOWNERS").contains("@contoso/payments\n"));
                assert_vaults(bicep, content(&files, "catalog-info.yaml"));
            }
        }
    })
    .await;
}

/// The vaults of both files are the same, and Azure takes their names: of environments with longer
/// names, too.
#[track_caller]
fn assert_vaults(bicep: &str, catalog: &str) {
    let start = "\n  name: 'kv-";
    let (_, rest) = bicep.split_once(start).unwrap();
    let (vault, rest) = rest.split_once("-${environment}'\n").unwrap();
    assert!(rest.starts_with("  location: location\n"), "{rest}");
    let fine = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    assert!(
        vault.bytes().all(fine) && vault.starts_with("pay"),
        "{vault}"
    );
    assert!(format!("kv-{vault}-{}", "e".repeat(12)).len() <= 24);
    for environment in ["dev", "prod"] {
        let line = format!(
            "management.azure.com/keyVaultUri: https://kv-{vault}-{environment}.vault.azure.net/\n"
        );
        // Of the environment, and of the vault itself.
        assert_eq!(catalog.matches(&line).count(), 2, "{line} in\n{catalog}");
    }
}

#[tokio::test]
async fn code_owners_are_of_the_organisation_that_the_form_says() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        for (host, owner) in [
            ("github.com", "fabrikam"),
            ("dev.azure.com", "northwind"),
            ("local", "fabrikam"),
        ] {
            for name in ["dotnet-service", "python-ml-service"] {
                let values = json!({
                    "name": "shop", "package": "shop", "team": "web", "assembly": "Shop",
                    "githubOwner": "fabrikam", "organization": "northwind", "host": host,
                    "pipeline": "github",
                });
                let files = folder(&portal, name, "./skeleton", values).await;
                let owners = content(&files, "CODEOWNERS");
                let wanted = format!("/bicep/  @{owner}/web @{owner}/platform\n");
                let said = owners.replace("   @", "  @");
                assert!(said.contains(&wanted), "{owners}");
                assert!(!owners.contains("contoso"), "{owners}");
                assert_eq!(owners.contains("Elsewhere"), host != "github.com");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn data_science_services() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        for (kind, compute, personal) in [
            ("regression", "cpu", false),
            ("classification", "gpu", true),
        ] {
            let values = service(json!({
                "name": "demand-forecast", "kind": kind, "compute": compute,
                "personalData": personal,
            }));
            let files = rendered(&portal, "python-ml-service", values).await;
            assert_well_formed(&files);
            let train = content(&files, "src/demand_forecast/train.py");
            assert_eq!(train.contains("Regressor"), kind == "regression");
            let bicep = content(&files, "bicep/main.bicep");
            assert_eq!(bicep.contains("Standard_NC"), compute == "gpu");
            assert!(bicep.contains(&format!("hbiWorkspace: {personal}")));
        }
    })
    .await;
}

#[tokio::test]
async fn people_are_onboarded() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        let repository = NewRepository {
            branch: "main".to_owned(),
            message: "The beginning".to_owned(),
            files: vec![portico_scm::RepositoryFile {
                path: "README.md".to_owned(),
                content: b"# Onboarding\n".to_vec(),
                is_executable: false,
            }],
            ..NewRepository::default()
        };
        let made = portal.scm.create(&ADMIN, "local:onboarding", &repository);
        made.await.unwrap();
        for (environment, access) in [
            ("dotnet", json!(["source-code", "on-call"])),
            ("python", json!([])),
            ("web", json!(["vpn"])),
        ] {
            let values = json!({
                "person": "user:default/ada.lovelace", "team": "group:default/payments",
                "role": "external", "start": "2026-12-01", "access": access,
                "environment": environment,
            });
            let files = rendered(&portal, "onboard-developer", values).await;
            assert_well_formed(&files);
            let folder = "people/ada.lovelace";
            let asked = super::yaml(content(&files, &format!("{folder}/access.yaml")));
            let asked = asked["access"].as_array().unwrap();
            let names: Vec<&Value> = asked.iter().map(|it| &it["name"]).collect();
            assert_eq!(json!(names), access);
            assert!(asked.iter().all(|it| it["grantedBy"].is_string()));
            let plan = content(&files, &format!("{folder}/README.md"));
            assert!(plan.contains("[Channel](https://chat.contoso.example/payments)"));
        }
    })
    .await;
}

#[tokio::test]
async fn pipelines_of_each_stack() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        for (stack, tool, version, evidence, command) in [
            (
                "dotnet",
                "dotnet",
                "10.0",
                "Shop.slnx",
                "dotnet test --configuration",
            ),
            (
                "dotnet",
                "dotnet",
                "8.0",
                "src/A/A.csproj",
                "git ls-files '*.csproj'",
            ),
            ("java", "maven", "21", "pom.xml", "mvn --batch-mode verify"),
            ("java", "gradle", "25", "build.gradle", "./gradlew build"),
            ("node", "npm", "24", "package.json", "npm ci"),
            (
                "node",
                "pnpm",
                "22",
                "web/package.json",
                "pnpm install --frozen",
            ),
            ("python", "uv", "3.13", "pyproject.toml", "uv run pytest"),
            (
                "python",
                "pip",
                "3.12",
                "requirements.txt",
                "-requirement requirements.txt",
            ),
            ("go", "go", "1.25", "cmd/go.mod", "go test -race"),
        ] {
            let at = evidence.rsplit_once('/').map_or(".", |it| it.0);
            for (host, file) in [
                ("github", ".github/workflows/build.yml"),
                ("azure", "azure-pipelines.yml"),
            ] {
                for dockerfile in [true, false] {
                    let values = json!({
                        "stack": stack, "tool": tool, "version": version, "folder": at,
                        "evidence": evidence, "name": "shop", "hasDockerfile": dockerfile,
                    });
                    let files =
                        folder(&portal, "pipeline", &format!("./{host}/{stack}"), values).await;
                    assert_well_formed(&files);
                    let pipeline = content(&files, file);
                    assert!(pipeline.contains(command), "{command} in\n{pipeline}");
                    assert_eq!(pipeline.contains("docker build"), dockerfile);
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn entries_of_repositories_on_each_host() {
    on_each_engine(async |store| {
        let portal = portal(store).await;
        for (url, repository) in [
            (json!({"host": "local", "repo": "shop"}), "local:shop"),
            (
                json!({"host": "github.com", "owner": "contoso", "repo": "shop"}),
                "https://github.com/contoso/shop",
            ),
            (
                json!({"host": "dev.azure.com", "organization": "contoso", "project": "Web",
                    "repo": "shop"}),
                "https://dev.azure.com/contoso/Web/_git/shop",
            ),
        ] {
            let values = json!({
                "name": "shop", "stack": "go", "owner": "group:default/payments",
                "type": "service", "url": url,
            });
            let files = folder(&portal, "pipeline", "./catalog", values).await;
            assert_well_formed(&files);
            let wanted = format!("portico.dev/repository: {repository}\n");
            assert!(content(&files, "catalog-info.yaml").contains(&wanted));
        }
    })
    .await;
}
