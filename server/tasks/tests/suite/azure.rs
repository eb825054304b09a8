//! Actions on Azure DevOps, played by a peer that has the host's rules.

use portico_store::AuditFilter;
use portico_tasks::{DryRun, DryRunTemplate, TaskView};
use portico_testkit::{
    Database,
    azure::{AzurePeer, ORGANIZATION, PROJECT, TOKEN},
};
use serde_json::{Value, json};

use crate::support::{ADMIN, Portal, entity};

struct Fixture {
    peer: AzurePeer,
    portal: Portal,
    _database: Database,
}

impl Fixture {
    async fn new(steps: Value) -> Self {
        let peer = AzurePeer::start().await;
        let database = Database::sqlite();
        let more = format!(
            "integrations:\n  azure:\n    - host: '{}'\n      apiBaseUrl: '{}'\n      \
             credentials:\n        - organizations: [{ORGANIZATION}]\n          \
             personalAccessToken: {TOKEN}\n",
            peer.host(),
            peer.base_url()
        );
        let spec = json!({
            "parameters": {"properties": {"host": {"type": "string"}}},
            "steps": steps,
            "output": {"steps": "${{ steps }}"},
        });
        let store = database.store().await;
        let portal = Portal::with_config(store, &[("it", spec)], &more).await;
        Self {
            peer,
            portal,
            _database: database,
        }
    }

    async fn run(&self) -> TaskView {
        let replica = self.portal.replica("a");
        let view = replica.done("it", json!({"host": self.peer.host()})).await;
        replica.stop().await;
        view
    }

    /// Runs the steps; gives what they put out.
    async fn completed(&self) -> Value {
        let view = self.run().await;
        assert_eq!((view.status.as_str(), view.error), ("completed", None));
        view.output.unwrap()["steps"].clone()
    }

    async fn failed(&self) -> String {
        self.run().await.error.unwrap()
    }

    async fn events(&self) -> u64 {
        let all = AuditFilter {
            action: Some("scm.configure".to_owned()),
            ..AuditFilter::default()
        };
        let store = self.portal.catalog.store();
        store.audit_events(&all, 0, 1).await.unwrap().1
    }
}

fn repo_url() -> String {
    format!("${{{{ parameters.host }}}}?organization={ORGANIZATION}&project={PROJECT}&repo=orders")
}

fn remote_url() -> String {
    format!("https://${{{{ parameters.host }}}}/{ORGANIZATION}/{PROJECT}/_git/orders")
}

fn write(path: &str, content: &str) -> Value {
    json!({"action": "fs:write", "input": {"path": path, "content": content}})
}

/// A step on the project.
fn step(id: &str, action: &str, input: Value) -> Value {
    let mut whole = json!({
        "host": "${{ parameters.host }}", "organization": ORGANIZATION, "project": PROJECT,
    });
    for (name, value) in input.as_object().unwrap() {
        whole[name] = value.clone();
    }
    json!({"id": id, "action": action, "input": whole})
}

fn whole_service() -> Value {
    json!([
        write("README.md", "# Orders"),
        {"id": "publish", "action": "publish:azure",
         "input": {"repoUrl": repo_url(), "defaultBranch": "main",
            "gitAuthorName": "Ada", "gitAuthorEmail": "ada@contoso.example"}},
        step("pipeline", "azure:pipeline:create", json!({"repository": "orders",
            "pipelineName": "orders", "pipelineYamlFile": "azure-pipelines.yml"})),
        step("permit", "azure:pipeline:permit", json!({
            "pipelineId": "${{ steps.pipeline.output.pipelineId }}",
            "resourceId": "3", "resourceType": "environment"})),
        {"id": "policy", "action": "azure:repository:policy", "input": {"repoUrl": repo_url(),
            "minimumReviewers": {"count": 2, "resetOnPush": true},
            "buildValidation": [{"pipelineId": 1}],
            "requiredReviewers": [{"ids": ["a"], "paths": ["/infra/*"]}],
            "workItemLinking": true}},
        step("run", "azure:pipeline:run", json!({"pipelineId": 1, "branch": "main",
            "templateParameters": {"stage": "dev"}, "pollingInterval": 0.1,
            "pipelineTimeout": 30, "failIfNotSuccessful": true})),
    ])
}

