//! A person's own settings.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::support::{TOKEN, on_bakery};

#[tokio::test]
async fn settings_are_kept_for_each_person() {
    on_bakery(async |portal| {
        let path = "/api/user-settings/buckets/stars/keys/entities";
        assert_eq!(
            portal.get(path).await.problem(),
            (404, "NotFoundError".to_owned())
        );
        let value = json!(["component:default/mixer"]);
        let put = portal
            .request(Method::PUT, path)
            .json(json!({"value": value}));
        let setting = json!({"bucket": "stars", "key": "entities", "value": value});
        assert_eq!(portal.send(put).await.ok(), setting);
        assert_eq!(portal.get(path).await.ok(), setting);
        let somebody_else = portal
            .send(portal.request(Method::GET, path).token(TOKEN))
            .await;
        assert_eq!(somebody_else.status, StatusCode::NOT_FOUND);
        let items = json!({"items": [
            {"bucket": "stars", "key": "none"},
            {"bucket": "stars", "key": "entities"},
        ]});
        let many = portal.post("/api/user-settings/multiget", items).await.ok();
        assert_eq!(many, json!({"items": [null, {"value": value}]}));
        assert_eq!(portal.delete(path).await.status, StatusCode::NO_CONTENT);
        assert_eq!(portal.get(path).await.status, StatusCode::NOT_FOUND);
        let audit = portal.get("/api/audit?action=settings.own").await.ok();
        assert_eq!(audit["totalItems"], 2, "{audit}");
        assert_eq!(audit["items"][0]["details"]["removed"], true);
        assert!(!audit.to_string().contains("mixer"), "whose star it is");
    })
    .await;
}
