//! Repositories with their first commit.

use portico_scm::{RepositoryHost as _, ScmError, Visibility};
use portico_testkit::Refusal;

use super::{Setting, new};
use crate::support::{audit, is_conflict};

#[tokio::test]
async fn a_repository_has_one_commit_with_every_file() {
    let setting = Setting::new().await;
    let url = setting.peer.repository("orders");
    for (name, branch) in [("orders", "main"), ("bread", "trunk")] {
        let url = setting.peer.repository(name);
        let commit = setting.create(&url, &new(branch, "task 1")).await.unwrap();
        let found = setting.github.repository(&url).await.unwrap();
        assert_eq!(found.default_branch, branch);
        assert_eq!(found.name, format!("contoso/{name}"));
        assert_eq!(setting.peer.branches(name), [branch], "no other is left");
        let log = setting.peer.log(name, branch);
        assert_eq!(log, ["The beginning\n\nWith a reason."]);
        let branches = setting.github.branches(&url).await.unwrap();
        assert_eq!(branches[0].tip.id, commit);
        assert_eq!(branches[0].tip.author, "user:default/ada");
        assert_eq!(branches[0].tip.at, audit().at);
        let mut wanted = new(branch, "").files;
        wanted.sort_by(|a, b| a.path.cmp(&b.path));
        assert_eq!(setting.github.files(&url, None, "").await.unwrap(), wanted);
        let settings = setting.peer.settings(name);
        assert_eq!(settings["description"], "What it is for");
        assert_eq!(settings["visibility"], "private");
    }
    assert_eq!(setting.events().await, 2);
    assert_eq!(setting.github.page(&url), url);
}

#[tokio::test]
async fn a_name_is_taken_but_for_who_has_the_key() {
    let setting = Setting::new().await;
    let url = setting.peer.repository("orders");
    let mine = new("main", "task 1");
    let made = setting.create(&url, &mine).await.unwrap();
    // Somebody works in it already.
    setting.peer.push("orders", "main", &[("more.txt", "more")]);
    let again = setting.create(&url, &mine).await.unwrap();
    assert_eq!(again, made);
    let mut keyless = mine.clone();
    keyless.key = None;
    for other in [new("main", "task 2"), keyless] {
        let refused = setting.create(&url, &other).await;
        assert!(is_conflict(&refused), "{refused:?}");
        let text = refused.unwrap_err().to_string();
        assert!(
            text.contains("contoso has a repository \"orders\""),
            "{text}"
        );
        assert!(text.contains("choose another name"), "{text}");
    }
    assert_eq!(
        setting.events().await,
        1,
        "what was not done is not in the log"
    );
}

#[tokio::test]
async fn what_was_interrupted_goes_on_with_the_same_key() {
    for of in [
        ("POST", "/git/blobs"),
        ("POST", "/git/trees"),
        ("POST", "/git/commits"),
        ("POST", "/git/refs"),
        ("PATCH", "/repos/contoso/orders"),
        ("GET", "/git/matching-refs"),
        ("DELETE", "/git/refs"),
    ] {
        let setting = Setting::new().await;
        let url = setting.peer.repository("orders");
        setting.peer.interrupt(of);
        let mine = new("trunk", "task 1");
        let stopped = setting.create(&url, &mine).await;
        assert!(stopped.is_err(), "{of:?}");
        let description = setting.peer.settings("orders")["description"].to_string();
        assert!(
            description.contains("Portico is making"),
            "{of:?} {description}"
        );
        assert_eq!(setting.events().await, 0, "{of:?}");
        // Nobody else gets the half of it.
        let other = setting.create(&url, &new("trunk", "task 2")).await;
        assert!(is_conflict(&other), "{of:?}: {other:?}");
        setting.create(&url, &mine).await.unwrap();
        assert_eq!(setting.peer.log("orders", "trunk").len(), 1, "{of:?}");
        assert_eq!(setting.peer.branches("orders"), ["trunk"], "{of:?}");
        assert_eq!(setting.events().await, 1, "{of:?}");
    }
}

