//! What can go wrong in the store.

/// An error of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database or the connection failed.
    #[error("database: {0}")]
    Driver(#[from] sqlx::Error),
    /// The database URL is none that the store knows.
    #[error(
        "database url `{0}` is not understood: use `sqlite:PATH`, `sqlite::memory:` or `postgres://user@host/name`"
    )]
    Url(String),
    /// A newer program has migrated this database.
    #[error("database schema is version {found}, this portico knows {known}: upgrade portico")]
    SchemaNewer {
        /// Version in the database.
        found: i64,
        /// Newest version this program knows.
        known: i64,
    },
    /// A migration was interrupted half-way or its text differs from what was applied.
    #[error("migration {version} {explanation}")]
    Migration {
        /// The migration in question.
        version: i64,
        /// What happened and what to do.
        explanation: String,
    },
    /// A value could not be written as JSON.
    #[error("a value cannot be written as JSON: {0}")]
    Encode(#[source] serde_json::Error),
    /// A row holds what this program never writes.
    #[error("inconsistent data in table {table}: {what}")]
    Inconsistent {
        /// The table.
        table: &'static str,
        /// Which row, and what is wrong with it.
        what: String,
    },
    /// A statement touched another number of rows than it must.
    #[error("{statement} touched {actual} rows, expected {expected}")]
    UnexpectedRows {
        /// Which statement.
        statement: &'static str,
        /// How many it must touch.
        expected: u64,
        /// How many it touched.
        actual: u64,
    },
    /// Another process took the source over; what was read is discarded.
    #[error("the lease on source {source_id} was lost: another process reads it now")]
    LostLease {
        /// The source.
        source_id: String,
    },
    /// Another process took the task over, or it has ended.
    #[error("the lease on task {id} was lost: another process works on it now, or it has ended")]
    LostTask {
        /// The task.
        id: uuid::Uuid,
    },
}

/// Fails when a statement touched another number of rows than it must.
pub(crate) fn expect_rows(
    statement: &'static str,
    expected: usize,
    actual: u64,
) -> Result<(), StoreError> {
    let expected = expected as u64;
    if actual == expected {
        Ok(())
    } else {
        Err(StoreError::UnexpectedRows {
            statement,
            expected,
            actual,
        })
    }
}
