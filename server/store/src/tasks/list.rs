//! Finding tasks.

use super::{TaskRow, TaskScope, scope::Bound};
use crate::{
    Store, StoreError,
    engine::{Conn, Sql, json, sql},
};

const COUNT: Sql = sql!["select count(*) from task where status in " LIST
    " and ($2 is null or created_by = $2) and ($3 is null or template_ref = $3)
      and ($4 is null or entity_ref = $4) and @"];

const SELECT: Sql = sql!["select id, template_ref, spec, parameters, entity_ref, created_by, created_at,
        started_at, ended_at, heartbeat_at, status, state, cancel_requested, waits
    from task where status in " LIST
    " and ($2 is null or created_by = $2) and ($3 is null or template_ref = $3)
      and ($4 is null or entity_ref = $4) and @
      order by
          case when $7 = 2 then status end, case when $7 = 3 then status end desc,
          case when $7 = 4 then created_by end,
          case when $7 = 5 then created_by end desc,
          case when $7 = 1 then created_at end, case when $7 = 1 then id end,
          created_at desc, id desc
      limit $5 offset $6"];

/// Runs a narrowed statement on either engine.
macro_rules! narrowed {
    ($db:expr, $sql:expr, $bound:expr, [$($arg:expr),*], $method:ident) => {
        match $db.conn() {
            Conn::Sqlite(conn) => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe($sql.0))$(.bind($arg))*;
                for bound in $bound {
                    query = match bound {
                        Bound::Text(text) => query.bind(text),
                        Bound::Id(id) => query.bind(id),
                    };
                }
                query.$method(conn).await
            }
            Conn::Postgres(conn) => {
                let mut query = sqlx::query_as(sqlx::AssertSqlSafe($sql.1))$(.bind($arg))*;
                for bound in $bound {
                    query = match bound {
                        Bound::Text(text) => query.bind(text),
                        Bound::Id(id) => query.bind(id),
                    };
                }
                query.$method(conn).await
            }
        }
    };
}

/// All statuses of tasks.
const STATUSES: [&str; 6] = [
    "open",
    "processing",
    "completed",
    "failed",
    "cancelled",
    "skipped",
];

/// Which tasks to list; empty means all.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    /// Only with one of these statuses.
    pub statuses: Vec<String>,
    /// Only created by this principal.
    pub created_by: Option<String>,
    /// Only of this template.
    pub template_ref: Option<String>,
    /// Only for this entity.
    pub entity_ref: Option<String>,
    /// Only of these, for whom no others exist.
    pub within: TaskScope,
    /// In which order.
    pub order: TaskOrder,
}

/// The order of a list of tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of a task, and which way")]
pub enum TaskOrder {
    #[default]
    NewestFirst,
    OldestFirst,
    StatusUp,
    StatusDown,
    CreatorUp,
    CreatorDown,
}

impl TaskOrder {
    /// The number by which the query sorts.
    fn number(self) -> i64 {
        match self {
            Self::NewestFirst => 0,
            Self::OldestFirst => 1,
            Self::StatusUp => 2,
            Self::StatusDown => 3,
            Self::CreatorUp => 4,
            Self::CreatorDown => 5,
        }
    }
}

impl Store {
    /// Tasks that match, and how many there are in all.
    pub async fn tasks(
        &self,
        filter: &TaskFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<TaskRow>, u64), StoreError> {
        let statuses = match filter.statuses.is_empty() {
            true => json(&STATUSES)?,
            false => json(&filter.statuses)?,
        };
        let mut db = self.read().await?;
        let (count, bound) = narrowed(COUNT, 5, &filter.within);
        let (total,): (i64,) = narrowed!(
            db,
            count,
            bound,
            [
                &statuses,
                filter.created_by.as_deref(),
                filter.template_ref.as_deref(),
                filter.entity_ref.as_deref()
            ],
            fetch_one
        )?;
        let (select, bound) = narrowed(SELECT, 8, &filter.within);
        let rows: Vec<TaskRow> = narrowed!(
            db,
            select,
            bound,
            [
                &statuses,
                filter.created_by.as_deref(),
                filter.template_ref.as_deref(),
                filter.entity_ref.as_deref(),
                limit as i64,
                offset as i64,
                filter.order.number()
            ],
            fetch_all
        )?;
        Ok((rows, total.unsigned_abs()))
    }
}

/// A statement with the condition of a scope at its `@`, in the place of `number` and after.
fn narrowed(
    statement: Sql,
    number: usize,
    scope: &TaskScope,
) -> ((String, String), Vec<Bound<'_>>) {
    let (mut condition, mut bound) = (String::new(), Vec::new());
    scope.write(&mut condition, number, &mut bound);
    let text = |dialect: &str| dialect.replace('@', &condition);
    ((text(statement.sqlite), text(statement.postgres)), bound)
}
