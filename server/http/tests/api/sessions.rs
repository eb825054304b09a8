//! Sessions of browsers: how they begin, how they end, and who may look after them.

use axum::http::{Method, StatusCode};
use portico_access::Principal;
use portico_config::Secret;
use portico_identity::{DEVELOPMENT, Identity, NewSession, ProviderTokens, Subject};
use portico_model::EntityRef;
use portico_testkit::on_each_engine;
use serde_json::json;

use crate::support::{BAKERY, Call, Portal, on_bakery};

const SESSIONS: &str = "/api/auth/sessions";
const HOUR: i64 = 3_600_000;

async fn sign_in(portal: &Portal, user: &str, before: Option<&str>) -> String {
    let mut call = portal
        .request(Method::POST, "/auth/dev/sign-in")
        .header("user-agent", &format!("browser of {user}"))
        .form(&format!("user={user}"));
    if let Some(before) = before {
        call = call.header("cookie", before);
    }
    let answer = portal.send(call).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly; SameSite=Lax"), "{cookie}");
    cookie.split(';').next().unwrap().to_owned()
}

fn call(portal: &Portal, method: Method, path: &str, cookie: &str) -> Call {
    // From elsewhere, so that nobody is the local developer.
    let call = portal.request(method, path).remote();
    call.header("cookie", cookie)
}

async fn status(portal: &Portal, cookie: &str) -> u16 {
    let read = call(portal, Method::GET, "/api/catalog/locations", cookie);
    portal.send(read).await.status.as_u16()
}

fn of_ada() -> NewSession {
    NewSession {
        subject: Subject::User(EntityRef::new("user", "default", "ada")),
        provider: "contoso".to_owned(),
        provider_session: Some("sid-1".to_owned()),
        roles: vec!["Baker".to_owned()],
        tokens: Some(ProviderTokens {
            id_token: Secret::from("an-id-token"),
            refresh_token: Some(Secret::from("a-refresh-token")),
            expires_at: 4_000_000_000_000,
        }),
        user_agent: Some("x".repeat(1000)),
        address: Some("192.0.2.7".to_owned()),
    }
}

async fn started(identity: &Identity) -> String {
    let secret = identity.start_session(of_ada()).await.unwrap();
    secret.cookie().expose().to_owned()
}

fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    i64::try_from(since.unwrap().as_millis()).unwrap()
}

#[tokio::test]
async fn what_a_browser_held_before_does_not_become_a_session() {
    on_bakery(async |portal| {
        let planted = "portico_session=00000000000070008000000000000000.\
                       AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        let first = sign_in(&portal, "ada", Some(planted)).await;
        assert_ne!(first, planted);
        assert_eq!(status(&portal, planted).await, 401);
        assert_eq!(status(&portal, &first).await, 200);
        let second = sign_in(&portal, "grace", Some(&first)).await;
        assert_ne!(first, second);
        assert_eq!(status(&portal, &first).await, 401, "it was replaced");
        assert_eq!(status(&portal, &second).await, 200);
        let out = call(&portal, Method::POST, "/auth/sign-out", &second);
        assert_eq!(portal.send(out).await.status, StatusCode::SEE_OTHER);
        assert_eq!(status(&portal, &second).await, 401, "stolen or kept");
    })
    .await;
}

#[tokio::test]
async fn a_cookie_that_was_tampered_with_is_nobodys() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "ada", None).await;
        let grace = sign_in(&portal, "grace", None).await;
        // Grace's is in the cache by now, and ada's is not.
        assert_eq!(status(&portal, &grace).await, 200);
        let parts = |cookie: &str| {
            let (id, secret) = cookie.split_once('.').unwrap();
            (id.to_owned(), secret.to_owned())
        };
        let ((ada_id, ada_secret), (grace_id, _)) = (parts(&ada), parts(&grace));
        for forged in [
            format!("{grace_id}.{ada_secret}"),
            format!("{ada_id}."),
            ada_id.clone(),
            format!("{ada_id}.{}", &ada_secret[1..]),
            format!("{ada_id}.{ada_secret}A"),
            format!("{ada_id}.{}", "A".repeat(43)),
        ] {
            assert_eq!(status(&portal, &forged).await, 401, "{forged}");
        }
        assert_eq!(status(&portal, &ada).await, 200, "nothing came of it");
    })
    .await;
}

