//! Repositories and change requests.

use axum::http::Method;
use portico_access::Principal;
use portico_scm::{Edit, Proposal};
use portico_testkit::{GitHubPeer, on_each_engine};
use serde_json::{Value, json};

use crate::support::{Portal, READ_TOKEN, on_bakery};

const BREAD: &str = "/api/scm/repositories/bread";

async fn portal_with_bread(portal: &Portal) {
    portal.import("bread", "README.md", "# Bread\n").await;
}

async fn propose(portal: &Portal, branch: &str, text: &str) {
    let proposal = Proposal {
        branch: branch.to_owned(),
        title: "More salt".to_owned(),
        edits: vec![Edit::Write {
            path: "README.md".to_owned(),
            content: text.as_bytes().to_vec(),
        }],
        ..Proposal::default()
    };
    portal
        .scm
        .propose(&Principal::LocalAdmin, "local:bread", &proposal)
        .await
        .unwrap();
}

#[tokio::test]
async fn repositories_are_listed_and_read() {
    on_bakery(|portal| async move {
        assert_eq!(portal.get("/api/scm/repositories").await.ok(), json!([]));
        portal_with_bread(&portal).await;
        let bread = json!({"name": "bread", "url": "local:bread", "defaultBranch": "main"});
        assert_eq!(
            portal.get("/api/scm/repositories").await.ok(),
            json!([bread])
        );
        let detail = portal.get(BREAD).await.ok();
        assert_eq!(detail["branches"][0]["name"], "main");
        assert_eq!(detail["owners"], json!([]));
        assert_eq!(
            portal
                .get(&format!("{BREAD}/files?path=README.md"))
                .await
                .ok(),
            json!({"path": "README.md", "size": 8, "encoding": "utf-8", "content": "# Bread\n"})
        );
        let tree = portal
            .get(&format!("{BREAD}/tree?glob=*.md&ref=main"))
            .await;
        assert_eq!(tree.ok(), json!(["README.md"]));
        let folder = portal.get(&format!("{BREAD}/folders")).await.ok();
        let readme = json!({"path": "README.md", "kind": "file", "size": 8});
        assert_eq!(folder, json!([readme]));
        for (path, problem) in [
            (&*format!("{BREAD}/folders?path=x"), (404, "NotFoundError")),
            (&format!("{BREAD}/folders?path=.."), (400, "InputError")),
            ("/api/scm/repositories/cake", (404, "NotFoundError")),
            ("/api/scm/repositories/..%2Fbread", (400, "InputError")),
            (
                &format!("{BREAD}/files?path=nothing"),
                (404, "NotFoundError"),
            ),
            (&format!("{BREAD}/files?path=..%2Fx"), (400, "InputError")),
            (&format!("{BREAD}/files"), (400, "InputError")),
            (
                &format!("{BREAD}/files?path=README.md&ref=none"),
                (404, "NotFoundError"),
            ),
            (&format!("{BREAD}/tree?glob=%7B"), (400, "InputError")),
            (
                &format!("{BREAD}/change-requests/1"),
                (404, "NotFoundError"),
            ),
            (&format!("{BREAD}/change-requests/x"), (400, "InputError")),
            (
                &format!("{BREAD}/change-requests?state=x"),
                (400, "InputError"),
            ),
        ] {
            let (status, name) = portal.get(path).await.problem();
            assert_eq!((status, name.as_str()), problem, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn only_what_the_portal_keeps_is_listed() {
    on_each_engine(async |store| {
        let peer = GitHubPeer::start().await;
        peer.add("cake", &[("README.md", "# Cake\n")]);
        let host = format!(
            "integrations: {{ github: [{{ host: '{}', apiBaseUrl: '{}', token: {} }}] }}",
            peer.host(),
            peer.api(),
            GitHubPeer::TOKEN
        );
        let portal = Portal::bakery_with(store, &host).await;
        portal_with_bread(&portal).await;
        let everywhere = portal.scm.repositories(&Principal::LocalAdmin);
        assert_eq!(everywhere.await.unwrap().len(), 2);
        let listed = portal.get("/api/scm/repositories").await.ok();
        let bread = json!({"name": "bread", "url": "local:bread", "defaultBranch": "main"});
        assert_eq!(listed, json!([bread]));
    })
    .await;
}

#[tokio::test]
async fn change_requests_are_reviewed_merged_and_closed() {
    on_bakery(|portal| async move {
        portal_with_bread(&portal).await;
        for (branch, text) in [
            ("a", "# Bread\nsalt\n"),
            ("b", "# Cake\n"),
            ("c", "# Buns\n"),
        ] {
            propose(&portal, branch, text).await;
        }
        let list = portal
            .get(&format!("{BREAD}/change-requests?limit=1"))
            .await
            .ok();
        assert_eq!(list["totalItems"], 3);
        assert_eq!(list["items"][0]["number"], 3);
        let one = portal.get(&format!("{BREAD}/change-requests/1")).await.ok();
        assert_eq!(
            (&one["title"], &one["state"], &one["mergeable"]),
            (&json!("More salt"), &json!("open"), &json!(true))
        );
        assert_eq!(
            one["url"],
            "https://portal.example/repositories/bread/change-requests/1"
        );
        assert_eq!(one["commits"][0]["title"], "More salt");
        let file = &one["files"][0];
        assert_eq!(
            (&file["status"], &file["additions"]),
            (&json!("modified"), &json!(1))
        );
        assert_eq!(
            file["hunks"][0]["lines"][1],
            json!({"kind": "added", "oldNumber": null, "newNumber": 2, "text": "salt"})
        );

        let settle = async |number: u32, what: &str| {
            let path = format!("{BREAD}/change-requests/{number}/{what}");
            portal.send(portal.request(Method::POST, &path)).await
        };
        assert_eq!(settle(2, "merge").await.ok()["state"], "merged");
        let conflict = settle(3, "merge").await;
        assert_eq!(conflict.problem(), (409, "ConflictError".to_owned()));
        assert!(
            conflict.detail().contains("README.md"),
            "{}",
            conflict.detail()
        );
        let third = portal.get(&format!("{BREAD}/change-requests/3")).await.ok();
        assert_eq!(
            (&third["mergeable"], &third["conflicts"]),
            (&json!(false), &json!(["README.md"]))
        );
        assert_eq!(settle(3, "close").await.ok()["state"], "closed");
        assert_eq!(settle(3, "close").await.problem().0, 409);
        let open = portal
            .get(&format!("{BREAD}/change-requests?state=open"))
            .await
            .ok();
        assert_eq!(open["totalItems"], 1);

        let events = portal.get("/api/audit?action=scm.merge").await.ok();
        let events: Vec<(&Value, bool)> = events["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (&it["details"]["what"], it["requestId"].is_string()))
            .collect();
        assert_eq!(events, [(&json!("close"), true), (&json!("merge"), true)]);
    })
    .await;
}

#[tokio::test]
async fn others_are_refused() {
    on_bakery(|portal| async move {
        portal_with_bread(&portal).await;
        propose(&portal, "a", "# Cake\n").await;
        let merge = format!("{BREAD}/change-requests/1/merge");
        let call = |method, path: &str| portal.request(method, path).remote();
        let nobody = portal.send(call(Method::GET, BREAD)).await;
        assert_eq!(nobody.problem().0, 401);
        let nobody = portal.send(call(Method::POST, &merge)).await;
        assert_eq!(nobody.problem().0, 401);
        let reader = portal
            .send(call(Method::POST, &merge).token(READ_TOKEN))
            .await;
        assert_eq!(reader.problem().0, 403);
        let open = portal.get(&format!("{BREAD}/change-requests/1")).await.ok();
        assert_eq!(open["state"], "open");
    })
    .await;
}
