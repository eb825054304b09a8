//! Hosts for tests, written by hand in the shape of the real ones.

mod azure;
mod git;
mod github;

use std::net::SocketAddr;

use axum::Router;

pub(crate) use azure::FakeAzure;
pub(crate) use git::serve_git;
pub(crate) use github::FakeGitHub;
pub(crate) use portico_testkit::GitHubAppPeer as FakeApp;

/// Serves a router on a free port of the loopback address until the test ends.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A short, stable mark of a text.
fn digest(text: &str) -> String {
    use sha1::Digest as _;
    hex::encode(sha1::Sha1::digest(text))
}
