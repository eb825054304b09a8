//! The audit log.

use portico_store::AuditFilter;
use portico_testkit::on_each_database;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::fixture::audit;

#[tokio::test]
async fn events_are_appended_filtered_and_never_changed() {
    on_each_database(async |database| {
        let store = database.store().await;
        let mut refused = audit("catalog.entity.delete");
        refused.decision = "deny".to_owned();
        refused.principal = "token:ci".to_owned();
        refused.request_id = Some("r-1".to_owned());
        store
            .append_audit(&audit("catalog.location.create"))
            .await
            .unwrap();
        store.append_audit(&refused).await.unwrap();

        let (all, total) = store
            .audit_events(&AuditFilter::default(), 0, 1)
            .await
            .unwrap();
        assert_eq!((all.len(), total), (1, 2));
        assert_eq!(all[0].principal, "token:ci", "newest first");
        assert_eq!(all[0].details, serde_json::json!({"n": 1}));
        assert_eq!(all[0].request_id.as_deref(), Some("r-1"));
        let filter = AuditFilter {
            action: Some("catalog.location.create".to_owned()),
            principal: Some("user:default/ada".to_owned()),
            resource: Some("thing".to_owned()),
            ..AuditFilter::default()
        };
        let (found, total) = store.audit_events(&filter, 0, 10).await.unwrap();
        assert_eq!(
            (found.len(), total, found[0].decision.as_str()),
            (1, 1, "allow")
        );
        store.close().await;

        for statement in ["update audit set decision = 'allow'", "delete from audit"] {
            let error = run(database.url(), statement).await.unwrap_err();
            assert!(
                error.to_string().contains("append-only"),
                "{statement}: {error}"
            );
        }
    })
    .await;
}

async fn run(url: &str, statement: &str) -> Result<(), sqlx::Error> {
    let statement = AssertSqlSafe(statement.to_owned());
    if url.starts_with("sqlite:") {
        SqliteConnection::connect(url)
            .await?
            .execute(statement)
            .await?;
    } else {
        PgConnection::connect(url).await?.execute(statement).await?;
    }
    Ok(())
}
