//! Access tokens of people and of services.

use axum::http::{Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use portico_access::Principal;
use portico_identity::Identity;
use serde_json::{Value, json};

use crate::support::{Answer, Call, Portal, TOKEN, on_bakery};

const TOKENS: &str = "/api/auth/tokens";
const SERVICES: &str = "/api/auth/service-tokens";
const LOCATIONS: &str = "/api/catalog/locations";
const DAY: i64 = 24 * 3_600_000;

async fn sign_in(portal: &Portal, user: &str) -> String {
    let call = portal
        .request(Method::POST, "/auth/dev/sign-in")
        .form(&format!("user={user}"));
    let answer = portal.send(call).await;
    let cookie = answer.header("set-cookie").unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

fn as_person(portal: &Portal, cookie: &str, method: Method, path: &str) -> Call {
    portal
        .request(method, path)
        .remote()
        .header("cookie", cookie)
}

fn as_token(portal: &Portal, token: &str, method: Method, path: &str) -> Call {
    portal.request(method, path).remote().token(token)
}

async fn make(portal: &Portal, cookie: &str, path: &str, body: Value) -> Answer {
    let call = as_person(portal, cookie, Method::POST, path).json(body);
    portal.send(call).await
}

async fn made(portal: &Portal, cookie: &str, path: &str, body: Value) -> (String, String) {
    let answer = make(portal, cookie, path, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let text = |key: &str| answer.json()[key].as_str().unwrap().to_owned();
    (text("token"), text("id"))
}

async fn read(portal: &Portal, token: &str) -> u16 {
    let call = as_token(portal, token, Method::GET, LOCATIONS);
    portal.send(call).await.status.as_u16()
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_millis()).unwrap()
}

#[tokio::test]
async fn a_personal_token_acts_as_its_holder_until_it_is_revoked() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "ada").await;
        let wanted = json!({"name": "laptop", "expiresInDays": 30});
        let (token, id) = made(&portal, &ada, TOKENS, wanted).await;
        assert!(token.starts_with("portico_pat_"), "{token}");
        assert_eq!(read(&portal, &token).await, 200);
        let last = if token.ends_with('A') { "E" } else { "A" };
        let wrong = format!("{}{last}", &token[..token.len() - 1]);
        assert_eq!(read(&portal, &wrong).await, 401);

        let star = as_token(
            &portal,
            &token,
            Method::PUT,
            "/api/user-settings/buckets/b/keys/k",
        )
        .json(json!({"value": 1}));
        portal.send(star).await.ok();
        let mine = as_person(
            &portal,
            &ada,
            Method::GET,
            "/api/user-settings/buckets/b/keys/k",
        );
        assert_eq!(portal.send(mine).await.ok()["value"], 1, "the same person");

        let list = as_person(&portal, &ada, Method::GET, TOKENS);
        let list = portal.send(list).await.ok();
        assert_eq!(list["items"][0]["name"], "laptop");
        assert!(list["items"][0]["lastUsedAt"].is_i64(), "{list}");
        let shown = list["items"][0]["prefix"].as_str().unwrap();
        assert!(token.starts_with(shown));
        assert!(!list.to_string().contains(&token));

        let elsewhere = Identity::new(portal.catalog.clone());
        let at = now();
        assert!(elsewhere.bearer_at(&token, at).await.unwrap().is_some());
        let revoke = as_person(&portal, &ada, Method::DELETE, &format!("{TOKENS}/{id}"));
        assert_eq!(portal.send(revoke).await.status, StatusCode::NO_CONTENT);
        assert_eq!(read(&portal, &token).await, 401, "at once");
        let later = elsewhere.bearer_at(&token, at + 2_000).await.unwrap();
        assert_eq!(later, None);

        let events = portal.get("/api/audit?action=token.own").await.ok();
        assert_eq!(events["totalItems"], 2);
        assert!(!events.to_string().contains(&token));
    })
    .await;
}

