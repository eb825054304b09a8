//! Sessions that outlast an access token.

use std::time::Duration;

use portico_identity::Identity;
use portico_testkit::on_each_engine;
use serde_json::json;

use super::{browser::Browser, portal};

const LINKED: &str = "user:default/linked";

#[tokio::test]
async fn roles_are_renewed_with_the_session_and_once() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().person = json!({ "roles": ["Before"] });
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        peer.world().person = json!({ "roles": ["After"] });
        peer.world().expires_in = 3600;
        assert!(browser.is_signed_in().await);
        assert_eq!(browser.roles_of(LINKED).await, ["After"]);
        assert!(browser.is_signed_in().await);
        assert_eq!(peer.asked("/token"), 2, "once to sign in, once to renew");
    })
    .await;
}

#[tokio::test]
async fn two_replicas_that_renew_at_once_use_a_refresh_token_once() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        let mut cookies = browser.cookies.iter();
        let (_, cookie) = cookies
            .find(|it| it.0.ends_with("portico_session"))
            .unwrap();
        peer.world().expires_in = 3600;
        let replica = || Identity::new(portal.catalog.clone());
        let (here, there) = (replica(), replica());
        let both = tokio::join!(here.current_session(cookie), there.current_session(cookie));
        assert!(both.0.unwrap().is_some() && both.1.unwrap().is_some());
        // The peer takes each refresh token once, and ends the session of who uses one again.
        assert_eq!(peer.asked("/token"), 2, "once to sign in, once to renew");
        for later in [here, there, replica()] {
            assert!(later.current_session(cookie).await.unwrap().is_some());
        }
        assert_eq!(peer.asked("/token"), 2);
    })
    .await;
}

#[tokio::test]
async fn a_renewal_ends_although_who_asked_is_gone() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        peer.world().person = json!({ "roles": ["After"] });
        peer.world().expires_in = 3600;
        let held = peer.hold().await;
        {
            let mut leaving = browser.clone();
            let taken = async {
                while peer.asked("/token") < 2 {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                _ = leaving.is_signed_in() => panic!("the provider has not answered"),
                () = taken => {}
            }
        }
        // The refresh token is used up, and the request that used it is no more.
        drop(held);
        let kept = async {
            while browser.roles_of(LINKED).await != ["After"] {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), kept)
            .await
            .expect("what the provider gave is kept");
        assert!(browser.is_signed_in().await);
        assert_eq!(peer.asked("/token"), 2);
    })
    .await;
}

#[tokio::test]
async fn a_refresh_token_is_not_used_when_what_comes_could_not_be_believed() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        let mut cookies = browser.cookies.iter();
        let (_, cookie) = cookies
            .find(|it| it.0.ends_with("portico_session"))
            .unwrap();
        peer.world().lost = Some("/keys");
        let replica = Identity::new(portal.catalog.clone());
        assert!(replica.current_session(cookie).await.unwrap().is_some());
        assert_eq!(peer.asked("/token"), 1, "to sign in");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_the_provider_refuses_to_renew_it() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        peer.world().refuse = Some("invalid_grant");
        assert!(!browser.is_signed_in().await);
        peer.world().refuse = None;
        assert!(!browser.is_signed_in().await, "what ended stays ended");
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_it_is_renewed_for_somebody_else() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        peer.world().person = json!({ "oid": "aaaaaaaa-0000-0000-0000-000000000002" });
        assert!(!browser.is_signed_in().await);
    })
    .await;
}

#[tokio::test]
async fn sessions_go_on_while_the_provider_is_down() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        peer.world().person = json!({ "roles": ["Before"] });
        peer.world().expires_in = 0;
        let mut browser = Browser::new(&portal);
        assert_eq!(browser.sign_in(&peer).await, "/catalog");
        peer.world().down = true;
        assert!(browser.is_signed_in().await);
        assert!(browser.is_signed_in().await);
        assert_eq!(peer.asked("/token"), 2, "not asked by every request");
        assert_eq!(browser.roles_of(LINKED).await, ["Before"]);
    })
    .await;
}
