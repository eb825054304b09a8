//! Finding events.

use sqlx::{Database, Encode, Postgres, QueryBuilder, Sqlite, Type};

use super::Row;
use crate::{AuditEvent, AuditFilter, Store, StoreError, engine::Conn};

/// An event as it is stored.
#[derive(Clone, Debug)]
pub struct AuditRecord {
    /// Its place in the log, from 1; also the cursor of lists.
    pub position: i64,
    /// Its hash (hex); events from before there was a chain have none of their own.
    pub hash: Option<String>,
    /// What happened.
    pub event: AuditEvent,
}

impl Store {
    /// Events, newest first, and how many match.
    pub async fn audit_events(
        &self,
        filter: &AuditFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<AuditEvent>, u64), StoreError> {
        let total = self.count_audit(filter).await?;
        let records = self.audit_page(filter, None, offset, limit).await?;
        Ok((records.into_iter().map(|it| it.event).collect(), total))
    }

    /// Events at positions below `before`, newest first.
    pub async fn audit_page(
        &self,
        filter: &AuditFilter,
        before: Option<i64>,
        offset: usize,
        limit: usize,
    ) -> Result<Vec<AuditRecord>, StoreError> {
        const SELECT: &str = "select id, at, principal, action, resource, decision, reason, \
            policy, source, request_id, details, hash from audit where 1 = 1";
        let (offset, limit) = (offset as i64, limit as i64);
        let mut db = self.read().await?;
        let rows: Vec<Row> = match db.conn() {
            Conn::Sqlite(conn) => {
                let mut query = QueryBuilder::<Sqlite>::new(SELECT);
                narrow(&mut query, filter, before);
                window(&mut query, offset, limit);
                query.build_query_as().fetch_all(conn).await?
            }
            Conn::Postgres(conn) => {
                let mut query = QueryBuilder::<Postgres>::new(SELECT);
                narrow(&mut query, filter, before);
                window(&mut query, offset, limit);
                query.build_query_as().fetch_all(conn).await?
            }
        };
        rows.into_iter()
            .map(|mut row| {
                Ok(AuditRecord {
                    position: row.id,
                    hash: row.hash.take(),
                    event: row.try_into()?,
                })
            })
            .collect()
    }

    /// How many events match.
    pub async fn count_audit(&self, filter: &AuditFilter) -> Result<u64, StoreError> {
        const COUNT: &str = "select count(*) from audit where 1 = 1";
        let mut db = self.read().await?;
        let total: i64 = match db.conn() {
            Conn::Sqlite(conn) => {
                let mut query = QueryBuilder::<Sqlite>::new(COUNT);
                narrow(&mut query, filter, None);
                query.build_query_scalar().fetch_one(conn).await?
            }
            Conn::Postgres(conn) => {
                let mut query = QueryBuilder::<Postgres>::new(COUNT);
                narrow(&mut query, filter, None);
                query.build_query_scalar().fetch_one(conn).await?
            }
        };
        Ok(total.unsigned_abs())
    }
}

/// Adds the conditions that a filter asks for, and no others, so that indexes serve them.
fn narrow<DB: Database>(query: &mut QueryBuilder<DB>, filter: &AuditFilter, before: Option<i64>)
where
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    let equal = [
        (" and principal = ", &filter.principal),
        (" and resource = ", &filter.resource),
        (" and decision = ", &filter.decision),
        (" and policy = ", &filter.policy),
        (" and source = ", &filter.source),
        (" and request_id = ", &filter.request_id),
    ];
    for (condition, value) in equal {
        if let Some(value) = value {
            query.push(condition).push_bind(value.clone());
        }
    }
    if let Some(action) = &filter.action {
        let below = format!("{action}.");
        let length = below.chars().count() as i64;
        query.push(" and (action = ").push_bind(action.clone());
        query.push(" or substr(action, 1, cast(").push_bind(length);
        query.push(" as integer)) = ").push_bind(below).push(")");
    }
    let bounds = [
        (" and at >= ", filter.from),
        (" and at < ", filter.to),
        (" and id < ", before),
    ];
    for (condition, value) in bounds {
        if let Some(value) = value {
            query.push(condition).push_bind(value);
        }
    }
}

fn window<DB: Database>(query: &mut QueryBuilder<DB>, offset: i64, limit: i64)
where
    i64: for<'q> Encode<'q, DB> + Type<DB>,
{
    query.push(" order by id desc limit ").push_bind(limit);
    query.push(" offset ").push_bind(offset);
}
