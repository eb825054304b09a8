//! New repositories with all their settings.

use portico_testkit::{GitHubPeer, Refusal};
use serde_json::{Value, json};

use super::{Setting, step, write};
use crate::support::{ADMIN, ended};

fn publish() -> Value {
    step(
        "publish",
        "publish:github",
        json!({
            "description": "Takes orders", "homepage": "https://orders.contoso.example",
            "repoVisibility": "internal", "defaultBranch": "main",
            "gitCommitMessage": "Begin", "gitAuthorName": "Ada", "gitAuthorEmail": "ada@x.example",
            "access": "contoso/platform", "deleteBranchOnMerge": true, "hasWiki": false,
            "collaborators": [{"user": "grace", "access": "write"},
                {"team": "bakers", "access": "maintain"}],
            "topics": ["Orders", "api"], "repoVariables": {"REGION": "westeurope"},
            "secrets": {"KEY": "${{ secrets.key }}"},
            "oidcCustomization": {"useDefault": false, "includeClaimKeys": ["repo"]},
            "customProperties": {"tier": "1"}, "subscribe": true,
            "requiredApprovingReviewCount": 2, "requireCodeOwnerReviews": true,
            "requiredStatusCheckContexts": ["build"], "requiredCommitSigning": true,
        }),
    )
}

fn steps() -> Value {
    json!([write("README.md", "# Orders\n"), publish()])
}

const KEY: &str = "a-secret-of-the-workflow";

