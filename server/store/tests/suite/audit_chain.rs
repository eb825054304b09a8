//! The chain of audit events: whole under many writers, broken by tampering, cut by retention.

use portico_store::{AuditFilter, AuditMark, AuditVerification, Store};
use portico_testkit::{Database, on_each_database};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};

use crate::fixture::{NOW, audit};

/// Lets go of what guards the log, as the owner of the database can.
const UNGUARD: [&str; 2] = [
    "drop trigger audit_no_update",
    "drop trigger audit_append_only on audit",
];
pub const UNGUARD_DELETE: [&str; 2] = [
    "drop trigger audit_keeps_its_end",
    "drop trigger audit_keeps_its_end on audit",
];

pub async fn run(database: &Database, statement: &str) -> Result<(), sqlx::Error> {
    let statement = AssertSqlSafe(statement.to_owned());
    if database.url().starts_with("sqlite:") {
        let mut db = SqliteConnection::connect(database.url()).await?;
        db.execute(statement).await?;
    } else {
        let mut db = PgConnection::connect(database.url()).await?;
        db.execute(statement).await?;
    }
    Ok(())
}

pub async fn on_engine(database: &Database, [sqlite, postgres]: [&str; 2]) {
    let statement = if database.url().starts_with("sqlite:") {
        sqlite
    } else {
        postgres
    };
    run(database, statement).await.unwrap();
}

pub async fn append(store: &Store, events: i64) {
    for n in 0..events {
        let mut event = audit("catalog.location.create");
        event.at = NOW + n;
        event.source = Some("192.0.2.7".to_owned());
        event.policy = Some("owners".to_owned());
        event.resource = format!("thing {n}\0");
        store.append_audit(&event).await.unwrap();
    }
}

async fn verify(store: &Store) -> AuditVerification {
    store.verify_audit(None).await.unwrap()
}

