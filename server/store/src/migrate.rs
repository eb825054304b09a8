//! The schema: embedded migrations, and the refusal of what this program does not know.

use sqlx::{
    Connection,
    migrate::{Migrate, MigrateError, Migrator},
};

use crate::{
    SchemaState, Store, StoreError,
    engine::{Engine, fetch_one, fetch_optional},
};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

impl Store {
    /// Brings the schema up to date. Each migration and the note that it ran are one
    /// transaction, so an interrupted one leaves nothing behind; on PostgreSQL an advisory
    /// lock makes replicas that start together take turns.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let state = self.schema_state().await?;
        if state.current > state.known {
            return Err(newer(state));
        }
        let outcome = match self.engine() {
            Engine::Sqlite { write, .. } => run(&SQLITE, &mut *write.acquire().await?).await,
            Engine::Postgres(pool) => {
                // The advisory lock lives as long as its session: use one of our own and end
                // it, so that a failed migration cannot leave the lock in the pool.
                let mut session = pool.acquire().await?.detach();
                let outcome = run(&POSTGRES, &mut session).await;
                session.close().await?;
                outcome
            }
        };
        outcome.map_err(|error| explain(error, state))?;
        self.begin_audit_chain().await
    }

    /// Which schema the database has, and which this program brings.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let known = self
            .migrator()
            .iter()
            .map(|migration| migration.version)
            .max()
            .unwrap_or(0);
        let mut db = self.read().await?;
        let exists = crate::engine::Sql {
            sqlite: "select 1 from sqlite_master where name = '_sqlx_migrations'",
            postgres: "select 1 where to_regclass('_sqlx_migrations') is not null",
        };
        let exists: Option<(i32,)> = fetch_optional!(db, exists)?;
        let current = if exists.is_some() {
            let (version,): (Option<i64>,) =
                fetch_one!(db, "select max(version) from _sqlx_migrations")?;
            version.unwrap_or(0)
        } else {
            0
        };
        Ok(SchemaState { current, known })
    }

    fn migrator(&self) -> &'static Migrator {
        match self.engine() {
            Engine::Sqlite { .. } => &SQLITE,
            Engine::Postgres(_) => &POSTGRES,
        }
    }
}

async fn run<C: Migrate>(migrator: &Migrator, connection: &mut C) -> Result<(), MigrateError> {
    migrator.run_direct(None, connection, false).await
}

fn newer(state: SchemaState) -> StoreError {
    StoreError::SchemaNewer {
        found: state.current,
        known: state.known,
    }
}

fn explain(error: MigrateError, state: SchemaState) -> StoreError {
    let (version, explanation) = match error {
        MigrateError::Execute(error) => return StoreError::Driver(error),
        // Another replica, newer than this one, migrated between our check and our lock.
        MigrateError::VersionMissing(found) if found > state.known => {
            return StoreError::SchemaNewer {
                found,
                known: state.known,
            };
        }
        MigrateError::ExecuteMigration(error, version) => (
            version,
            format!("failed and was undone; the database is as it was before it: {error}"),
        ),
        MigrateError::Dirty(version) => (
            version,
            "was interrupted half-way (its row in `_sqlx_migrations` says success = false): \
             restore the backup made before the upgrade, or, if the tables are complete, set \
             success to true in that row; then start portico again"
                .to_owned(),
        ),
        MigrateError::VersionMismatch(version) => (
            version,
            "was applied with another text than this portico brings: the database was made by \
             a different build; use that build, or start from an empty database"
                .to_owned(),
        ),
        MigrateError::VersionMissing(version) => (
            version,
            "was applied to this database but this portico does not know it: the database was \
             made by a different build; use that build, or start from an empty database"
                .to_owned(),
        ),
        other => (state.known, format!("could not be run: {other}")),
    };
    StoreError::Migration {
        version,
        explanation,
    }
}
