//! Locations that people registered.

use uuid::Uuid;

use crate::{
    AuditEvent, LocationRow, Millis, SourceKey, Store, StoreError, audit,
    engine::{execute, fetch_all, fetch_optional},
    sources::{HeldSource, hold},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    target: String,
    created_by: Option<String>,
    created_at: Millis,
}

impl Store {
    /// Registers a location; its source is due at once. True, and nothing is written, when it
    /// was registered already.
    pub async fn add_location(
        &self,
        key: &SourceKey,
        created_by: Option<&str>,
        audit: &AuditEvent,
        now: Millis,
    ) -> Result<(LocationRow, bool), StoreError> {
        let mut write = self.write().await?;
        let found: Option<Row> = fetch_optional!(
            write,
            "select id, kind, target, created_by, created_at
             from location where kind = $1 and target = $2",
            &key.kind,
            &key.target
        )?;
        if let Some(row) = found {
            return Ok((row.into(), true));
        }
        let row = LocationRow {
            id: Uuid::now_v7(),
            key: key.clone(),
            created_by: created_by.map(str::to_owned),
            created_at: now,
        };
        execute!(
            write,
            "insert into location (id, kind, target, created_by, created_at)
             values ($1, $2, $3, $4, $5)",
            row.id,
            &key.kind,
            &key.target,
            created_by,
            now
        )?;
        let source = HeldSource::root(key);
        hold(&mut write, std::slice::from_ref(&source), now).await?;
        execute!(
            write,
            "insert into edge (source_id, parent_kind, parent, optional)
             values ($1, 'location', $2, $3)",
            &source.id,
            row.id,
            false
        )?;
        audit::append(write.conn(), audit).await?;
        write.commit(self).await?;
        Ok((row, false))
    }

    /// All registered locations, oldest first.
    pub async fn list_locations(&self) -> Result<Vec<LocationRow>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<Row> = fetch_all!(
            db,
            "select id, kind, target, created_by, created_at from location
             order by created_at, id"
        )?;
        Ok(rows.into_iter().map(LocationRow::from).collect())
    }

    /// The location with this id.
    pub async fn get_location(&self, id: Uuid) -> Result<Option<LocationRow>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<Row> = fetch_optional!(
            db,
            "select id, kind, target, created_by, created_at from location where id = $1",
            id
        )?;
        Ok(row.map(LocationRow::from))
    }

    /// The location with this type and target.
    pub async fn location_by_key(
        &self,
        key: &SourceKey,
    ) -> Result<Option<LocationRow>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<Row> = fetch_optional!(
            db,
            "select id, kind, target, created_by, created_at
             from location where kind = $1 and target = $2",
            &key.kind,
            &key.target
        )?;
        Ok(row.map(LocationRow::from))
    }

    /// Forgets a location. Its source stays until [`Store::remove_unreachable`], for something
    /// else may hold it. False when there is no such location; nothing is written then.
    pub async fn remove_location(&self, id: Uuid, audit: &AuditEvent) -> Result<bool, StoreError> {
        let mut write = self.write().await?;
        if execute!(write, "delete from location where id = $1", id)? == 0 {
            return Ok(false);
        }
        execute!(
            write,
            "delete from edge where parent_kind = 'location' and parent = $1",
            id
        )?;
        audit::append(write.conn(), audit).await?;
        write.commit(self).await?;
        Ok(true)
    }
}

impl From<Row> for LocationRow {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            key: SourceKey {
                kind: row.kind,
                target: row.target,
            },
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}
