//! The golden paths on hosts elsewhere, played by peers that have the hosts' rules.

use portico_model::EntityRef;
use portico_tasks::TaskView;
use portico_testkit::{
    Database, GitHubPeer,
    azure::{AzurePeer, ORGANIZATION, PROJECT, TOKEN},
};
use serde_json::{Value, json};

use super::{files::File, portal_with, well_formed::assert_well_formed};
use crate::support::{ADMIN, Portal};

struct Host {
    portal: Portal,
    _database: Database,
}

impl Host {
    /// A portal that is signed in to a host, with templates that are changed.
    async fn new(integrations: &str, changed: impl Fn(&str) -> String) -> Self {
        let database = Database::sqlite();
        let more = format!("integrations:\n{integrations}");
        let portal = portal_with(database.store().await, &more, changed).await;
        Self {
            portal,
            _database: database,
        }
    }

    /// On GitHub, where the API is a peer's.
    async fn github(peer: &GitHubPeer) -> Self {
        let integrations = format!(
            "  github:\n    - {{ host: github.com, apiBaseUrl: '{}', token: {} }}\n",
            peer.api(),
            GitHubPeer::TOKEN
        );
        Self::new(&integrations, str::to_owned).await
    }

    /// On Azure DevOps, where the API is a peer's. The catalog reads at the address itself, which
    /// is the peer's therefore when a template registers it.
    async fn azure(peer: &AzurePeer) -> Self {
        let host = |name: &str| {
            format!(
                "    - host: '{name}'\n      apiBaseUrl: '{}'\n      credentials:\n        - \
                 organizations: [{ORGANIZATION}]\n          personalAccessToken: {TOKEN}\n",
                peer.base_url()
            )
        };
        let integrations = format!("  azure:\n{}{}", host("dev.azure.com"), host(peer.host()));
        let contents = "steps['publish-azure'].output.repoContentsUrl";
        let here = format!(
            "({contents} | replace('https://dev.azure.com', '{}'))",
            peer.base_url()
        );
        Self::new(&integrations, |text| text.replace(contents, &here)).await
    }

    /// Runs a template to its end.
    async fn done(&self, template: &str, values: Value) -> TaskView {
        let replica = self.portal.replica("a");
        let view = replica.done(template, values).await;
        replica.stop().await;
        view
    }

    /// Runs one that has to do what it is for; gives what it puts out, and the new component.
    async fn made(&self, template: &str, values: Value) -> (Value, Value) {
        let name = values["name"].as_str().unwrap().to_owned();
        let view = self.done(template, values).await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        self.portal.ingest().await;
        let entity = EntityRef::new("component", "default", &name);
        let entity = self.portal.catalog.entity(&ADMIN, &entity).await.unwrap();
        let output = view.output.unwrap();
        (output, serde_json::from_slice(&entity).unwrap())
    }
}

fn dotnet(host: Value) -> Value {
    with(
        json!({
            "name": "payments-api", "description": "Takes money", "database": "sql",
            "owner": "group:default/payments", "system": "system:default/checkout",
        }),
        host,
    )
}

fn python(host: Value) -> Value {
    with(
        json!({
            "name": "demand-forecast", "description": "Knows what sells",
            "owner": "group:default/payments", "system": "system:default/checkout",
        }),
        host,
    )
}

fn with(mut values: Value, more: Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        values[name] = value.clone();
    }
    values
}

fn on_github() -> Value {
    json!({"host": "github.com", "githubOwner": "contoso"})
}

fn on_azure() -> Value {
    json!({"host": "dev.azure.com", "organization": ORGANIZATION, "project": PROJECT})
}

/// The rules of the main branch of a repository on GitHub.
fn protection(peer: &GitHubPeer, name: &str) -> Value {
    let kept = peer.kept(name, "branches/main/protection").pop();
    kept.unwrap_or_else(|| panic!("{name} is not protected"))
}

fn text(peer: &GitHubPeer, name: &str, path: &str) -> String {
    let files = peer.files(name, "main");
    let (content, _) = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(content.clone()).unwrap()
}

