//! Who may do what: tokens, sessions, the local developer, other sites.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::{Answer, BAKERY, Call, Portal, READ_TOKEN, TOKEN, on_bakery};

const MIXER: &str = "/api/catalog/entities/by-name/component/default/mixer";

fn get(portal: &Portal, path: &str) -> Call {
    portal.request(Method::GET, path)
}

async fn sign_in(portal: &Portal, user: &str) -> String {
    let form = format!("user={user}&return_to=/catalog");
    let answer = portal
        .send(
            portal
                .request(Method::POST, "/auth/dev/sign-in")
                .form(&form),
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    assert_eq!(answer.header("location"), Some("/catalog"));
    cookie(&answer)
}

fn cookie(answer: &Answer) -> String {
    answer
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn nobody_is_let_in_without_saying_who() {
    on_bakery(async |portal| {
        let anonymous = portal.send(get(&portal, MIXER).remote()).await;
        assert_eq!(anonymous.problem(), (401, "AuthenticationError".to_owned()));
        assert!(
            anonymous.detail().contains("/sign-in"),
            "{}",
            anonymous.detail()
        );
        assert_eq!(anonymous.header("www-authenticate"), Some("Bearer"));
        let with_token = portal.send(get(&portal, MIXER).remote().token(TOKEN)).await;
        assert_eq!(with_token.status, StatusCode::OK);
        let bad = portal.send(get(&portal, MIXER).token("wrong")).await;
        assert_eq!(bad.problem(), (401, "AuthenticationError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_local_developer_needs_no_token_but_must_be_local() {
    on_bakery(async |portal| {
        assert_eq!(portal.get(MIXER).await.status, StatusCode::OK);
        for (name, value) in [
            ("host", "rebound.evil.test"),
            ("x-forwarded-for", "10.0.0.1"),
            ("origin", "https://evil.test"),
            ("sec-fetch-site", "cross-site"),
            ("cookie", "portico_session=v1.forged.mac"),
        ] {
            let answer = portal.send(get(&portal, MIXER).header(name, value)).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}: {value}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_production_portal_has_no_local_developer() {
    portico_testkit::on_each_engine(async |store| {
        let portal = Portal::new(store, BAKERY, "production").await;
        assert_eq!(portal.get(MIXER).await.status, StatusCode::UNAUTHORIZED);
        let sign_in = portal
            .request(Method::POST, "/auth/dev/sign-in")
            .form("user=local-admin");
        assert_eq!(
            portal.send(sign_in).await.problem(),
            (403, "NotAllowedError".to_owned())
        );
        let with_token = portal.send(get(&portal, MIXER).token(TOKEN)).await;
        assert_eq!(with_token.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn a_restricted_token_does_only_what_it_may() {
    on_bakery(async |portal| {
        assert_eq!(
            portal
                .send(get(&portal, MIXER).token(READ_TOKEN))
                .await
                .status,
            StatusCode::OK
        );
        let audit = portal
            .send(get(&portal, "/api/audit").token(READ_TOKEN))
            .await;
        assert_eq!(audit.problem(), (403, "NotAllowedError".to_owned()));
        assert!(audit.detail().contains("audit.read"), "{}", audit.detail());
        let register = portal
            .request(Method::POST, "/api/catalog/locations")
            .token(READ_TOKEN)
            .json(json!({"type": "url", "target": "https://example.com/x"}));
        assert_eq!(
            portal.send(register).await.problem(),
            (403, "NotAllowedError".to_owned())
        );
    })
    .await;
}

#[tokio::test]
async fn a_signed_in_user_manages_what_they_own() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "user:default/ada").await;
        let uid_of = async |name: &str| {
            let path = format!("/api/catalog/entities/by-name/{name}");
            portal.get(&path).await.ok()["metadata"]["uid"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let delete = async |name: &str| {
            let path = format!("/api/catalog/entities/by-uid/{}", uid_of(name).await);
            let call = portal
                .request(Method::DELETE, &path)
                .remote()
                .header("cookie", &ada);
            portal.send(call).await
        };
        let not_hers = delete("resource/default/gas-line").await;
        assert_eq!(not_hers.problem(), (403, "NotAllowedError".to_owned()));
        assert!(
            not_hers.detail().contains("catalog.entity.delete"),
            "{}",
            not_hers.detail()
        );
        let her_groups = delete("component/default/mixer").await;
        assert_eq!(
            her_groups.status,
            StatusCode::NO_CONTENT,
            "{}",
            her_groups.text()
        );

        let grace = sign_in(&portal, "grace").await;
        let audit = portal
            .send(get(&portal, "/api/audit").header("cookie", &grace))
            .await
            .ok();
        let actions: Vec<_> = audit["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| {
                (
                    event["principal"].as_str().unwrap(),
                    event["action"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            actions,
            [
                ("user:default/grace", "auth.sign-in"),
                ("user:default/ada", "catalog.entity.delete"),
                ("user:default/ada", "auth.sign-in"),
            ]
        );
        let hers = portal
            .send(get(&portal, "/api/audit").header("cookie", &ada))
            .await;
        assert_eq!(hers.problem(), (403, "NotAllowedError".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn the_development_sign_in_is_for_people_at_this_machine() {
    on_bakery(async |portal| {
        let form = |user: &str| {
            portal
                .request(Method::POST, "/auth/dev/sign-in")
                .form(&format!("user={user}"))
        };
        assert_eq!(
            portal.send(form("local-admin").remote()).await.status,
            StatusCode::FORBIDDEN
        );
        let evil = form("local-admin").header("origin", "https://evil.test");
        assert_eq!(portal.send(evil).await.status, StatusCode::FORBIDDEN);
        for nobody in ["user:default/mallory", "group:default/bakers", ""] {
            assert_eq!(
                portal.send(form(nobody)).await.status,
                StatusCode::BAD_REQUEST,
                "{nobody}"
            );
        }
        let away = portal.send(form("ada&return_to=//evil.test")).await;
        assert_eq!(away.header("location"), Some("/"));

        let admin = sign_in(&portal, "local-admin").await;
        let audit = |call: Call| portal.send(call.header("cookie", &admin));
        assert_eq!(
            audit(get(&portal, "/api/audit")).await.status,
            StatusCode::OK
        );
        let elsewhere = audit(get(&portal, "/api/audit").remote()).await;
        assert_eq!(
            elsewhere.status,
            StatusCode::UNAUTHORIZED,
            "the cookie is for this machine"
        );

        let out = portal
            .send(
                portal
                    .request(Method::POST, "/auth/sign-out")
                    .header("cookie", &admin),
            )
            .await;
        assert_eq!(out.status, StatusCode::SEE_OTHER);
        assert_eq!(cookie(&out), "portico_session=");
    })
    .await;
}

#[tokio::test]
async fn pages_of_other_sites_change_nothing() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "ada").await;
        let refresh = || {
            portal
                .request(Method::POST, "/api/catalog/refresh")
                .header("cookie", &ada)
                .json(json!({"entityRef": "component:default/mixer"}))
        };
        assert_eq!(portal.send(refresh()).await.status, StatusCode::OK);
        let own = refresh().header("origin", "http://localhost:3000");
        assert_eq!(portal.send(own).await.status, StatusCode::OK);
        for (name, value) in [
            ("origin", "https://evil.test"),
            ("sec-fetch-site", "same-site"),
        ] {
            let answer = portal.send(refresh().header(name, value)).await;
            assert_eq!(
                answer.problem(),
                (403, "NotAllowedError".to_owned()),
                "{name}"
            );
        }
        let with_token = refresh()
            .token(TOKEN)
            .header("origin", "https://other.test");
        assert_eq!(
            portal.send(with_token).await.status,
            StatusCode::OK,
            "no browser sends tokens by itself"
        );
    })
    .await;
}
