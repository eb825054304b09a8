//! Bulk writes of what is large, each engine its fastest way: PostgreSQL takes a column as
//! one array, SQLite takes many rows in one statement (a round trip to its thread costs more
//! than the row).

use sqlx::{QueryBuilder, Sqlite};
use uuid::Uuid;

use super::Conn;
use crate::Seq;

/// Rows in one SQLite statement: ten columns stay far below its limit of variables.
const SQLITE_ROWS: usize = 100;
/// Rows in one PostgreSQL statement: bounds the size of one message.
const POSTGRES_ROWS: usize = 2_000;

/// An entity to insert, or to overwrite (by id).
pub(crate) struct EntityRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) entity_ref: &'a str,
    pub(crate) source_id: &'a str,
    pub(crate) doc_index: i32,
    pub(crate) line: i32,
    pub(crate) document: &'a str,
    pub(crate) hash: &'a str,
    pub(crate) problems: Option<String>,
}

/// The content of a source, compressed.
pub(crate) struct ContentRow<'a> {
    pub(crate) source_id: &'a str,
    pub(crate) content: Vec<u8>,
}

macro_rules! upsert_entity {
    ($values:expr) => {
        concat!(
            "insert into entity (id, entity_ref, source_id, doc_index, line, document, hash, \
             problems, orphan, seq) ",
            $values,
            " on conflict (id) do update set source_id = excluded.source_id, \
             doc_index = excluded.doc_index, line = excluded.line, \
             document = excluded.document, hash = excluded.hash, \
             problems = excluded.problems, orphan = excluded.orphan, seq = excluded.seq"
        )
    };
}

macro_rules! upsert_content {
    ($values:expr) => {
        concat!(
            "insert into source_content (source_id, content) ",
            $values,
            " on conflict (source_id) do update set content = excluded.content"
        )
    };
}

/// Inserts or overwrites entities, none of them an orphan.
pub(crate) async fn upsert_entities(
    conn: Conn<'_>,
    rows: &[EntityRow<'_>],
    seq: Seq,
) -> Result<(), sqlx::Error> {
    match conn {
        Conn::Sqlite(conn) => {
            for chunk in rows.chunks(SQLITE_ROWS) {
                let (head, tail) = split(upsert_entity!("?"));
                let mut query = QueryBuilder::<Sqlite>::new(head);
                query.push_values(chunk, |mut values, row| {
                    values
                        .push_bind(row.id)
                        .push_bind(row.entity_ref)
                        .push_bind(row.source_id)
                        .push_bind(row.doc_index)
                        .push_bind(row.line)
                        .push_bind(row.document)
                        .push_bind(row.hash)
                        .push_bind(row.problems.as_deref())
                        .push_bind(false)
                        .push_bind(seq);
                });
                query
                    .push(tail)
                    .build()
                    .persistent(chunk.len() == SQLITE_ROWS)
                    .execute(&mut *conn)
                    .await?;
            }
        }
        Conn::Postgres(conn) => {
            for chunk in rows.chunks(POSTGRES_ROWS) {
                sqlx::query(upsert_entity!(
                    "select id, entity_ref, source_id, doc_index, line, document, hash, problems, \
                     false, $9 \
                     from unnest($1, $2, $3, $4, $5, $6, $7, $8) as r (id, entity_ref, source_id, \
                     doc_index, line, document, hash, problems)"
                ))
                .bind(column(chunk, |row| row.id))
                .bind(column(chunk, |row| row.entity_ref))
                .bind(column(chunk, |row| row.source_id))
                .bind(column(chunk, |row| row.doc_index))
                .bind(column(chunk, |row| row.line))
                .bind(column(chunk, |row| row.document))
                .bind(column(chunk, |row| row.hash))
                .bind(column(chunk, |row| row.problems.as_deref()))
                .bind(seq)
                .execute(&mut *conn)
                .await?;
            }
        }
    }
    Ok(())
}

/// Stores the contents of sources.
pub(crate) async fn upsert_contents(
    conn: Conn<'_>,
    rows: &[ContentRow<'_>],
) -> Result<(), sqlx::Error> {
    match conn {
        Conn::Sqlite(conn) => {
            for chunk in rows.chunks(SQLITE_ROWS) {
                let (head, tail) = split(upsert_content!("?"));
                let mut query = QueryBuilder::<Sqlite>::new(head);
                query.push_values(chunk, |mut values, row| {
                    values
                        .push_bind(row.source_id)
                        .push_bind(row.content.as_slice());
                });
                query
                    .push(tail)
                    .build()
                    .persistent(false)
                    .execute(&mut *conn)
                    .await?;
            }
        }
        Conn::Postgres(conn) => {
            for chunk in rows.chunks(POSTGRES_ROWS) {
                sqlx::query(upsert_content!("select * from unnest($1, $2)"))
                    .bind(column(chunk, |row| row.source_id))
                    .bind(column(chunk, |row| row.content.as_slice()))
                    .execute(&mut *conn)
                    .await?;
            }
        }
    }
    Ok(())
}

/// What comes before and after the values of a statement.
fn split(statement: &'static str) -> (&'static str, &'static str) {
    statement.split_once('?').unwrap_or((statement, ""))
}

fn column<'r, R, T>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