#[tokio::test]
async fn a_token_does_no_more_than_its_holder_and_its_limits() {
    on_bakery(async |portal| {
        let (ada, grace) = (
            sign_in(&portal, "ada").await,
            sign_in(&portal, "grace").await,
        );
        let limits = |plugin: &str, actions: Value| {
            json!({
                "name": "limited", "expiresInDays": 1,
                "accessRestrictions": [{"plugin": plugin, "action": actions}],
            })
        };
        let audit = async |token: &str| {
            let call = as_token(&portal, token, Method::GET, "/api/audit");
            portal.send(call).await.status.as_u16()
        };
        let register = async |token: &str| {
            let call = as_token(&portal, token, Method::POST, LOCATIONS)
                .json(json!({"type": "url", "target": "https://files.invalid/x.yaml"}));
            portal.send(call).await.status.as_u16()
        };
        let all = json!({"name": "all", "expiresInDays": 1});
        let (adas, _) = made(&portal, &ada, TOKENS, all.clone()).await;
        assert_eq!(audit(&adas).await, 403, "ada may not");
        let (admins, _) = made(&portal, &grace, TOKENS, all).await;
        assert_eq!(audit(&admins).await, 200);

        let (reads, _) = made(&portal, &grace, TOKENS, limits("catalog", json!(["read"]))).await;
        assert_eq!(read(&portal, &reads).await, 200);
        assert_eq!(audit(&reads).await, 403, "grace may, and her token not");
        assert_eq!(register(&reads).await, 403);
        let (audits, _) = made(&portal, &ada, TOKENS, limits("audit", json!([]))).await;
        assert_eq!(audit(&audits).await, 403, "a limit gives nothing");
        assert_eq!(read(&portal, &audits).await, 403);
    })
    .await;
}

#[tokio::test]
async fn a_token_makes_no_token_and_looks_after_no_session() {
    on_bakery(async |portal| {
        let grace = sign_in(&portal, "grace").await;
        let wanted = json!({"name": "all", "expiresInDays": 1});
        let (personal, id) = made(&portal, &grace, TOKENS, wanted.clone()).await;
        let ci = json!({"name": "ci", "expiresInDays": 1});
        let (service, _) = made(&portal, &grace, SERVICES, ci).await;
        for token in [personal.as_str(), service.as_str(), TOKEN] {
            for path in [TOKENS, SERVICES] {
                let create = as_token(&portal, token, Method::POST, path).json(wanted.clone());
                let answer = portal.send(create).await;
                assert_eq!(
                    answer.problem(),
                    (403, "NotAllowedError".to_owned()),
                    "{path}"
                );
            }
            for (method, path) in [
                (Method::GET, TOKENS),
                (Method::GET, SERVICES),
                (Method::DELETE, &*format!("{TOKENS}/{id}")),
                (Method::GET, "/api/auth/sessions"),
                (Method::DELETE, "/api/auth/sessions"),
            ] {
                let answer = portal.send(as_token(&portal, token, method, path)).await;
                assert_eq!(
                    answer.problem(),
                    (403, "NotAllowedError".to_owned()),
                    "{path}"
                );
            }
        }
    })
    .await;
}

#[tokio::test]
async fn tokens_of_others_cannot_be_seen_or_revoked() {
    on_bakery(async |portal| {
        let (ada, grace) = (
            sign_in(&portal, "ada").await,
            sign_in(&portal, "grace").await,
        );
        let wanted = json!({"name": "hers", "expiresInDays": 1});
        let (admins, id) = made(&portal, &grace, TOKENS, wanted.clone()).await;
        let revoke = async |cookie: &str, path: &str| {
            portal
                .send(as_person(&portal, cookie, Method::DELETE, path))
                .await
        };
        let foreign = revoke(&ada, &format!("{TOKENS}/{id}")).await;
        assert_eq!(foreign.problem(), (404, "NotFoundError".to_owned()));
        let nothing = format!("{TOKENS}/{}", uuid::Uuid::nil());
        let nothing = revoke(&ada, &nothing).await;
        assert_eq!(nothing.problem(), foreign.problem(), "tells nothing");
        assert_eq!(read(&portal, &admins).await, 200);
        let list = format!("{TOKENS}?user=user:default/grace");
        let list = portal
            .send(as_person(&portal, &ada, Method::GET, &list))
            .await;
        assert_eq!(list.problem(), (403, "NotAllowedError".to_owned()));
        let anonymous = portal
            .request(Method::DELETE, &format!("{TOKENS}/{id}"))
            .remote();
        assert_eq!(
            portal.send(anonymous).await.status,
            StatusCode::UNAUTHORIZED
        );

        let (adas, id) = made(&portal, &ada, TOKENS, wanted).await;
        let mixed_up = revoke(&grace, &format!("{SERVICES}/{id}")).await;
        assert_eq!(mixed_up.status, StatusCode::NOT_FOUND, "it is no service's");
        let by_admin = revoke(&grace, &format!("{TOKENS}/{id}")).await;
        assert_eq!(by_admin.status, StatusCode::NO_CONTENT);
        assert_eq!(read(&portal, &adas).await, 401);
    })
    .await;
}