/// What a repository on GitHub has is as tools want it.
fn assert_files_on_github(peer: &GitHubPeer, name: &str) {
    let files = peer.files(name, "main").into_iter();
    let files = files.map(|(path, (content, mode))| File {
        path,
        text: String::from_utf8(content).unwrap(),
        executable: mode == "100755",
    });
    assert_well_formed(&files.collect::<Vec<_>>());
}

#[tokio::test]
async fn a_dotnet_service_on_github_is_protected_and_has_its_environments() {
    let peer = GitHubPeer::start().await;
    let host = Host::github(&peer).await;
    let (output, component) = host.made("dotnet-service", dotnet(on_github())).await;

    let settings = peer.settings("payments-api");
    assert_eq!(settings["visibility"], "internal");
    assert_eq!(settings["delete_branch_on_merge"], true);
    assert_eq!(settings["allow_merge_commit"], false);
    let rules = protection(&peer, "payments-api");
    let reviews = &rules["required_pull_request_reviews"];
    assert_eq!(reviews["required_approving_review_count"], 1);
    assert_eq!(reviews["require_code_owner_reviews"], true);
    let checks = json!(["test", "image", "infrastructure"]);
    assert_eq!(rules["required_status_checks"]["contexts"], checks);
    for (name, reviewers) in [("dev", 0), ("prod", 1)] {
        let kept = |path: &str| {
            let kept = peer.kept("payments-api", path).pop();
            kept.unwrap_or_else(|| panic!("nothing at {path}"))
        };
        let environment = kept(&format!("environments/{name}"));
        let branches = &environment["deployment_branch_policy"];
        assert_eq!(branches["protected_branches"], true, "{environment}");
        let asked = environment["reviewers"].as_array().map_or(0, Vec::len);
        assert_eq!(asked, reviewers, "{environment}");
        let region = kept(&format!("environments/{name}/variables/AZURE_LOCATION"));
        assert_eq!(region["value"], "westeurope");
    }

    assert_files_on_github(&peer, "payments-api");
    let log = peer.log("payments-api", "main");
    assert_eq!(log, ["payments-api: the beginning"]);
    let files = peer.files("payments-api", "main");
    assert_eq!(files["deploy/check-region.sh"].1, "100755");
    assert!(files.contains_key(".github/workflows/deploy.yml"));
    assert!(!files.contains_key("azure-pipelines.yml"));
    let owners = text(&peer, "payments-api", "CODEOWNERS");
    assert!(
        owners.contains("\n*         @contoso/payments\n"),
        "{owners}"
    );
    let annotations = &component["metadata"]["annotations"];
    assert_eq!(
        annotations["github.com/project-slug"],
        "contoso/payments-api"
    );
    let links = &output["links"];
    assert_eq!(
        links[0]["entityRef"], "component:default/payments-api",
        "{links}"
    );
}

#[tokio::test]
async fn a_dotnet_service_on_azure_has_a_pipeline_and_its_branch_policies() {
    let peer = AzurePeer::start().await;
    let host = Host::azure(&peer).await;
    let (output, component) = host.made("dotnet-service", dotnet(on_azure())).await;
    assert_protected(&peer, "payments-api", &output);

    let state = peer.state();
    let repository = state.repository("payments-api").unwrap();
    let text = |path: &str| {
        let text = repository.text("main", path);
        text.unwrap_or_else(|| panic!("no {path}"))
    };
    assert!(text("pipelines/deploy.yml").contains("script: sh ./deploy/check-region.sh"));
    assert_eq!(repository.text("main", ".github/workflows/build.yml"), None);
    let owners = text("CODEOWNERS");
    assert!(
        owners.contains("\n*         @contoso/payments\n"),
        "{owners}"
    );
    assert!(owners.contains("# GitHub reads this file."), "{owners}");
    let annotations = &component["metadata"]["annotations"];
    let place = format!("{PROJECT}/payments-api");
    assert_eq!(annotations["dev.azure.com/project-repo"], place);
}

