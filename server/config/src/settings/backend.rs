//! `backend`: listening address, database, access for services, reading rules.

use std::path::PathBuf;

use crate::Secret;

/// `backend`: the server's own needs.
#[derive(Clone, Debug)]
pub struct BackendConfig {
    /// `backend.listen`; default `127.0.0.1:3000`.
    pub listen: Listen,
    /// `backend.baseUrl`, without a trailing slash.
    pub base_url: Option<String>,
    /// `backend.database`; default SQLite in `data/portico.db`.
    pub database: DatabaseConfig,
    /// `backend.auth.externalAccess`: the static tokens services call with.
    pub external_access: Vec<ExternalAccess>,
    /// `backend.reading.allow`: hosts that may be read although they are not an
    /// integration, including hosts on private addresses.
    pub reading_allow: Vec<ReadingAllow>,
}

/// Where the server accepts connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    /// Host name or address.
    pub host: String,
    /// TCP port; 0 lets the system choose.
    pub port: u16,
}

/// `backend.database`: which engine holds the catalog, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// SQLite in memory: gone when the process ends.
    SqliteMemory,
    /// SQLite in this file.
    SqliteFile(PathBuf),
    /// PostgreSQL at this `postgres://` URL.
    Postgres(Secret),
}

/// One static token of `backend.auth.externalAccess`.
#[derive(Clone, Debug)]
pub struct ExternalAccess {
    /// The bearer token.
    pub token: Secret,
    /// Who the caller is in audit events, for example `ci-pipeline`.
    pub subject: String,
    /// What the token is limited to; empty means everything.
    pub restrictions: Vec<AccessRestriction>,
}

/// One entry of `accessRestrictions`: the token may do this much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRestriction {
    /// Backstage plugin id, for example `catalog`.
    pub plugin: String,
    /// Permission names, for example `catalog.entity.read`; empty means all of the plugin.
    pub permissions: Vec<String>,
    /// Actions (`create`, `read`, `update`, `delete`); empty means all.
    pub actions: Vec<String>,
}

/// One entry of `backend.reading.allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadingAllow {
    /// `host`, `host:port` or `*.domain`, lower-case.
    pub host: String,
    /// Path prefixes; empty means every path.
    pub paths: Vec<String>,
}
