//! One SQL text for both engines, and the macros that run it.

use std::borrow::Cow;

use serde::Serialize;

use crate::StoreError;

/// A statement in both dialects; usually the same text twice.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sql {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }
}

/// Encodes a list or rows for the `LIST`, `UUIDS` and `ROWS` pieces of [`sql!`].
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(StoreError::Encode)
}

/// Text from outside, as both engines can store it: PostgreSQL has no nul character.
pub(crate) fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Joins pieces of SQL into a [`Sql`]: literals, and the names of what the dialects spell
/// differently. Lists and rows are bound as JSON text, always as the first parameter.
///
/// - `LIST`: the strings of `$1`, as a sub-select for `in`
/// - `UUIDS`: the same for ids (in simple form)
/// - `ROWS`: the objects of `$1`, for `from ROWS as v`; a column is `v.value ->> 'name'`
/// - `FOR_UPDATE`, `SKIP_LOCKED`: row locks, which SQLite neither has nor needs
macro_rules! sql {
    (@ [$($lite:literal)*] [$($pg:literal)*]) => {
        $crate::engine::Sql { sqlite: concat!($($lite),*), postgres: concat!($($pg),*) }
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] LIST $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)* "(select value from json_each($1))"]
            [$($pg)* "(select value from json_array_elements_text(cast($1 as json)) as l (value))"]
            $($rest)*)
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] UUIDS $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)* "(select unhex(value) from json_each($1))"]
            [$($pg)* "(select cast(value as uuid) \
                from json_array_elements_text(cast($1 as json)) as l (value))"]
            $($rest)*)
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] ROWS $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)* "json_each($1)"]
            [$($pg)* "(select value from json_array_elements(cast($1 as json)) as r (value))"]
            $($rest)*)
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] FOR_UPDATE $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)*] [$($pg)* " for update"] $($rest)*)
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] SKIP_LOCKED $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)*] [$($pg)* " for update skip locked"] $($rest)*)
    };
    (@ [$($lite:literal)*] [$($pg:literal)*] $text:literal $($rest:tt)*) => {
        $crate::engine::sql!(@ [$($lite)* $text] [$($pg)* $text] $($rest)*)
    };
    ($first:tt $($rest:tt)*) => {
        $crate::engine::sql!(@ [] [] $first $($rest)*)
    };
}

/// Runs a statement on either engine: `run!(db, sql, [arguments], query kind, method)`.
macro_rules! run {
    ($db:expr, $sql:expr, [$($arg:expr),*], $query:ident, $method:ident) => {{
        let sql = $crate::engine::Sql::from($sql);
        match $db.conn() {
            $crate::engine::Conn::Sqlite(conn) => {
                sqlx::$query(sql.sqlite)$(.bind($arg))*.$method(conn).await
            }
            $crate::engine::Conn::Postgres(conn) => {
                sqlx::$query(sql.postgres)$(.bind($arg))*.$method(conn).await
            }
        }
    }};
}

/// Every row.
macro_rules! fetch_all {
    ($db:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::engine::run!($db, $sql, [$($arg),*], query_as, fetch_all)
    };
}

/// The only row.
macro_rules! fetch_one {
    ($db:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::engine::run!($db, $sql, [$($arg),*], query_as, fetch_one)
    };
}

/// The row, if there is one.
macro_rules! fetch_optional {
    ($db:expr, $sql:expr $(, $arg:expr)* $(,)?) => {
        $crate::engine::run!($db, $sql, [$($arg),*], query_as, fetch_optional)
    };
}

/// How many rows the statement touched.
macro_rules! execute {
    ($db:expr, $sql:expr $(, $arg:expr)* $(,)?) => {{
        let sql = $crate::engine::Sql::from($sql);
        match $db.conn() {
            $crate::engine::Conn::Sqlite(conn) => sqlx::query(sql.sqlite)
                $(.bind($arg))*.execute(conn).await.map(|done| done.rows_affected()),
            $crate::engine::Conn::Postgres(conn) => sqlx::query(sql.postgres)
                $(.bind($arg))*.execute(conn).await.map(|done| done.rows_affected()),
        }
    }};
}

pub(crate) use {execute, fetch_all, fetch_one, fetch_optional, run, sql};