#[tokio::test]
async fn tokens_expire_and_are_checked_when_they_are_made() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "ada").await;
        let wanted = json!({"name": "short", "expiresInDays": 1});
        let (token, _) = made(&portal, &ada, TOKENS, wanted).await;
        let identity = Identity::new(portal.catalog.clone());
        let at = |time: i64| identity.bearer_at(&token, time);
        let Some(Principal::Token { holder, .. }) = at(now()).await.unwrap() else {
            panic!("it counts")
        };
        assert_eq!(holder.label(), "user:default/ada");
        assert_eq!(at(now() + DAY + 1000).await.unwrap(), None);
        assert_eq!(identity.clean_up(now() + 2 * DAY).await.unwrap().1, 0);
        assert_eq!(identity.clean_up(now() + 40 * DAY).await.unwrap().1, 1);

        for wrong in [
            json!({"name": "", "expiresInDays": 1}),
            json!({"name": "x".repeat(101), "expiresInDays": 1}),
            json!({"name": "a\nb", "expiresInDays": 1}),
            json!({"name": "a", "expiresInDays": 0}),
            json!({"name": "a", "expiresInDays": 366}),
            json!({"name": "a", "expiresInDays": 1, "accessRestrictions": [{"plugin": "token"}]}),
        ] {
            let answer = make(&portal, &ada, TOKENS, wrong.clone()).await;
            assert_eq!(answer.problem(), (400, "InputError".to_owned()), "{wrong}");
        }
        let local = portal
            .post(TOKENS, json!({"name": "a", "expiresInDays": 1}))
            .await;
        assert_eq!(local.problem(), (400, "InputError".to_owned()));
        assert!(
            local.detail().contains("service token"),
            "{}",
            local.detail()
        );
    })
    .await;
}

#[tokio::test]
async fn administrators_make_tokens_for_services() {
    on_bakery(async |portal| {
        let (ada, grace) = (
            sign_in(&portal, "ada").await,
            sign_in(&portal, "grace").await,
        );
        let wanted = json!({
            "name": "ci", "expiresInDays": 7,
            "accessRestrictions": [{"plugin": "catalog"}],
        });
        let denied = make(&portal, &ada, SERVICES, wanted.clone()).await;
        assert_eq!(denied.problem(), (403, "NotAllowedError".to_owned()));
        let (token, id) = made(&portal, &grace, SERVICES, wanted.clone()).await;
        assert!(token.starts_with("portico_svc_"), "{token}");
        let identity = Identity::new(portal.catalog.clone());
        let service = identity.bearer(&token).await.unwrap().unwrap();
        assert_eq!(service.label(), "service:ci");
        assert_eq!(read(&portal, &token).await, 200);
        let audit = as_token(&portal, &token, Method::GET, "/api/audit");
        assert_eq!(portal.send(audit).await.status, StatusCode::FORBIDDEN);

        for taken in ["ci", "tests"] {
            let again = json!({"name": taken, "expiresInDays": 7});
            let again = make(&portal, &grace, SERVICES, again).await;
            assert_eq!(
                again.problem(),
                (409, "ConflictError".to_owned()),
                "{taken}"
            );
        }
        let revoke = as_person(&portal, &grace, Method::DELETE, &format!("{SERVICES}/{id}"));
        assert_eq!(portal.send(revoke).await.status, StatusCode::NO_CONTENT);
        assert_eq!(read(&portal, &token).await, 401);
        made(&portal, &grace, SERVICES, wanted).await;
    })
    .await;
}

#[tokio::test]
async fn a_personal_token_is_the_password_of_git() {
    on_bakery(async |portal| {
        portal.import("bread", "README.md", "# Bread\n").await;
        let ada = sign_in(&portal, "ada").await;
        let limited = |name: &str, plugin: &str| {
            json!({
                "name": name, "expiresInDays": 30,
                "accessRestrictions": [{"plugin": plugin, "action": ["read"]}],
            })
        };
        let (clones, id) = made(&portal, &ada, TOKENS, limited("git", "scm")).await;
        let (other, _) = made(&portal, &ada, TOKENS, limited("reader", "catalog")).await;
        let clone = async |token: &str| {
            let refs = "/api/git/bread.git/info/refs?service=git-upload-pack";
            let password = STANDARD.encode(format!("ada:{token}"));
            let call = portal.request(Method::GET, refs).remote();
            let call = call.header("authorization", &format!("Basic {password}"));
            portal.send(call).await.status.as_u16()
        };
        assert_eq!(clone(&clones).await, 200);
        assert_eq!(clone(&other).await, 403, "it reads the catalog alone");
        let path = format!("{TOKENS}/{id}");
        let revoked = portal
            .send(as_person(&portal, &ada, Method::DELETE, &path))
            .await;
        assert!(revoked.status.is_success(), "{}", revoked.text());
        assert_eq!(clone(&clones).await, 401, "revoked");
    })
    .await;
}