#[tokio::test]
async fn many_writers_make_one_chain() {
    on_each_database(async |database| {
        let stores = [database.store().await, database.connect().await];
        let writers = (0..8).map(|n| {
            let store = stores[n % 2].clone();
            tokio::spawn(async move { append(&store, 10).await })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let found = verify(&stores[0]).await;
        assert_eq!(found.broken, None);
        assert_eq!((found.events, found.head.position), (80, 80));
        assert_eq!(found.first, Some(NOW));
        let [newest] = &stores[0]
            .audit_page(&AuditFilter::default(), None, 0, 1)
            .await
            .unwrap()[..]
        else {
            panic!("one event");
        };
        assert_eq!(newest.hash.as_ref(), Some(&found.head.hash));
        assert_eq!(newest.event.source.as_deref(), Some("192.0.2.7"));
        assert_eq!(newest.event.policy.as_deref(), Some("owners"));
        for store in stores {
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn an_event_that_was_changed_is_named() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 5).await;
        on_engine(database, UNGUARD).await;
        for column in ["principal", "reason", "source", "details", "decision"] {
            let change = format!("update audit set {column} = {column} || 'x' where id = 3");
            run(database, &change).await.unwrap();
            let broken = verify(&store).await.broken.unwrap();
            assert_eq!(broken.position, 3, "{column}: {}", broken.what);
            let back = format!(
                "update audit set {column} = substr({column}, 1, length({column}) - 1) where id = 3"
            );
            run(database, &back).await.unwrap();
            assert_eq!(verify(&store).await.broken, None, "{column}");
        }
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn events_that_are_gone_are_missed() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 5).await;
        on_engine(database, UNGUARD_DELETE).await;
        run(database, "delete from audit where id = 5")
            .await
            .unwrap();
        assert_eq!(verify(&store).await.broken.unwrap().position, 5, "the end");
        run(database, "delete from audit where id = 2")
            .await
            .unwrap();
        let broken = verify(&store).await.broken.unwrap();
        assert_eq!(broken.position, 3);
        assert_eq!(broken.what, "event 2 is missing before it");
        run(database, "delete from audit where id = 1")
            .await
            .unwrap();
        let broken = verify(&store).await.broken.unwrap();
        assert_eq!(broken.what, "event 1 is missing before it");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_log_that_was_written_anew_has_another_hash_than_was_noted() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 3).await;
        let noted = store.audit_head().await.unwrap();
        append(&store, 2).await;
        let kept = store.verify_audit(Some(&noted)).await.unwrap();
        assert_eq!(kept.broken, None);
        let other = AuditMark {
            hash: "0".repeat(64),
            ..noted
        };
        let broken = store.verify_audit(Some(&other)).await.unwrap().broken;
        assert_eq!(broken.unwrap().position, 3);
        let beyond = AuditMark {
            position: 9,
            ..noted
        };
        let broken = store.verify_audit(Some(&beyond)).await.unwrap().broken;
        assert_eq!(broken.unwrap().position, 9);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn retention_removes_the_oldest_and_leaves_the_rest_verifiable() {
    on_each_database(async |database| {
        let store = database.store().await;
        append(&store, 6).await;
        let told = audit("audit.prune");
        let nothing = store.prune_audit(NOW, &told).await.unwrap();
        assert_eq!(
            (nothing, store.audit_head().await.unwrap().position),
            (0, 6)
        );
        assert_eq!(store.prune_audit(NOW + 4, &told).await.unwrap(), 4);
        let found = verify(&store).await;
        assert_eq!(found.broken, None);
        assert_eq!((found.anchor.position, found.events), (4, 3));
        let records = store
            .audit_page(&AuditFilter::default(), None, 0, 1)
            .await
            .unwrap();
        let details = &records[0].event.details;
        assert_eq!(details["removed"], 4);
        assert_eq!(details["until"]["hash"], found.anchor.hash);
        let more = run(database, "delete from audit where id = 5").await;
        assert!(more.unwrap_err().to_string().contains("append-only"));
        assert_eq!(verify(&store).await.events, 3);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn events_from_before_the_chain_are_covered_by_it() {
    on_each_database(async |database| {
        let store = database.store().await;
        on_engine(database, UNGUARD).await;
        for id in [2, 3, 7] {
            let old = format!(
                "insert into audit (id, at, principal, action, resource, decision, reason, details)
                 values ({id}, {id}, 'system', 'a', 'r', 'allow', 'old', '{{}}')"
            );
            run(database, &old).await.unwrap();
        }
        run(database, "update audit_head set position = 0, hash = ''")
            .await
            .unwrap();
        store.migrate().await.unwrap();
        append(&store, 2).await;
        let found = verify(&store).await;
        assert_eq!(found.broken, None);
        assert_eq!((found.events, found.head.position), (5, 9));
        store.prune_audit(3, &audit("audit.prune")).await.unwrap();
        assert_eq!(verify(&store).await.broken, None);
        run(database, "update audit set reason = 'new' where id = 3")
            .await
            .unwrap();
        let broken = verify(&store).await.broken.unwrap();
        assert_eq!(
            broken.position, 8,
            "the first event with a hash: {}",
            broken.what
        );
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn each_filter_finds_its_events() {
    on_each_database(async |database| {
        let store = database.store().await;
        for (n, action) in ["catalog.entity.delete", "catalog.entity", "catalog.entityx"]
            .into_iter()
            .enumerate()
        {
            let mut event = audit(action);
            event.at = NOW + n as i64;
            event.decision = if n == 0 { "deny" } else { "allow" }.to_owned();
            event.policy = Some(format!("policy-{n}"));
            event.source = Some(format!("192.0.2.{n}"));
            event.request_id = Some(format!("r-{n}"));
            store.append_audit(&event).await.unwrap();
        }
        let all = AuditFilter::default;
        let text = |value: &str| Some(value.to_owned());
        for (filter, expected) in [
            (
                AuditFilter {
                    action: text("catalog.entity"),
                    ..all()
                },
                vec![2, 1],
            ),
            (
                AuditFilter {
                    action: text("catalog"),
                    ..all()
                },
                vec![3, 2, 1],
            ),
            (
                AuditFilter {
                    action: text("cat"),
                    ..all()
                },
                vec![],
            ),
            (
                AuditFilter {
                    decision: text("deny"),
                    ..all()
                },
                vec![1],
            ),
            (
                AuditFilter {
                    policy: text("policy-1"),
                    ..all()
                },
                vec![2],
            ),
            (
                AuditFilter {
                    source: text("192.0.2.2"),
                    ..all()
                },
                vec![3],
            ),
            (
                AuditFilter {
                    request_id: text("r-0"),
                    ..all()
                },
                vec![1],
            ),
            (
                AuditFilter {
                    from: Some(NOW + 1),
                    to: Some(NOW + 2),
                    ..all()
                },
                vec![2],
            ),
        ] {
            let page = store.audit_page(&filter, None, 0, 10).await.unwrap();
            let found: Vec<_> = page.iter().map(|it| it.position).collect();
            assert_eq!(found, expected, "{filter:?}");
            let total = store.count_audit(&filter).await.unwrap();
            assert_eq!(total, expected.len() as u64);
        }
        let page = store.audit_page(&all(), Some(3), 0, 1).await.unwrap();
        assert_eq!(page[0].position, 2, "pages go on below the cursor");
        store.close().await;
    })
    .await;
}
