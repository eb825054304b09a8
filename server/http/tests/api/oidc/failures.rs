//! Sign-ins that must not succeed.

use axum::http::Method;
use portico_store::AuditFilter;
use portico_testkit::on_each_engine;
use serde_json::json;

use super::{
    browser::{Browser, code},
    portal,
};

const PAST: i64 = 1_700_000_000;
const FUTURE: i64 = 99_999_999_999;

#[tokio::test]
async fn tokens_that_prove_nothing_are_refused() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        for (person, why) in [
            (json!({ "nonce": "of another sign-in" }), "token"),
            (json!({ "nonce": null }), "token"),
            (json!({ "aud": "another client" }), "token"),
            (json!({ "aud": ["portal", "another client"] }), "token"),
            (json!({ "iss": "https://evil.test" }), "token"),
            (json!({ "exp": PAST }), "token"),
            (json!({ "iat": FUTURE }), "token"),
            (json!({ "oid": null }), "token"),
            (
                json!({ "tid": "22222222-2222-2222-2222-222222222222" }),
                "tenant",
            ),
        ] {
            peer.world().person = person.clone();
            let mut browser = Browser::new(&portal);
            let refused = browser.sign_in(&peer).await;
            assert_eq!(code(&refused), why, "{person}");
            assert!(!browser.is_signed_in().await, "{person}");
        }
        peer.world().person = json!({});
        assert_eq!(Browser::new(&portal).sign_in(&peer).await, "/catalog");
    })
    .await;
}

#[tokio::test]
async fn a_sign_in_comes_back_once_and_to_who_began_it() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        let mut browser = Browser::new(&portal);
        let authorize = browser.start().await;
        let query = peer.sign_in(&authorize);

        let thief = Browser::new(&portal).back(&query).await;
        assert_eq!(code(&thief), "not-begun", "another browser has no cookie");
        let mut other = Browser::new(&portal);
        other.start().await;
        assert_eq!(code(&other.back(&query).await), "not-begun");
        let mut renamed = Browser::new(&portal);
        let (name, _) = browser.cookies.first_key_value().unwrap();
        renamed.start().await;
        let (_, kept) = renamed.cookies.pop_first().unwrap();
        renamed.cookies.insert(name.clone(), kept);
        assert_eq!(
            code(&renamed.back(&query).await),
            "not-begun",
            "a cookie fits one state"
        );

        let mut again = browser.clone();
        assert_eq!(browser.back(&query).await, "/catalog");
        assert_eq!(code(&again.back(&query).await), "replayed");

        let mut reusing = Browser::new(&portal);
        let authorize = reusing.start().await;
        let fresh = peer.sign_in(&authorize);
        let old_code = query.split('&').next().unwrap();
        let (_, state) = fresh.split_once("&state=").unwrap();
        let refused = reusing.back(&format!("{old_code}&state={state}")).await;
        assert_eq!(code(&refused), "refused", "a code is for one sign-in");
    })
    .await;
}

#[tokio::test]
async fn what_the_provider_says_is_told_by_a_code_alone() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        for (answer, why) in [
            (
                "error=access_denied&error_description=%3Cscript%3E",
                "access-denied",
            ),
            ("error=%3Cscript%3E&error_description=x", "refused"),
            ("nothing=1", "refused"),
            ("code=c&iss=https://evil.test", "token"),
        ] {
            let mut browser = Browser::new(&portal);
            let authorize = browser.start().await;
            let query = peer.sign_in(&authorize);
            let (_, state) = query.split_once("&state=").unwrap();
            let refused = browser.back(&format!("{answer}&state={state}")).await;
            assert_eq!(code(&refused), why, "{answer}");
            assert!(!refused.contains("script"), "{refused}");
        }
        let filter = AuditFilter {
            action: Some("auth.sign-in".to_owned()),
            ..AuditFilter::default()
        };
        let (events, _) = portal
            .catalog
            .store()
            .audit_events(&filter, 0, 10)
            .await
            .unwrap();
        let reasons: Vec<_> = events
            .iter()
            .map(|it| {
                (
                    it.decision.as_str(),
                    it.reason.as_str(),
                    it.resource.as_str(),
                )
            })
            .collect();
        let of = |reason| ("deny", reason, "provider:microsoft");
        assert_eq!(
            reasons,
            [
                of("token"),
                of("refused"),
                of("refused"),
                of("access-denied")
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        for elsewhere in [
            "//evil.test",
            "https://evil.test",
            "/%5Cevil.test",
            "/%09/evil.test",
        ] {
            let mut browser = Browser::new(&portal);
            let start = format!("/api/auth/microsoft/start?return_to={elsewhere}");
            let authorize = browser.led(&start).await;
            let query = peer.sign_in(&authorize);
            assert_eq!(browser.back(&query).await, "/", "{elsewhere}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_that_is_down_is_explained_and_may_come_back() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().down = true;
        let mut browser = Browser::new(&portal);
        let explained = browser.start().await;
        assert_eq!(code(&explained), "provider-unavailable");
        assert!(explained.contains("return_to=%2Fcatalog"), "{explained}");
        peer.world().down = false;
        let authorize = browser.start().await;
        let query = peer.sign_in(&authorize);
        peer.world().down = true;
        assert_eq!(code(&browser.back(&query).await), "provider-unavailable");
        peer.world().down = false;
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        let unknown = browser.send(Method::GET, "/api/auth/github/start").await;
        assert_eq!(code(unknown.header("location").unwrap()), "no-provider");
    })
    .await;
}
