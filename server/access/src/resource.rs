//! What an action is about.

use crate::ResourceType;

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
        /// The owners of each entity that would go with it, where it is about that.
        goes: &'a [Vec<String>],
    },
    /// A repository, and the owners of what lives in it.
    Repository {
        /// `local:NAME`, or a URL.
        url: &'a str,
        /// Refs of the owners.
        owners: &'a [String],
    },
    /// A plugin, by its id, or one version of it, by `id@version`.
    Plugin(&'a str),
    /// A connection plugins send requests through, by its name.
    Connection(&'a str),
    /// A publisher's key, by its id.
    PublisherKey(&'a str),
    /// A template, by its reference.
    Template(&'a str),
    /// A task of the scaffolder.
    Task {
        /// Its id.
        id: &'a str,
        /// Who created it, as audit events name principals.
        created_by: &'a str,
    },
    /// A question about a task: may it be done?
    Approval {
        /// The id of the task.
        task: &'a str,
        /// Who created the task, as audit events name principals.
        created_by: &'a str,
        /// Refs of who is asked.
        by: &'a [String],
        /// Whether it takes somebody else than who created the task.
        four_eyes: bool,
    },
}

impl Resource<'_> {
    /// How audit events name the resource.
    pub fn label(&self) -> String {
        match self {
            Self::Any => "*".to_owned(),
            Self::Entity { entity_ref, .. } => (*entity_ref).to_owned(),
            Self::Location { target, .. } => format!("location:{target}"),
            Self::Repository { url, .. } => format!("repository:{url}"),
            Self::Plugin(id) => format!("plugin:{id}"),
            Self::Connection(name) => format!("connection:{name}"),
            Self::PublisherKey(id) => format!("publisher-key:{id}"),
            Self::Template(template) => (*template).to_owned(),
            Self::Task { id, .. } | Self::Approval { task: id, .. } => format!("task:{id}"),
        }
    }
}

impl Resource<'_> {
    /// The resource's type, as policies name it; `None` for [`Resource::Any`].
    pub(crate) fn kind(&self) -> Option<ResourceType> {
        Some(match self {
            Self::Any => return None,
            Self::Entity { .. } | Self::Template(_) => ResourceType::Entity,
            Self::Location { .. } => ResourceType::Location,
            Self::Repository { .. } => ResourceType::Repository,
            Self::Plugin(_) => ResourceType::Plugin,
            Self::Connection(_) => ResourceType::Connection,
            Self::PublisherKey(_) => ResourceType::PublisherKey,
            Self::Task { .. } => ResourceType::Task,
            Self::Approval { .. } => ResourceType::Approval,
        })
    }
}
