//! Signing in and out.

use axum::http::{Method, StatusCode};
use portico_store::AuditFilter;
use portico_testkit::{OidcPeer, on_each_engine};
use serde_json::json;

use super::{browser::Browser, portal};

const LINKED: &str = "user:default/linked";

#[tokio::test]
async fn a_person_signs_in_and_out() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().person = json!({ "roles": ["Portal.Admin"], "groups": ["g-1"] });
        let mut browser = Browser::new(&portal);
        let authorize = browser.start().await;
        for part in [
            "redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fapi%2Fauth%2Fmicrosoft%2Fhandler%2Fframe",
            "scope=openid+profile+email+offline_access+User.Read",
        ] {
            assert!(authorize.contains(part), "{authorize}");
        }
        let query = peer.sign_in(&authorize);
        assert_eq!(browser.back(&query).await, "/catalog");
        assert!(browser.is_signed_in().await);
        assert_eq!(browser.cookies.len(), 1, "what the sign-in kept is gone");
        assert_eq!(
            browser.roles_of(LINKED).await,
            ["Portal.Admin", "group:g-1"]
        );

        let out = browser.send(Method::POST, "/auth/sign-out").await;
        assert_eq!(out.status, StatusCode::OK);
        let page = out.text();
        let end = format!(
            "{}/logout?id_token_hint=",
            peer.metadata_url().split("/.w").next().unwrap()
        );
        assert!(page.contains(&end), "{page}");
        assert!(
            page.contains("post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A3000%2Fsigned-out"),
            "{page}"
        );
        assert!(!browser.is_signed_in().await);

        let filter = AuditFilter {
            principal: Some(LINKED.to_owned()),
            ..AuditFilter::default()
        };
        let (events, _) = portal
            .catalog
            .store()
            .audit_events(&filter, 0, 10)
            .await
            .unwrap();
        let actions: Vec<_> = events.iter().map(|it| it.action.as_str()).collect();
        assert_eq!(actions, ["auth.sign-out", "auth.sign-in"]);
    })
    .await;
}

#[tokio::test]
async fn two_tabs_sign_in_at_once() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        let mut browser = Browser::new(&portal);
        let (one, two) = (browser.start().await, browser.start().await);
        for authorize in [one, two] {
            let query = peer.sign_in(&authorize);
            assert_eq!(browser.back(&query).await, "/catalog");
        }
        assert_eq!(browser.roles_of(LINKED).await, Vec::<String>::new());
    })
    .await;
}

#[tokio::test]
async fn keys_may_change_and_are_not_asked_for_by_everybody() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        assert_eq!(Browser::new(&portal).sign_in(&peer).await, "/catalog");
        peer.rotate();
        assert_eq!(Browser::new(&portal).sign_in(&peer).await, "/catalog");
        assert_eq!(peer.asked("/keys"), 2);
        let other = OidcPeer::start().await;
        for key in ["k8", "k9"] {
            // Signed with a key that the provider does not have.
            let mut forged = other.access_token(&json!({ "iss": peer.metadata_url().replace("/.well-known/openid-configuration", "") }));
            forged.push_str(key);
            let call = portal.request(Method::GET, "/api/catalog/locations").remote();
            assert_eq!(portal.send(call.token(&forged)).await.status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(peer.asked("/keys"), 2, "asked for a moment ago");
    })
    .await;
}

#[tokio::test]
async fn many_groups_are_read_from_graph_or_nobody_is_let_in() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().person = json!({ "_claim_names": { "groups": "src1" } });
        let refused = Browser::new(&portal).sign_in(&peer).await;
        assert_eq!(super::browser::code(&refused), "groups");
        peer.world().graph = Some(vec!["g-1".to_owned(), "g-2".to_owned()]);
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        assert_eq!(browser.roles_of(LINKED).await, ["group:g-1", "group:g-2"]);
    })
    .await;
}

#[tokio::test]
async fn a_description_for_all_tenants_lets_in_nobody_without_a_list() {
    on_each_engine(async |store| {
        let one = "tenantId: contoso.onmicrosoft.com, allowGuests: true";
        let (portal, peer) = portal(store, one, "").await;
        peer.world().many_tenants = true;
        let refused = Browser::new(&portal).sign_in(&peer).await;
        assert_eq!(super::browser::code(&refused), "tenant");
    })
    .await;
}

#[tokio::test]
async fn tenants_are_let_in_by_name_each_with_its_own_issuer() {
    const OTHER: &str = "22222222-2222-2222-2222-222222222222";
    on_each_engine(async |store| {
        let tenants = format!(
            "tenantId: organizations, allowedTenants: [{}], allowGuests: true",
            OidcPeer::TENANT
        );
        let (portal, peer) = portal(store, &tenants, "").await;
        peer.world().many_tenants = true;
        assert_eq!(Browser::new(&portal).sign_in(&peer).await, "/catalog");
        for (person, why) in [
            (json!({ "tid": OTHER }), "tenant"),
            (json!({ "tid": "contoso.test" }), "token"),
            (
                json!({ "iss": format!("https://evil.test/{}/v2.0", OidcPeer::TENANT) }),
                "token",
            ),
        ] {
            peer.world().person = person.clone();
            let refused = Browser::new(&portal).sign_in(&peer).await;
            assert_eq!(super::browser::code(&refused), why, "{person}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_can_sign_in_is_told_to_everybody() {
    on_each_engine(async |store| {
        let (portal, _peer) = portal(store, "title: Contoso", "").await;
        let call = portal.request(Method::GET, "/api/auth/providers").remote();
        let expected = json!({ "items": [
            { "id": "microsoft", "title": "Contoso", "startUrl": "/api/auth/microsoft/start" },
        ] });
        assert_eq!(portal.send(call).await.ok(), expected);
    })
    .await;
}