#[tokio::test]
async fn sessions_end_when_nobody_uses_them_and_after_a_week() {
    on_bakery(async |portal| {
        let identity = Identity::new(portal.catalog.clone());
        let is_on = async |cookie: &str, at: i64| {
            let session = identity.session_at(cookie, at).await.unwrap();
            session.is_some()
        };
        let start = now();
        let idle = started(&identity).await;
        assert!(is_on(&idle, start + 11 * HOUR).await);
        assert!(is_on(&idle, start + 22 * HOUR).await, "it was used");
        assert!(!is_on(&idle, start + 35 * HOUR).await);
        let used = started(&identity).await;
        for hour in (6..168).step_by(6) {
            assert!(is_on(&used, start + hour * HOUR).await, "{hour}");
        }
        assert!(!is_on(&used, start + 169 * HOUR).await, "used or not");
        assert_eq!(identity.clean_up(start).await.unwrap(), (0, 0));
        let swept = identity.clean_up(start + 169 * HOUR).await.unwrap();
        assert_eq!(swept, (2, 0));
    })
    .await;
}

#[tokio::test]
async fn another_replica_knows_the_session_and_soon_that_it_has_ended() {
    on_bakery(async |portal| {
        let (here, there) = (
            Identity::new(portal.catalog.clone()),
            Identity::new(portal.catalog.clone()),
        );
        let cookie = started(&here).await;
        let at = now();
        let session = there.session_at(&cookie, at).await.unwrap().unwrap();
        let Principal::User { owns, roles, .. } = there.principal(&session) else {
            panic!("{session:?}")
        };
        assert!(owns.contains(&"group:default/bakers".to_owned()));
        assert_eq!(*roles, ["Baker".to_owned()]);
        let ended = here.end_session(&cookie).await.unwrap().unwrap();
        assert_eq!(ended.id_token, Some(Secret::from("an-id-token")));
        assert_eq!(ended.provider, "contoso");
        assert!(here.session(&cookie).await.unwrap().is_none(), "at once");
        let later = there.session_at(&cookie, at + 2_000).await.unwrap();
        assert!(later.is_none());
        assert!(here.end_session(&cookie).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn what_a_provider_gave_comes_back_with_the_cookie_only() {
    on_bakery(async |portal| {
        let identity = Identity::new(portal.catalog.clone());
        let cookie = started(&identity).await;
        let session = identity.session(&cookie).await.unwrap().unwrap();
        assert_eq!(session.tokens, of_ada().tokens);
        let rows = portal.catalog.store();
        let row = rows.session(session.id, now()).await.unwrap().unwrap();
        let sealed = row.tokens.unwrap();
        assert!(!sealed.windows(8).any(|it| it == b"id-token"));
        assert!(row.user_agent.unwrap().len() < 1000);

        let newer = ProviderTokens {
            id_token: Secret::from("another"),
            refresh_token: None,
            expires_at: 8,
        };
        let kept = identity
            .update_session_tokens(&session, &newer, &["Oven".to_owned()])
            .await;
        assert!(kept.unwrap());
        let session = identity.session(&cookie).await.unwrap().unwrap();
        assert_eq!(
            (session.tokens.as_ref(), &session.roles[0]),
            (Some(&newer), &"Oven".to_owned())
        );

        let other = identity.end_provider_sessions("fabrikam", "sid-1").await;
        assert_eq!(other.unwrap(), 0);
        let ended = identity.end_provider_sessions("contoso", "sid-1").await;
        assert_eq!(ended.unwrap(), 1);
        assert!(identity.session(&cookie).await.unwrap().is_none());
        let kept = identity.update_session_tokens(&session, &newer, &[]).await;
        assert!(!kept.unwrap(), "nothing comes back to life");
    })
    .await;
}

#[tokio::test]
async fn people_see_and_end_their_own_sessions() {
    on_bakery(async |portal| {
        let laptop = sign_in(&portal, "ada", None).await;
        let phone = sign_in(&portal, "ada", None).await;
        let tablet = sign_in(&portal, "ada", None).await;
        let grace = sign_in(&portal, "grace", None).await;
        let list = async |cookie: &str| {
            let answer = portal
                .send(call(&portal, Method::GET, SESSIONS, cookie))
                .await;
            answer.ok()["items"].as_array().unwrap().clone()
        };
        let end = async |path: &str, cookie: &str| {
            portal
                .send(call(&portal, Method::DELETE, path, cookie))
                .await
        };
        let sessions = list(&laptop).await;
        assert_eq!(sessions.len(), 3);
        let current: Vec<_> = sessions.iter().filter(|it| it["current"] == true).collect();
        assert_eq!(current.len(), 1);
        assert_eq!(current[0]["userAgent"], "browser of ada");
        assert_eq!(current[0]["address"], "127.0.0.1");
        let secret = laptop.split_once('.').unwrap().1;
        assert!(!json!(sessions).to_string().contains(secret));

        let hers = list(&grace).await[0]["id"].as_str().unwrap().to_owned();
        let foreign = end(&format!("{SESSIONS}/{hers}"), &laptop).await;
        assert_eq!(foreign.problem(), (404, "NotFoundError".to_owned()));
        assert_eq!(status(&portal, &grace).await, 200);
        let peek = format!("{SESSIONS}?user=user:default/grace");
        let peek = portal
            .send(call(&portal, Method::GET, &peek, &laptop))
            .await;
        assert_eq!(peek.problem(), (403, "NotAllowedError".to_owned()));

        let on_phone = list(&phone).await;
        let on_phone = on_phone.iter().find(|it| it["current"] == true).unwrap();
        let path = format!("{SESSIONS}/{}", on_phone["id"].as_str().unwrap());
        assert_eq!(end(&path, &laptop).await.status, StatusCode::NO_CONTENT);
        assert_eq!(status(&portal, &phone).await, 401);
        assert_eq!(end(SESSIONS, &laptop).await.ok()["ended"], 1);
        assert_eq!(status(&portal, &tablet).await, 401);
        assert_eq!(status(&portal, &laptop).await, 200, "the one that asked");

        let all = format!("{SESSIONS}?user=user:default/ada");
        assert_eq!(end(&all, &grace).await.ok()["ended"], 1);
        assert_eq!(status(&portal, &laptop).await, 401);
        assert_eq!(
            end(SESSIONS, &laptop).await.status,
            StatusCode::UNAUTHORIZED
        );
        let audit = portal.get("/api/audit?action=session.manage").await.ok();
        assert_eq!(audit["items"][0]["principal"], "user:default/grace");
        assert_eq!(audit["items"][0]["details"]["of"], "user:default/ada");
    })
    .await;
}

#[tokio::test]
async fn whoever_left_the_catalog_is_nobody() {
    on_bakery(async |portal| {
        let ada = sign_in(&portal, "ada", None).await;
        assert_eq!(status(&portal, &ada).await, 200);
        let user = "kind: User\nmetadata: {name: ada}\n\
                    spec: {profile: {displayName: Ada}, memberOf: []}";
        assert!(BAKERY.contains(user));
        let other = user.replace("{name: ada}", "{name: adele}");
        portal.write(&BAKERY.replace(user, &other));
        let refresh = json!({"entityRef": "component:mixer"});
        portal.post("/api/catalog/refresh", refresh).await;
        portal.ingest().await;
        assert_eq!(status(&portal, &ada).await, 401);
    })
    .await;
}

#[tokio::test]
async fn development_sessions_do_not_count_in_production() {
    on_each_engine(async |store| {
        let portal = Portal::new(store, BAKERY, "production").await;
        let identity = Identity::new(portal.catalog.clone());
        for subject in [of_ada().subject, Subject::LocalAdmin] {
            let new = NewSession {
                subject,
                provider: DEVELOPMENT.to_owned(),
                ..of_ada()
            };
            let secret = identity.start_session(new).await.unwrap();
            let cookie = format!("portico_session={}", secret.cookie().expose());
            let read = portal
                .request(Method::GET, "/api/catalog/locations")
                .header("cookie", &cookie);
            assert_eq!(portal.send(read).await.status, StatusCode::UNAUTHORIZED);
        }
        let cookie = format!("portico_session={}", started(&identity).await);
        assert_eq!(status(&portal, &cookie).await, 200);
    })
    .await;
}
