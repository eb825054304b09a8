//! Comments of reviewers, keys of publishers, connections.

use uuid::Uuid;

use crate::{
    AuditEvent, PluginCommentRow, PublisherKeyRow, Store, StoreError,
    engine::{execute, fetch_all},
};

impl Store {
    /// What was said of a version, oldest first.
    pub async fn plugin_comments(&self, digest: &str) -> Result<Vec<PluginCommentRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select author, at, body from plugin_comment where digest = $1 order by at, id",
            digest
        )?)
    }

    /// Adds a comment to a version that exists.
    pub async fn comment_on_plugin(
        &self,
        digest: &str,
        comment: &PluginCommentRow,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut change = self.change_plugins().await?;
        execute!(
            change,
            "insert into plugin_comment (id, digest, author, at, body)
             values ($1, $2, $3, $4, $5)",
            Uuid::now_v7(),
            digest,
            &comment.author,
            comment.at,
            &comment.body
        )?;
        change.commit(audit).await
    }

    /// Every key, revoked ones too.
    pub async fn publisher_keys(&self) -> Result<Vec<PublisherKeyRow>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select id, publisher, key, namespaces, revoked from publisher_key
             order by publisher, id"
        )?)
    }

    /// Adds a key, or changes what is known of it.
    pub async fn put_publisher_key(
        &self,
        row: &PublisherKeyRow,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut change = self.change_plugins().await?;
        execute!(
            change,
            "insert into publisher_key (id, publisher, key, namespaces, revoked)
             values ($1, $2, $3, $4, $5)
             on conflict (id) do update set publisher = excluded.publisher,
                 namespaces = excluded.namespaces, revoked = excluded.revoked",
            &row.id,
            &row.publisher,
            &row.key,
            &row.namespaces,
            row.revoked.as_deref()
        )?;
        change.commit(audit).await
    }

    /// Every connection: its name, and what it is as JSON.
    pub async fn connections(&self) -> Result<Vec<(String, String)>, StoreError> {
        let mut db = self.read().await?;
        Ok(fetch_all!(
            db,
            "select name, spec from connection order by name"
        )?)
    }

    /// Writes a connection.
    pub async fn put_connection(
        &self,
        name: &str,
        spec: &str,
        audit: &AuditEvent,
    ) -> Result<(), StoreError> {
        let mut change = self.change_plugins().await?;
        execute!(
            change,
            "insert into connection (name, spec) values ($1, $2)
             on conflict (name) do update set spec = excluded.spec",
            name,
            spec
        )?;
        change.commit(audit).await
    }

    /// Removes a connection. False when there is none of this name.
    pub async fn remove_connection(
        &self,
        name: &str,
        audit: &AuditEvent,
    ) -> Result<bool, StoreError> {
        let mut change = self.change_plugins().await?;
        if execute!(change, "delete from connection where name = $1", name)? == 0 {
            return Ok(false);
        }
        change.commit(audit).await?;
        Ok(true)
    }
}
