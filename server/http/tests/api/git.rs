//! Cloning with git itself.

use std::{net::SocketAddr, path::Path};

use axum::http::Method;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_access::Principal;
use portico_scm::{Edit, Proposal};
use tokio::process::Command;

use crate::support::{Portal, READ_TOKEN, TOKEN, on_bakery};

/// Git as a person runs it: its exit code, and what it said.
async fn git(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["-c", "protocol.version=2"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .await
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

async fn served(portal: &Portal) -> SocketAddr {
    portal.import("bread", "README.md", "# Bread\n").await;
    portal.serve().await
}

#[tokio::test]
async fn repositories_are_cloned_and_fetched() {
    on_bakery(|portal| async move {
        let address = served(&portal).await;
        let folder = tempfile::tempdir().unwrap();
        let url = format!("http://{address}/api/git/bread.git");
        let (done, said) = git(folder.path(), &["clone", &url, "bread"]).await;
        assert!(done, "{said}");
        let bread = folder.path().join("bread");
        let text = std::fs::read_to_string(bread.join("README.md")).unwrap();
        assert_eq!(text, "# Bread\n");

        // What is proposed is a branch that can be fetched; version 1 of the protocol too.
        let proposal = Proposal {
            branch: "salt".to_owned(),
            title: "More salt".to_owned(),
            edits: vec![Edit::Write {
                path: "salt.txt".to_owned(),
                content: vec![b's'; 100_000],
            }],
            ..Proposal::default()
        };
        let propose = portal
            .scm
            .propose(&Principal::LocalAdmin, "local:bread", &proposal);
        propose.await.unwrap();
        let (done, said) = git(&bread, &["-c", "protocol.version=0", "fetch", "origin"]).await;
        assert!(done, "{said}");
        let (done, said) = git(&bread, &["show", "--stat", "origin/salt"]).await;
        assert!(done && said.contains("salt.txt"), "{said}");

        let (done, said) = git(&bread, &["push", "origin", "HEAD:main"]).await;
        assert!(!done && said.contains("403"), "{said}");
        let missing = format!("http://{address}/api/git/cake.git");
        let (done, said) = git(folder.path(), &["clone", &missing]).await;
        assert!(!done && said.contains("not found"), "{said}");
    })
    .await;
}

#[tokio::test]
async fn a_token_is_the_password() {
    on_bakery(|portal| async move {
        portal.import("bread", "README.md", "# Bread\n").await;
        let refs = "/api/git/bread.git/info/refs?service=git-upload-pack";
        let asked = |authorization: Option<String>, path: &str| {
            let call = portal.request(Method::GET, path).remote();
            match authorization {
                Some(value) => call.header("authorization", &value),
                None => call,
            }
        };
        let basic = |password: &str| {
            let encoded = STANDARD.encode(format!("git:{password}"));
            Some(format!("Basic {encoded}"))
        };
        let answer = portal.send(asked(None, refs)).await;
        assert_eq!(answer.problem().0, 401);
        assert_eq!(
            answer.header("www-authenticate"),
            Some("Basic realm=\"Portico\"")
        );
        assert_eq!(
            portal.send(asked(basic("wrong"), refs)).await.problem().0,
            401
        );
        // This one may read the catalog alone.
        let answer = portal.send(asked(basic(READ_TOKEN), refs)).await;
        assert_eq!(answer.problem().0, 403);
        let answer = portal.send(asked(basic(TOKEN), refs)).await;
        assert_eq!(answer.status, 200);
        assert!(
            answer
                .text()
                .starts_with("001e# service=git-upload-pack\n0000")
        );
        // Elsewhere a password is nothing.
        let elsewhere = asked(basic(TOKEN), "/api/scm/repositories");
        assert_eq!(portal.send(elsewhere).await.problem().0, 401);
        for wrong in ["?service=git-steal", ""] {
            let path = format!("/api/git/bread.git/info/refs{wrong}");
            assert_eq!(portal.get(&path).await.problem().0, 400);
        }
        let path = "/api/git/..%2Fbread/info/refs?service=git-upload-pack";
        assert_eq!(portal.get(path).await.problem().0, 400);
    })
    .await;
}
