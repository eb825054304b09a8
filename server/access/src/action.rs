//! What can be asked for.

/// An action that needs permission, named as in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See entities, facets, search results.
    EntityRead,
    /// Ask for an entity's source to be read again.
    EntityRefresh,
    /// Remove an entity.
    EntityDelete,
    /// Check a document without storing it.
    EntityValidate,
    /// See registered locations.
    LocationRead,
    /// Register a location.
    LocationCreate,
    /// Unregister a location.
    LocationDelete,
    /// See sources, their state and problems.
    IngestionRead,
    /// Change one's own settings (starred entities, table columns).
    OwnSettings,
    /// Read the audit log.
    AuditRead,
}

impl Action {
    /// The permission's name, as in audit events and 403 answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EntityRead => "catalog.entity.read",
            Self::EntityRefresh => "catalog.entity.refresh",
            Self::EntityDelete => "catalog.entity.delete",
            Self::EntityValidate => "catalog.entity.validate",
            Self::LocationRead => "catalog.location.read",
            Self::LocationCreate => "catalog.location.create",
            Self::LocationDelete => "catalog.location.delete",
            Self::IngestionRead => "catalog.ingestion.read",
            Self::OwnSettings => "settings.own",
            Self::AuditRead => "audit.read",
        }
    }

    /// The Backstage plugin that the permission belongs to, as access restrictions name it.
    pub fn plugin(self) -> &'static str {
        match self {
            Self::OwnSettings => "user-settings",
            Self::AuditRead => "audit",
            _ => "catalog",
        }
    }

    /// What is done (`create`, `read`, `update`, `delete`), as access restrictions name it.
    pub fn verb(self) -> &'static str {
        match self {
            Self::EntityRead
            | Self::EntityValidate
            | Self::LocationRead
            | Self::IngestionRead
            | Self::AuditRead => "read",
            Self::EntityRefresh | Self::OwnSettings => "update",
            Self::LocationCreate => "create",
            Self::EntityDelete | Self::LocationDelete => "delete",
        }
    }
}

/// What an action is about.
#[derive(Clone, Copy, Debug)]
pub enum Resource<'a> {
    /// Nothing in particular: a list, the portal.
    Any,
    /// One entity with the refs of its owners.
    Entity {
        /// Full reference.
        entity_ref: &'a str,
        /// Targets of its `ownedBy` relations.
        owners: &'a [String],
    },
    /// A registered location, and who registered it.
    Location {
        /// `type:target`.
        target: &'a str,
        /// The user ref of who registered it.
        created_by: Option<&'a str>,
    },
}

impl Resource<'_> {
    /// How audit events name the resource.
    pub fn label(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Entity { entity_ref, .. } => (*entity_ref).to_owned(),
            Self::Location { target, .. } => format!("location:{target}"),
        }
    }
}
