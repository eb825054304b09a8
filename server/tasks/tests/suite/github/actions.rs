//! The `github:*` actions.

use portico_testkit::{GitHubPeer, Refusal};
use serde_json::{Value, json};

use super::{Setting, step, write};

const SECRET: &str = "a-secret-of-the-task";

/// Every action once.
fn steps() -> Value {
    let secret = "${{ secrets.it }}";
    json!([
        step(
            "dispatch",
            "github:actions:dispatch",
            json!({
                "workflowId": "deploy.yml", "branchOrTagName": "main",
                "workflowInputs": {"environment": "dev", "count": 2}, "returnWorkflowRunDetails": true,
            })
        ),
        step(
            "autolink",
            "github:autolinks:create",
            json!({
                "keyPrefix": "TICKET-", "urlTemplate": "https://tickets.contoso.example/<num>",
            })
        ),
        step(
            "protect",
            "github:branch-protection:create",
            json!({
                "restrictions": {"users": ["ada"], "teams": []}, "blockCreations": true,
            })
        ),
        step(
            "key",
            "github:deployKey:create",
            json!({
                "publicKey": "ssh-ed25519 AAAA", "privateKey": secret, "deployKeyName": "my key",
            })
        ),
        step(
            "environment",
            "github:environment:create",
            json!({
                "name": "production", "waitTimer": 5, "preventSelfReview": true,
                "deploymentBranchPolicy": {"protected_branches": false, "custom_branch_policies": true},
                "customBranchPolicyNames": ["main"], "customTagPolicyNames": ["v*"],
                "environmentVariables": {"REGION": "westeurope"}, "secrets": {"KEY": secret},
                "reviewers": ["group:default/bakers", "user:default/grace"],
            })
        ),
        step(
            "issue",
            "github:issues:create",
            json!({
                "title": "Access for Ada", "body": "Please.", "labels": ["onboarding"],
            })
        ),
        step(
            "label",
            "github:issues:label",
            json!({
                "number": "${{ steps.issue.output.issueNumber }}", "labels": ["urgent"],
            })
        ),
        step(
            "pages",
            "github:pages:enable",
            json!({
                "buildType": "legacy", "sourcePath": "/docs",
            })
        ),
        step(
            "hook",
            "github:webhook",
            json!({
                "webhookUrl": "https://portal.contoso.example/hook", "webhookSecret": secret,
                "events": ["push", "release"], "contentType": "json",
            })
        ),
    ])
}

#[tokio::test]
async fn every_action_does_what_it_says() {
    let setting = Setting::new(steps()).await;
    setting.peer.add("orders", &[("README.md", "# Orders\n")]);
    let view = setting.done(json!({"it": SECRET})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    let kept = |path: &str| {
        let kept = setting.peer.kept("orders", path).pop();
        kept.unwrap_or_else(|| panic!("nothing at {path}"))
    };
    let run = kept("actions/workflows/deploy.yml/dispatches");
    assert_eq!(run["inputs"], json!({"environment": "dev", "count": "2"}));
    assert_eq!(kept("autolinks")["is_alphanumeric"], true);
    let rules = kept("branches/main/protection");
    assert_eq!(
        rules["restrictions"],
        json!({"users": ["ada"], "teams": [], "apps": []})
    );
    assert_eq!(rules["block_creations"], true);
    assert_eq!(kept("keys")["title"], "my key");
    assert_eq!(
        GitHubPeer::unsealed(&kept("actions/secrets/KEY_MY_KEY")),
        SECRET
    );
    let environment = kept("environments/production");
    assert_eq!(
        (
            &environment["wait_timer"],
            &environment["prevent_self_review"]
        ),
        (&json!(5), &json!(true))
    );
    assert_eq!(environment["reviewers"][0]["type"], "Team");
    let policies = setting.peer.kept(
        "orders",
        "environments/production/deployment-branch-policies",
    );
    assert_eq!(
        policies,
        [
            json!({"name": "main", "type": "branch"}),
            json!({"name": "v*", "type": "tag"})
        ]
    );
    assert_eq!(
        kept("environments/production/variables/REGION")["value"],
        "westeurope"
    );
    assert_eq!(
        GitHubPeer::unsealed(&kept("environments/production/secrets/KEY")),
        SECRET
    );
    assert_eq!(kept("issues")["labels"], json!(["onboarding"]));
    assert_eq!(kept("issues/1/labels")["labels"], json!(["urgent"]));
    assert_eq!(
        kept("pages")["source"],
        json!({"branch": "main", "path": "/docs"})
    );
    let hook = kept("hooks");
    assert_eq!(
        (&hook["config"]["secret"], &hook["config"]["insecure_ssl"]),
        (&json!(SECRET), &json!("0"))
    );
    let output = &view.output.unwrap()["steps"];
    assert_eq!(output["dispatch"]["output"]["workflowRunId"], 42);
    assert_eq!(
        output["key"]["output"]["privateKeySecretName"],
        "KEY_MY_KEY"
    );
    assert_eq!(output["issue"]["output"]["issueNumber"], 1);
}

#[tokio::test]
async fn dry_runs_tell_each_and_send_nothing() {
    let setting = Setting::new(steps()).await;
    setting.peer.add("orders", &[("README.md", "# Orders\n")]);
    let dry = setting.dry_run(steps(), json!({"it": SECRET})).await;
    assert_eq!(dry.error, None);
    assert_eq!(dry.effects.len(), 9);
    let url = setting.peer.repository("orders");
    assert!(
        dry.effects
            .iter()
            .all(|it| it.summary.contains(&url) && it.details["repository"] == url)
    );
    assert!(!format!("{:?}", dry.effects).contains(SECRET));
    assert!(setting.peer.asked().is_empty());
}

#[tokio::test]
async fn a_refusal_names_the_permission_and_a_wrong_place_the_right_form() {
    let hook = step(
        "hook",
        "github:webhook",
        json!({"webhookUrl": "https://x.example"}),
    );
    let setting = Setting::new(json!([hook])).await;
    setting.peer.add("orders", &[("README.md", "# Orders\n")]);
    setting.peer.refuse(Refusal {
        of: ("POST", "/hooks"),
        status: 403,
        headers: Vec::new(),
        message: "Resource not accessible by personal access token",
        times: 1,
    });
    let error = setting.done(json!({})).await.error.unwrap();
    assert!(error.contains("\"Webhooks: write\""), "{error}");
    let mut local = step(
        "label",
        "github:issues:label",
        json!({"number": 1, "labels": []}),
    );
    local["input"]["repoUrl"] = "local?repo=orders".into();
    let setting = Setting::new(json!([write("x", "x"), local])).await;
    let error = setting.done(json!({})).await.error.unwrap();
    assert!(
        error.contains("write github.com?owner=OWNER&repo=NAME"),
        "{error}"
    );
}
