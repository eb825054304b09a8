//! Changes to repositories that are there.

use serde_json::{Value, json};

use super::{REPO, Setting, step, write};
use crate::support::ADMIN;

const FILES: [(&str, &str); 2] = [("infra/main.bicep", "old\n"), ("infra/gone.txt", "x")];

fn propose(more: Value) -> Value {
    let mut input = json!({
        "branchName": "alerts", "title": "Add alerts", "description": "For the limits.",
        "targetPath": "infra", "filesToDelete": ["gone.txt"],
    });
    for (name, value) in more.as_object().unwrap() {
        input[name] = value.clone();
    }
    step("propose", "publish:github:pull-request", input)
}

async fn setting(content: &str, more: Value) -> Setting {
    let setting = Setting::new(json!([write("main.bicep", content), propose(more)])).await;
    setting.peer.add("orders", &FILES);
    setting
}

#[tokio::test]
async fn a_change_is_proposed_and_reviewers_are_asked() {
    let more = json!({
        "draft": true, "reviewers": ["grace"], "teamReviewers": ["platform"],
        "assignees": ["ada"], "commitMessage": "Alerts", "gitAuthorName": "Ada",
    });
    let setting = setting("new\n", more).await;
    let view = setting.done(json!({})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    let peer = &setting.peer;
    let files = peer.files("orders", "alerts");
    assert_eq!(files["infra/main.bicep"].0, b"new\n");
    assert!(!files.contains_key("infra/gone.txt"));
    assert_eq!(peer.log("orders", "alerts"), ["Alerts", "Beginning"]);
    let asked = peer
        .kept("orders", "pulls/1/requested_reviewers")
        .pop()
        .unwrap();
    assert_eq!(
        asked,
        json!({"reviewers": ["grace"], "team_reviewers": ["platform"]})
    );
    assert_eq!(peer.kept("orders", "issues/1/assignees").len(), 1);
    let opened = peer
        .asked()
        .into_iter()
        .find(|it| it.path.ends_with("/pulls") && it.method == "POST");
    assert_eq!(opened.unwrap().body["draft"], true);
    let output = &view.output.unwrap()["steps"]["propose"]["output"];
    assert_eq!(
        output["remoteUrl"],
        format!("{}/pull/1", peer.repository("orders"))
    );
    assert_eq!(
        (&output["pullRequestNumber"], &output["targetBranchName"]),
        (&json!(1), &json!("main"))
    );
}

#[tokio::test]
async fn a_branch_that_is_there_is_in_the_way_unless_it_may_be_updated() {
    let without = setting("new\n", json!({})).await;
    without
        .peer
        .push("orders", "alerts", &[("infra/main.bicep", "theirs\n")]);
    let error = without.done(json!({})).await.error.unwrap();
    assert!(error.contains("has a branch \"alerts\" already"), "{error}");
    let more = json!({"update": true, "filesToDelete": []});
    let with = setting("new\n", more).await;
    for _ in 0..2 {
        let view = with.done(json!({})).await;
        assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    }
    assert_eq!(
        with.peer.log("orders", "alerts"),
        ["Add alerts\n\nFor the limits.", "Beginning"]
    );
    assert_eq!(
        with.peer.count("POST", "/pulls"),
        1,
        "the second run finds it"
    );
}

#[tokio::test]
async fn a_dry_run_shows_the_diff() {
    let setting = setting("new\n", json!({})).await;
    let steps = json!([write("main.bicep", "new\n"), propose(json!({}))]);
    let dry = setting.dry_run(steps, json!({})).await;
    assert_eq!(dry.error, None);
    let diff = dry.effects[0].details["diff"].as_str().unwrap();
    for line in ["--- infra/main.bicep", "-old", "+new", "+++ /dev/null"] {
        assert!(diff.contains(line), "{line}: {diff}");
    }
    assert_eq!(setting.peer.branches("orders"), ["main"]);
}

#[tokio::test]
async fn a_dry_run_names_the_default_branch_of_the_repository() {
    let setting = Setting::new(json!([])).await;
    let url = setting.peer.repository("orders");
    let new = portico_scm::NewRepository {
        branch: "trunk".to_owned(),
        message: "Beginning".to_owned(),
        files: vec![portico_scm::RepositoryFile {
            path: "infra/gone.txt".to_owned(),
            content: b"x".to_vec(),
            is_executable: false,
        }],
        ..portico_scm::NewRepository::default()
    };
    let made = setting.portal.scm.create(&ADMIN, &url, &new).await;
    made.unwrap();
    let steps = json!([write("main.bicep", "new\n"), propose(json!({}))]);
    let dry = setting.dry_run(steps, json!({})).await;
    assert_eq!(dry.error, None);
    assert_eq!(
        dry.output["steps"]["propose"]["output"],
        json!({
            "remoteUrl": format!("{url}/pull/1"),
            "pullRequestNumber": 1, "targetBranchName": "trunk",
        })
    );
}

#[tokio::test]
async fn when_nothing_changes_the_template_says_what_that_means() {
    for (more, status) in [
        (json!({}), "failed"),
        (json!({"createWhenEmpty": false}), "completed"),
    ] {
        let mut more = more;
        more["filesToDelete"] = json!([]);
        let setting = setting("old\n", more).await;
        let view = setting.done(json!({})).await;
        assert_eq!(view.status, status, "{:?}", view.error);
        assert_eq!(setting.peer.branches("orders"), ["main"]);
    }
}

#[tokio::test]
async fn a_pull_request_of_nothing_is_made_when_asked_for() {
    let more = json!({"createWhenEmpty": true, "filesToDelete": []});
    let setting = setting("old\n", more).await;
    let view = setting.done(json!({})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    let log = setting.peer.log("orders", "alerts");
    assert_eq!(log, ["Add alerts\n\nFor the limits.", "Beginning"]);
    assert_eq!(setting.peer.count("POST", "/git/trees"), 0);
}

#[tokio::test]
async fn a_change_is_proposed_from_a_fork_once_that_is_ready() {
    let setting = setting("new\n", json!({"forceFork": true})).await;
    let peer = &setting.peer;
    peer.refuse(portico_testkit::Refusal {
        of: ("GET", "repos/ada/orders/git/commits"),
        status: 404,
        headers: Vec::new(),
        message: "Not Found",
        times: 2,
    });
    let view = setting.done(json!({})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    assert_eq!(
        peer.branches("orders"),
        ["ada:alerts", "main"],
        "nothing is written but a pull request"
    );
    assert_eq!(
        peer.files("orders", "ada:alerts")["infra/main.bicep"].0,
        b"new\n"
    );
    let written = peer.asked().into_iter().filter(|it| it.method == "POST");
    let written: Vec<_> = written.map(|it| it.path).collect();
    for path in &written {
        let below = ["repos/ada/orders/git/", "repos/contoso/orders/"];
        assert!(below.iter().any(|it| path.contains(it)), "{path}");
    }
    let output = &view.output.unwrap()["steps"]["propose"]["output"];
    assert_eq!(
        output["remoteUrl"],
        format!("{}/pull/1", peer.repository("orders"))
    );
}

#[tokio::test]
async fn the_action_for_every_host_works_here_too() {
    let propose = json!({"id": "propose", "action": "publish:git:pull-request", "input": {
        "repoUrl": REPO, "branchName": "notes", "title": "Add notes"}});
    let publish = json!({"id": "publish", "action": "publish:git", "input": {"repoUrl": REPO}});
    let first = Setting::new(json!([write("README.md", "one"), publish])).await;
    let view = first.done(json!({})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    assert_eq!(first.peer.branches("orders"), ["main"]);
    let second = Setting::new(json!([write("NOTES.md", "two"), propose])).await;
    second.peer.add("orders", &FILES);
    let view = second.done(json!({})).await;
    assert_eq!((view.status.as_str(), &view.error), ("completed", &None));
    assert_eq!(second.peer.branches("orders"), ["main", "notes"]);
}