#[tokio::test]
async fn where_a_rule_forbids_to_replace_a_commit_ours_follows_it() {
    let setting = Setting::new().await;
    let url = setting.peer.repository("orders");
    setting.peer.refuse(Refusal {
        of: ("PATCH", "/git/refs/heads/main"),
        status: 422,
        headers: Vec::new(),
        message: "Repository rule violations found",
        times: 1,
    });
    setting.create(&url, &new("main", "task 1")).await.unwrap();
    assert_eq!(setting.peer.log("orders", "main").len(), 2);
    assert_eq!(
        setting.peer.files("orders", "main").len(),
        4,
        "not the file of GitHub's"
    );
}

#[tokio::test]
async fn a_host_that_limits_the_rate_is_waited_for() {
    let setting = Setting::new().await;
    let url = setting.peer.repository("orders");
    setting.peer.limit(("POST", "/orgs/contoso/repos"));
    setting.peer.limit(("POST", "/git/trees"));
    let started = std::time::Instant::now();
    setting.create(&url, &new("main", "task 1")).await.unwrap();
    assert!(
        started.elapsed().as_millis() >= 1900,
        "as long as it asks for"
    );
    assert_eq!(setting.peer.count("POST", "/git/trees"), 2);
    setting.peer.refuse(Refusal {
        of: ("POST", "/orgs/contoso/repos"),
        status: 429,
        headers: vec![("retry-after", "600".to_owned())],
        message: "API rate limit exceeded",
        times: 1,
    });
    let bread = setting.peer.repository("bread");
    let refused = setting.create(&bread, &new("main", "task 1")).await;
    let text = refused.unwrap_err().to_string();
    assert!(
        text.contains("limits the rate") && text.contains("try again"),
        "{text}"
    );
}

#[tokio::test]
async fn repositories_of_users_are_made_with_their_token_only() {
    let setting = Setting::new().await;
    let of = |owner: &str| format!("https://{}/{owner}/orders", setting.peer.host());
    setting
        .create(&of("ada"), &new("main", "task 1"))
        .await
        .unwrap();
    let refused = async |url: &str, new| {
        let refused = setting.create(url, &new).await;
        refused.unwrap_err().to_string()
    };
    let text = refused(&of("grace"), new("main", "1")).await;
    assert!(
        text.contains("grace is a user, and the token is of ada"),
        "{text}"
    );
    let text = refused(&of("fabrikam"), new("main", "1")).await;
    assert!(text.contains("fabrikam"), "{text}");
    let mut internal = new("main", "1");
    internal.visibility = Visibility::Internal;
    let url = format!("https://{}/ada/bread", setting.peer.host());
    let text = refused(&url, internal).await;
    assert!(text.contains("choose private or public"), "{text}");
}

#[tokio::test]
async fn what_is_not_allowed_names_the_permission() {
    let setting = Setting::new().await;
    let url = setting.peer.repository("orders");
    let forbid = |of, message| {
        setting.peer.refuse(Refusal {
            of,
            status: 403,
            headers: vec![(
                "x-accepted-github-permissions",
                "administration=write".to_owned(),
            )],
            message,
            times: 1,
        });
    };
    forbid(("POST", "/orgs/contoso/repos"), "Resource not accessible");
    let refused = setting.create(&url, &new("main", "1")).await;
    let Err(ScmError::Refused(text)) = refused else {
        panic!("{refused:?}")
    };
    for part in [
        "integrations.github[0].token may not",
        "\"Administration: write\"",
        "administration=write",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let mut with_workflow = new("main", "2");
    with_workflow.files[0].path = ".github/workflows/ci.yml".to_owned();
    forbid(("POST", "/git/trees"), "Resource not accessible");
    let refused = setting.create(&url, &with_workflow).await;
    let text = refused.unwrap_err().to_string();
    assert!(text.contains("Workflows: write"), "{text}");
}