#[tokio::test]
async fn a_repository_is_made_with_everything_that_was_asked_for() {
    let setting = Setting::new(steps()).await;
    let view = setting.done(json!({"key": KEY})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    let peer = &setting.peer;
    assert_eq!(peer.log("orders", "main"), ["Begin"]);
    assert_eq!(peer.files("orders", "main")["README.md"].0, b"# Orders\n");
    let settings = peer.settings("orders");
    for (name, value) in [
        ("description", json!("Takes orders")),
        ("homepage", json!("https://orders.contoso.example")),
        ("visibility", json!("internal")),
        ("default_branch", json!("main")),
        ("delete_branch_on_merge", json!(true)),
        ("has_wiki", json!(false)),
    ] {
        assert_eq!(settings[name], value, "{name}");
    }
    let kept = |path: &str| peer.kept("orders", path).pop().unwrap_or_default();
    assert_eq!(kept("collaborators/grace")["permission"], "push");
    assert_eq!(kept("teams/bakers")["permission"], "maintain");
    assert_eq!(kept("teams/platform")["permission"], "admin");
    assert_eq!(kept("topics")["names"], json!(["orders", "api"]));
    assert_eq!(kept("actions/variables/REGION")["value"], "westeurope");
    assert_eq!(GitHubPeer::unsealed(&kept("actions/secrets/KEY")), KEY);
    assert_eq!(
        kept("actions/oidc/customization/sub")["include_claim_keys"],
        json!(["repo"])
    );
    let property = &kept("properties/values")["properties"][0];
    assert_eq!(property["property_name"], "tier");
    assert_eq!(kept("subscription")["subscribed"], true);
    let rules = kept("branches/main/protection");
    let reviews = &rules["required_pull_request_reviews"];
    assert_eq!(reviews["required_approving_review_count"], 2);
    assert_eq!(reviews["require_code_owner_reviews"], true);
    assert_eq!(
        rules["required_status_checks"]["contexts"],
        json!(["build"])
    );
    assert_eq!(rules["enforce_admins"], true);
    assert_eq!(
        peer.kept("orders", "branches/main/protection/required_signatures")
            .len(),
        1
    );
    let output = &view.output.unwrap()["steps"]["publish"]["output"];
    let url = peer.repository("orders");
    assert_eq!(output["remoteUrl"], format!("{url}.git"));
    assert_eq!(output["repoContentsUrl"], format!("{url}/blob/main"));
    assert_eq!(output["commitHash"].as_str().unwrap().len(), 40);
}

#[tokio::test]
async fn what_failed_half_way_says_so_and_a_retry_goes_on() {
    let setting = Setting::new(steps()).await;
    setting.peer.refuse(Refusal {
        of: ("PUT", "/branches/main/protection"),
        status: 403,
        headers: Vec::new(),
        message: "Resource not accessible by integration",
        times: 1,
    });
    let view = setting.done(json!({"key": KEY})).await;
    let error = view.error.unwrap();
    for part in [
        "was made and has its settings, administrator, collaborators",
        "but not its branch protection",
        "\"Administration: write\"",
        "Retry the task",
    ] {
        assert!(error.contains(part), "{part}: {error}");
    }
    let tasks = &setting.replica.tasks;
    tasks
        .retry(&ADMIN, view.id, json!({"key": KEY}))
        .await
        .unwrap();
    let view = ended(tasks, view.id).await;
    assert_eq!((view.status.as_str(), view.error), ("completed", None));
    assert_eq!(setting.peer.count("POST", "/orgs/contoso/repos"), 1);
    assert_eq!(setting.peer.log("orders", "main").len(), 1);
    assert_eq!(
        setting
            .peer
            .kept("orders", "branches/main/protection")
            .len(),
        1
    );
}

#[tokio::test]
async fn a_name_that_is_taken_is_told() {
    let setting = Setting::new(steps()).await;
    setting.peer.add("orders", &[("README.md", "theirs")]);
    let error = setting.done(json!({"key": KEY})).await.error.unwrap();
    assert!(
        error.contains("contoso has a repository \"orders\""),
        "{error}"
    );
    assert_eq!(
        setting.peer.files("orders", "main")["README.md"].0,
        b"theirs"
    );
    let dry = setting.dry_run(steps(), json!({"key": KEY})).await;
    assert!(dry.error.unwrap().contains("choose another name"));
}

#[tokio::test]
async fn a_dry_run_tells_everything_but_secrets_and_sends_nothing() {
    let setting = Setting::new(steps()).await;
    let dry = setting.dry_run(steps(), json!({"key": KEY})).await;
    assert_eq!(dry.error, None);
    let effect = &dry.effects[0];
    let url = setting.peer.repository("orders");
    assert_eq!(
        effect.summary,
        format!("make the repository {url} with 1 files")
    );
    assert_eq!(effect.details["secrets"], json!(["KEY"]));
    let reviews = &effect.details["protection"]["required_pull_request_reviews"];
    assert_eq!(reviews["required_approving_review_count"], 2);
    assert!(!format!("{:?}", dry.effects).contains(KEY));
    assert!(setting.peer.asked().iter().all(|it| it.method == "GET"));
}

#[tokio::test]
async fn where_the_plan_has_no_protection_the_task_goes_on() {
    let setting = Setting::new(steps()).await;
    setting.peer.refuse(Refusal {
        of: ("PUT", "/branches/main/protection"),
        status: 403,
        headers: Vec::new(),
        message: "Upgrade to GitHub Pro or make this repository public to enable this feature.",
        times: 1,
    });
    let view = setting.done(json!({"key": KEY})).await;
    assert_eq!((view.status.as_str(), view.error), ("completed", None));
}

#[tokio::test]
async fn a_token_of_the_input_is_used_and_never_told() {
    let mut publish = step(
        "publish",
        "publish:github",
        json!({"token": "${{ secrets.token }}"}),
    );
    publish["input"]["topics"] = json!(["one"]);
    let steps = json!([write("README.md", "# Orders\n"), publish]);
    let setting = Setting::with_token(steps, None).await;
    let view = setting.done(json!({"token": GitHubPeer::TOKEN})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    assert_eq!(setting.peer.kept("orders", "topics").len(), 1);
    assert_eq!(setting.peer.branches("orders"), ["master"]);
    let wrong = "ghp_wrong_token_of_somebody";
    let view = setting.done(json!({"token": wrong})).await;
    let error = view.error.unwrap();
    assert!(
        error.contains("does not accept the token of the input"),
        "{error}"
    );
    let row = setting.store.task(view.id).await.unwrap().unwrap();
    let events = setting.store.task_events(view.id, 0, 1000).await.unwrap();
    assert!(!format!("{row:?} {events:?}").contains(wrong));
    let error = setting.done(json!({})).await.error.unwrap();
    assert!(
        error.contains("set integrations.github[0].token or"),
        "{error}"
    );
}

#[tokio::test]
async fn a_repository_is_made_empty_and_filled_later() {
    for auto_init in [false, true] {
        let create = json!({"description": "Later", "autoInit": auto_init, "topics": ["x"]});
        let steps = json!([
            step("create", "github:repo:create", create),
            write("README.md", "# Ours\n"),
            step(
                "push",
                "github:repo:push",
                json!({"defaultBranch": "trunk"})
            ),
        ]);
        let setting = Setting::new(steps).await;
        let view = setting.done(json!({})).await;
        assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
        let peer = &setting.peer;
        assert_eq!(peer.settings("orders")["description"], "Later");
        assert_eq!(peer.log("orders", "trunk"), ["initial commit"]);
        assert_eq!(peer.branches("orders"), ["trunk"]);
        assert_eq!(peer.files("orders", "trunk")["README.md"].0, b"# Ours\n");
        assert_eq!(peer.kept("orders", "branches/trunk/protection").len(), 1);
    }
    let push = step("push", "github:repo:push", json!({}));
    let setting = Setting::new(json!([write("README.md", "ours"), push])).await;
    setting.peer.add("orders", &[("README.md", "theirs")]);
    let error = setting.done(json!({})).await.error.unwrap();
    assert!(
        error.contains("has commits already; propose a change"),
        "{error}"
    );
}