#[tokio::test]
async fn a_data_science_service_on_github_is_protected() {
    let peer = GitHubPeer::start().await;
    let host = Host::github(&peer).await;
    let (_, component) = host.made("python-ml-service", python(on_github())).await;

    let rules = protection(&peer, "demand-forecast");
    let reviews = &rules["required_pull_request_reviews"];
    assert_eq!(reviews["required_approving_review_count"], 1);
    assert_eq!(rules["required_status_checks"]["contexts"], json!(["test"]));
    assert_files_on_github(&peer, "demand-forecast");
    let topics = peer.kept("demand-forecast", "topics").pop();
    assert_eq!(topics.unwrap()["names"], json!(["python", "mlflow"]));
    assert!(text(&peer, "demand-forecast", "CODEOWNERS").contains("@contoso/payments\n"));
    let workflow = text(&peer, "demand-forecast", ".github/workflows/build.yml");
    assert!(workflow.contains("run: pytest"), "{workflow}");
    assert_eq!(component["spec"]["type"], "data-product");
}

#[tokio::test]
async fn a_data_science_service_on_azure_has_a_pipeline_and_its_branch_policies() {
    let peer = AzurePeer::start().await;
    let host = Host::azure(&peer).await;
    let (output, component) = host.made("python-ml-service", python(on_azure())).await;
    assert_protected(&peer, "demand-forecast", &output);
    let annotations = &component["metadata"]["annotations"];
    assert_eq!(
        annotations["dev.azure.com/build-definition"],
        "demand-forecast"
    );
    let organization = format!("dev.azure.com/{ORGANIZATION}");
    assert_eq!(annotations["dev.azure.com/host-org"], organization);
}

#[tokio::test]
async fn what_fails_on_azure_goes_on_with_what_is_there() {
    let peer = AzurePeer::start().await;
    let host = Host::azure(&peer).await;
    peer.fail_next("/policy/configurations");
    let view = host.done("dotnet-service", dotnet(on_azure())).await;
    let error = view.error.unwrap();
    assert!(error.contains("no policy is in force yet"), "{error}");

    let replica = host.portal.replica("b");
    let tasks = &replica.tasks;
    tasks.retry(&ADMIN, view.id, json!({})).await.unwrap();
    let view = crate::support::ended(tasks, view.id).await;
    assert_eq!((view.status.as_str(), view.error), ("completed", None));
    replica.stop().await;
    assert_protected(&peer, "payments-api", &view.output.unwrap());
}

/// A repository on Azure DevOps has one commit, one pipeline of its file, and a main branch that
/// wants a reviewer and a build by it.
#[track_caller]
fn assert_protected(peer: &AzurePeer, name: &str, output: &Value) {
    let state = peer.state();
    let repository = state.repository(name).unwrap();
    let default = repository.default_branch.as_deref();
    assert_eq!(
        (default, repository.commits.len()),
        (Some("refs/heads/main"), 1)
    );
    let commit = repository.commits.values().next().unwrap();
    let files = commit.files.iter().map(|(path, file)| File {
        path: path.clone(),
        text: String::from_utf8(file.content.clone()).unwrap(),
        // The host is not told.
        executable: file.content.starts_with(b"#!"),
    });
    assert_well_formed(&files.collect::<Vec<_>>());
    let [pipeline] = state.pipelines.as_slice() else {
        panic!("{:?}", state.pipelines);
    };
    assert_eq!(pipeline["name"], name);
    let configuration = &pipeline["configuration"];
    assert_eq!(configuration["path"], "/azure-pipelines.yml");
    assert!(repository.text("main", "azure-pipelines.yml").is_some());
    let page = &pipeline["_links"]["web"]["href"];
    let links = output["links"].as_array().unwrap();
    let link = links.iter().find(|it| it["title"] == "Pipeline");
    assert_eq!(link.map(|it| &it["url"]), Some(page), "{links:?}");

    let [reviewers, build] = state.policies.as_slice() else {
        panic!("{:?}", state.policies);
    };
    for policy in [reviewers, build] {
        assert_eq!(policy["isBlocking"], true);
        let scope = &policy["settings"]["scope"][0];
        assert_eq!(scope["refName"], "refs/heads/main");
        assert_eq!(scope["repositoryId"], configuration["repository"]["id"]);
    }
    assert_eq!(reviewers["settings"]["minimumApproverCount"], 1);
    assert_eq!(reviewers["settings"]["creatorVoteCounts"], false);
    assert_eq!(build["settings"]["buildDefinitionId"], pipeline["id"]);
}
