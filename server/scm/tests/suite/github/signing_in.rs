//! Apps, tokens, and neither.

use portico_config::Secret;
use portico_scm::{RepositoryHost as _, ScmError};
use portico_testkit::GitHubPeer;

use super::{Setting, new};
use crate::support::audit;

#[tokio::test]
async fn an_app_signs_in_for_who_installed_it() {
    let setting = Setting::with_app().await;
    let url = setting.peer.repository("orders");
    setting.create(&url, &new("main", "task 1")).await.unwrap();
    assert_eq!(setting.peer.count("POST", "/access_tokens"), 1);
    let listed = setting.github.repositories().await.unwrap();
    assert_eq!(listed[0].url, url);
}

#[tokio::test]
async fn without_a_credential_nothing_is_sent_that_changes_something() {
    let setting = Setting::with(|_| {}).await;
    let url = setting.peer.repository("orders");
    let refused = setting.create(&url, &new("main", "1")).await;
    let Err(ScmError::Refused(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(
        text.contains("set integrations.github[0].token or"),
        "{text}"
    );
    assert!(setting.peer.asked().iter().all(|it| it.method == "GET"));
    assert!(setting.github.repositories().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_token_that_is_brought_along_is_used_instead() {
    let setting = Setting::with(|_| {}).await;
    let url = setting.peer.repository("orders");
    let with_token = |token: &str| setting.github.with_token(&Secret::new(token)).unwrap();
    let made = with_token(GitHubPeer::TOKEN);
    made.create(&url, &new("main", "1"), &audit())
        .await
        .unwrap();
    let refused = with_token("wrong").repository(&url).await.unwrap_err();
    let text = refused.to_string();
    assert!(
        text.contains("does not accept the token of the input"),
        "{text}"
    );
}
