//! Access tokens of machines.

use axum::http::Method;
use portico_testkit::{OidcPeer, on_each_engine};
use serde_json::json;

use super::portal;

const MIXER: &str = "/api/catalog/entities/by-name/component/default/mixer";

#[tokio::test]
async fn a_workload_comes_with_an_access_token_of_its_own() {
    on_each_engine(async |store| {
        let (portal, peer) = portal(store, "", "").await;
        crate::visibility::put_in_force(
            &portal,
            "@id(\"workloads\") permit (principal is Workload, action == \
             Action::\"catalog.entity.read\", resource);",
        );
        let with = async |token: String| {
            let call = portal.request(Method::GET, MIXER).remote().token(&token);
            portal.send(call).await.status.as_u16()
        };
        assert_eq!(with(peer.access_token(&json!({}))).await, 200);
        let api = format!("api://{}", OidcPeer::CLIENT_ID);
        assert_eq!(with(peer.access_token(&json!({ "aud": api }))).await, 200);
        for claims in [
            json!({ "aud": "another application" }),
            json!({ "aud": null }),
            json!({ "iss": "https://evil.test" }),
            json!({ "exp": 1_700_000_000 }),
            json!({ "exp": null }),
            json!({ "nbf": 99_999_999_999_i64 }),
            json!({ "tid": "22222222-2222-2222-2222-222222222222" }),
            // In the name of a person, or about one.
            json!({ "scp": "user_impersonation" }),
            json!({ "sub": "pairwise" }),
            json!({ "azp": null }),
            json!({ "nonce": "n" }),
            json!({ "idtyp": "user" }),
        ] {
            assert_eq!(with(peer.access_token(&claims)).await, 401, "{claims}");
        }
        let other = OidcPeer::start().await;
        let issuer = peer
            .metadata_url()
            .replace("/.well-known/openid-configuration", "");
        let forged = other.access_token(&json!({ "iss": issuer }));
        assert_eq!(with(forged).await, 401, "signed by somebody else");
        let token = peer.access_token(&json!({}));
        let (claims, _) = token.rsplit_once('.').unwrap();
        assert_eq!(with(format!("{claims}.")).await, 401, "not signed");
    })
    .await;
}