#[tokio::test]
async fn a_service_gets_a_repository_a_pipeline_and_policies() {
    let it = Fixture::new(whole_service()).await;
    let steps = it.completed().await;
    let remote = it.peer.repository("orders");
    assert_eq!(steps["publish"]["output"]["remoteUrl"], remote);
    assert_eq!(
        steps["publish"]["output"]["repoContentsUrl"],
        format!("{remote}?version=GBmain&path=")
    );
    assert_eq!(steps["pipeline"]["output"]["pipelineId"], "1");
    assert_eq!(steps["policy"]["output"]["policyIds"], json!([1, 2, 3, 4]));
    assert_eq!(steps["run"]["output"]["pipelineRunStatus"], "succeeded");
    assert_eq!(it.events().await, 4, "each is written down");
    let state = it.peer.state();
    let id = steps["publish"]["output"]["repositoryId"].as_str().unwrap();
    assert_eq!(
        state.repositories[id].text("main", "README.md").unwrap(),
        "# Orders"
    );
    let repository = &state.repositories[id];
    let author = &repository.commits[&repository.refs["refs/heads/main"]].author;
    assert_eq!(author["name"], "Ada");
    assert_eq!(author["email"], "ada@contoso.example");
    let permitted = &state.permissions["environment/3"]["pipelines"][0];
    assert_eq!(*permitted, json!({"id": 1, "authorized": true}));
    assert_eq!(state.runs[0]["templateParameters"]["stage"], "dev");
    let run = &state.runs[0]["resources"]["repositories"]["self"]["refName"];
    assert_eq!(run, "refs/heads/main");
    assert_eq!(state.policies[0]["settings"]["minimumApproverCount"], 2);
}

#[tokio::test]
async fn a_dry_run_sends_nothing_and_says_what_would_be_done() {
    let it = Fixture::new(whole_service()).await;
    let output = json!({"steps": "${{ steps }}"});
    let spec = json!({"parameters": {}, "steps": whole_service(), "output": output});
    let before = it.peer.state().repositories.len();
    let dry = DryRun {
        template: DryRunTemplate::Draft(entity("draft", &spec)),
        values: json!({"host": it.peer.host()}),
        secrets: Value::Null,
        beside: None,
        directory_contents: Vec::new(),
    };
    let result = it.portal.tasks().dry_run(&ADMIN, dry).await.unwrap();
    assert_eq!(result.error, None);
    let told: Vec<&str> = result
        .effects
        .iter()
        .map(|it| it.summary.as_str())
        .collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told[0].contains("make the repository https://"), "{told:?}");
    assert!(
        told[3].starts_with("require 2 reviewers, a build by pipeline 1"),
        "{told:?}"
    );
    let project = format!("https://{}/{ORGANIZATION}/{PROJECT}", it.peer.host());
    let put_out = |step: &str| &result.output["steps"][step]["output"];
    assert_eq!(
        put_out("pipeline")["pipelineUrl"],
        format!("{project}/_build/definition?definitionId=1")
    );
    assert_eq!(
        *put_out("run"),
        json!({
            "pipelineRunId": 1,
            "pipelineRunUrl": format!("{project}/_build/results?buildId=1"),
            "pipelineRunStatus": "succeeded", "pipelineTimeoutExceeded": false,
            "pipelineOutput": {},
        })
    );
    let state = it.peer.state();
    assert_eq!((before, state.repositories.len()), (0, 0));
    let wrote = state.log.iter().find(|line| !line.starts_with("GET "));
    assert_eq!(wrote, None);
}

