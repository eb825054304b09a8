//! The edge of a running portal: slow and talkative peers, other sites, what pages say to browsers.

use std::{collections::BTreeSet, fs, path::Path};

use portico_app::data::FOR_ANYBODY;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::portal::Portal;

const SECRET: &str = "a-secret-that-nobody-should-see";

async fn portal(folder: &Path, more: &str) -> Portal {
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    fs::create_dir_all(folder.join("site/fonts")).unwrap();
    fs::write(folder.join("site/pkg/a.css"), "body {}").unwrap();
    fs::write(folder.join("secret.txt"), SECRET).unwrap();
    let config = format!(
        "app: {{ title: Bakery }}\nbackend:\n  listen: 127.0.0.1:0\n  {more}\n  auth:\n    \
         externalAccess:\n      - {{ type: static, options: {{ token: {SECRET}, subject: ci }} }}\n\
         catalog: {{ webhooks: {{ github: {{ secret: {SECRET} }} }} }}\n"
    );
    fs::write(folder.join("portico.yaml"), config).unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    portal
}

/// Sends these bytes and reads until the portal closes the connection.
async fn say(portal: &Portal, bytes: &[u8]) -> String {
    let address = portal.url().strip_prefix("http://").unwrap();
    let mut peer = TcpStream::connect(address).await.unwrap();
    // It may have closed before everything is sent.
    let _ = peer.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = peer.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_peer_that_takes_its_time_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "headerTimeout: 300ms").await;
    for begun in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "GET /healthz HTTP/1.1\r\nhost: x\r\n",
    ] {
        let answer = say(&portal, begun.as_bytes()).await;
        assert!(!answer.contains(" 200 "), "{begun:?}: {answer}");
    }
    let whole = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let answer = say(&portal, whole).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn headers_are_bounded_and_not_ambiguous() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "headerTimeout: 5s").await;
    let large = format!(
        "GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n",
        "x".repeat(100_000)
    );
    let answer = say(&portal, large.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    for smuggled in [
        "content-length: 4\r\ncontent-length: 5\r\n",
        "content-length: +4\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "bad header: x\r\n",
        "x: a\0b\r\n",
    ] {
        let request = format!(
            "POST /api/catalog/refresh HTTP/1.1\r\nhost: localhost\r\n{smuggled}connection: close\r\n\r\n{{}}AA"
        );
        let answer = say(&portal, request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{smuggled:?}: {answer}");
    }
}

#[tokio::test]
async fn server_functions_are_guarded() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "headerTimeout: 5s").await;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = portal.url();
    let cookie = portal.sign_in("local-admin").await.cookie;
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (path, method.to_string()))
        .collect();
    assert!(functions.len() > 20, "{functions:?}");
    for (path, method) in &functions {
        assert_eq!(
            method, "POST",
            "{path}: what is asked with GET may change nothing"
        );
        let call = || {
            client
                .post(format!("{url}{path}"))
                .header("content-type", "application/json")
                .body("{}")
        };
        for (name, value) in [
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.test"),
            ("origin", "null"),
            ("accept", "*/*"),
        ] {
            let forged = call().header("cookie", &cookie).header(name, value);
            let answer = forged.send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 403, "{path} with {name}: {value}");
        }
        let anonymous = call().send().await.unwrap();
        let expected = if FOR_ANYBODY.contains(path) { 200 } else { 401 };
        assert_eq!(anonymous.status(), expected, "{path}");
    }
}

#[tokio::test]
async fn pages_and_files_say_what_browsers_may_do() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "headerTimeout: 5s").await;
    let mut nonces = BTreeSet::new();
    for path in ["/sign-in", "/catalog", "/no/such/page"] {
        let answer = reqwest::get(format!("{}{path}", portal.url()))
            .await
            .unwrap();
        let headers = answer.headers().clone();
        let policy = headers["content-security-policy"].to_str().unwrap();
        let nonce = policy.split("'nonce-").nth(1).unwrap();
        let nonce = nonce.split('\'').next().unwrap().to_owned();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!policy.contains("script-src 'self' 'unsafe"), "{policy}");
        assert!(!policy.contains("upgrade-insecure"), "no https here");
        assert_eq!(headers["cache-control"], "private, no-store", "{path}");
        let page = answer.text().await.unwrap();
        for script in page.split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(
                tag.contains(&nonce) || tag.contains("src="),
                "{path}: {tag}"
            );
        }
        assert!(!page.contains("<style"), "{path}");
        assert!(!page.contains(SECRET), "{path}");
        assert!(nonces.insert(nonce), "a new nonce each time");
    }
    let file = reqwest::get(format!("{}/pkg/a.css", portal.url()))
        .await
        .unwrap();
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    let kept = file.headers()["cache-control"].to_str().unwrap();
    assert!(kept.contains("immutable"), "{kept}");
    for path in [
        "/pkg/../../secret.txt",
        "/pkg/%2e%2e/%2e%2e/secret.txt",
        "/pkg/..%2f..%2fsecret.txt",
        "/fonts/%2e%2e%2f..%2fsecret.txt",
        "/pkg//etc/passwd",
        "/pkg/..%5c..%5csecret.txt",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let answer = say(&portal, request.as_bytes()).await;
        assert!(
            !answer.contains(SECRET) && !answer.contains("root:"),
            "{path}: {answer}"
        );
    }
    for path in [
        "/api/nothing",
        "/api/audit?from=x",
        "/api/openapi.json",
        "/metrics",
    ] {
        assert!(!portal.get(path).await.contains(SECRET), "{path}");
    }
    portal.terminate();
    let (_, log) = portal.end().await;
    assert!(!log.contains(SECRET), "{log}");
}

#[tokio::test]
async fn the_audit_command_verifies_and_exports() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "headerTimeout: 5s").await;
    let sign_in = reqwest::Client::new()
        .post(format!("{}/auth/dev/sign-in", portal.url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("user=local-admin");
    sign_in.send().await.unwrap();
    portal.terminate();
    let (_, log) = portal.end().await;
    assert!(
        log.contains("auth.sign-in"),
        "each event is a line of the log: {log}"
    );
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_portico"))
            .arg("audit")
            .args(arguments)
            .arg("--config")
            .arg(folder.path().join("portico.yaml"))
            .arg("--data")
            .arg(folder.path().join("data"))
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (output.status.success(), text)
    };
    let (whole, said) = run(&["verify"]);
    assert!(whole && said.contains("the chain is whole"), "{said}");
    let note = said.split("note: ").nth(1).unwrap().trim().to_owned();
    assert!(run(&["verify", "--noted", &note]).0);
    let forged = note.replace(|letter: char| letter.is_ascii_lowercase(), "0");
    let (whole, said) = run(&["verify", "--noted", &forged]);
    assert!(!whole && said.contains("broken at event"), "{said}");
    let (_, events) = run(&["export", "--format", "csv"]);
    assert!(events.contains("auth.sign-in"), "{events}");
}