#[tokio::test]
async fn a_branch_is_pushed_and_proposed() {
    let it = Fixture::new(json!([
        {"action": "azure:repository:clone",
         "input": {"remoteUrl": remote_url(), "targetPath": "orders"}},
        write("orders/a.txt", "changed"),
        {"id": "push", "action": "azure:repository:push", "input": {"remoteUrl": remote_url(),
            "branch": "redis", "sourcePath": "orders", "gitCommitMessage": "Add Redis"}},
        {"id": "pr", "action": "azure:pr:create", "input": {
            "server": "${{ parameters.host }}", "organization": ORGANIZATION, "project": PROJECT,
            "repoName": "orders", "sourceBranch": "redis", "title": "Add Redis",
            "workItemId": 7, "autoComplete": true}},
    ]))
    .await;
    it.peer
        .state()
        .add("orders", &[("a.txt", "a"), ("b.txt", "b")]);
    let steps = it.completed().await;
    assert_eq!(steps["pr"]["output"]["pullRequestId"], 1);
    {
        let state = it.peer.state();
        let orders = state.repository("orders").unwrap();
        assert_eq!(orders.text("redis", "a.txt").unwrap(), "changed");
        assert_eq!(orders.text("redis", "b.txt").unwrap(), "b");
        assert_eq!(orders.text("main", "a.txt").unwrap(), "a");
        assert_eq!(orders.pulls[0].body["workItemRefs"], json!([{"id": "7"}]));
        assert!(orders.pulls[0].body["autoCompleteSetBy"]["id"].is_string());
    }
    // Done again, it finds what is there.
    let again = it.completed().await;
    assert_eq!(again["pr"]["output"], steps["pr"]["output"]);
    assert_eq!(again["push"]["output"], steps["push"]["output"]);
}

#[tokio::test]
async fn what_fails_half_way_is_told_and_goes_on() {
    let mut steps = whole_service();
    steps.as_array_mut().unwrap().truncate(5);
    let it = Fixture::new(steps).await;
    it.peer.fail_next("/policy/configurations");
    let error = it.failed().await;
    assert!(
        error.contains("no policy is in force yet; another try goes on"),
        "{error}"
    );
    let taken = it.failed().await;
    assert!(taken.contains("has a repository \"orders\""), "{taken}");
}

#[tokio::test]
async fn a_run_that_fails_or_does_not_end_fails_the_step() {
    let it = Fixture::new(json!([step(
        "run",
        "azure:pipeline:run",
        json!({"pipelineId": 1,
        "pollingInterval": 0.1, "pipelineTimeout": 1, "failIfNotSuccessful": true})
    )]))
    .await;
    let missing = it.failed().await;
    assert!(missing.contains("pipeline 1 does not exist"), "{missing}");
    it.peer.state().pipelines.push(json!({"id": 1}));
    it.peer.state().run_result = Some("failed".to_owned());
    let error = it.failed().await;
    assert!(
        error.contains("run 1 of pipeline 1: failed; see https://peer"),
        "{error}"
    );
    it.peer.state().run_result = None;
    let error = it.failed().await;
    assert!(error.contains("did not end in time"), "{error}");
}

#[tokio::test]
async fn secrets_go_to_vaults_from_secrets_alone() {
    let it = Fixture::new(json!([])).await;
    let dry = async |input: Value| {
        let step = json!({"id": "it", "action": "keyvault:secret:create", "input": input});
        let spec = json!({"parameters": {}, "steps": [step],
            "output": {"id": "${{ steps.it.output.secretId }}"}});
        let dry = DryRun {
            template: DryRunTemplate::Draft(entity("draft", &spec)),
            values: json!({}),
            secrets: json!({"password": "hunter2"}),
            beside: None,
            directory_contents: Vec::new(),
        };
        it.portal.tasks().dry_run(&ADMIN, dry).await.unwrap()
    };
    let input = |vault: &str, name: &str, value: &str| json!({"vaultUrl": vault, "secretName": name, "secretValue": value});
    let (vault, secret) = (
        "https://kv-orders.vault.azure.net",
        "${{ secrets.password }}",
    );
    let result = dry(input(vault, "db-password", secret)).await;
    assert_eq!(result.error, None);
    assert_eq!(
        result.effects[0].summary,
        format!("set the secret db-password in {vault}/")
    );
    let whole = serde_json::to_string(&result).unwrap();
    assert!(!whole.contains("hunter2"), "{whole}");
    let id = result.output["id"].as_str().unwrap();
    assert!(
        id.starts_with(&format!("{vault}/secrets/db-password/0000")),
        "{id}"
    );
    for (vault, name, value, said) in [
        (vault, "db_password", secret, "secretName"),
        (vault, "db", "hunter3", "input.secretValue has to be"),
        ("https://vault.example", "db", secret, "is not a vault"),
        (
            "http://kv-orders.vault.azure.net",
            "db",
            secret,
            "is not a vault",
        ),
        (
            "https://kv.vault.azure.net.evil.example",
            "db",
            secret,
            "is not a vault",
        ),
    ] {
        let error = dry(input(vault, name, value)).await.error.unwrap();
        assert!(error.contains(said), "{error}");
    }
}
