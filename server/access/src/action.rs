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
    /// See repositories that Portico keeps, and their change requests.
    ScmRead,
    /// Propose a change to a repository.
    ScmPropose,
    /// Merge or close a change request.
    ScmMerge,
    /// See plugins, what they may touch and how they are doing.
    PluginRead,
    /// Hand in a plugin for review, and comment on it.
    PluginSubmit,
    /// Call a plugin.
    PluginRun,
    /// Approve, activate, limit, stop and revoke plugins; keep connections and publisher keys.
    PluginManage,
    /// Make a repository.
    ScmCreate,
    /// Change the settings of a repository, or add to it what is no file.
    ScmConfigure,
    /// See templates, their forms, and the actions there are.
    TemplateRead,
    /// Run a template: create a task.
    TemplateExecute,
    /// See what a template would do.
    TemplateDryRun,
    /// See tasks, their parameters and what they say.
    TaskRead,
    /// Stop a task.
    TaskCancel,
    /// Let a task that did not end well try again.
    TaskRetry,
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
            Self::ScmRead => "scm.read",
            Self::ScmPropose => "scm.propose",
            Self::ScmMerge => "scm.merge",
            Self::PluginRead => "plugin.read",
            Self::PluginSubmit => "plugin.submit",
            Self::PluginRun => "plugin.run",
            Self::PluginManage => "plugin.manage",
            Self::ScmCreate => "scm.create",
            Self::ScmConfigure => "scm.configure",
            Self::TemplateRead => "scaffolder.template.parameter.read",
            Self::TemplateExecute => "scaffolder.task.create",
            Self::TemplateDryRun => "scaffolder.template.dry-run",
            Self::TaskRead => "scaffolder.task.read",
            Self::TaskCancel => "scaffolder.task.cancel",
            Self::TaskRetry => "scaffolder.task.retry",
        }
    }

    /// The Backstage plugin that the permission belongs to, as access restrictions name it.
    pub fn plugin(self) -> &'static str {
        match self {
            Self::OwnSettings => "user-settings",
            Self::AuditRead => "audit",
            Self::ScmRead
            | Self::ScmPropose
            | Self::ScmMerge
            | Self::ScmCreate
            | Self::ScmConfigure => "scm",
            Self::TemplateRead
            | Self::TemplateExecute
            | Self::TemplateDryRun
            | Self::TaskRead
            | Self::TaskCancel
            | Self::TaskRetry => "scaffolder",
            Self::PluginRead | Self::PluginSubmit | Self::PluginRun | Self::PluginManage => {
                "plugins"
            }
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
            | Self::AuditRead
            | Self::ScmRead
            | Self::PluginRead
            | Self::TemplateRead
            | Self::TemplateDryRun
            | Self::TaskRead => "read",
            Self::EntityRefresh
            | Self::OwnSettings
            | Self::ScmMerge
            | Self::ScmConfigure
            | Self::PluginRun
            | Self::PluginManage
            | Self::TaskCancel
            | Self::TaskRetry => "update",
            Self::LocationCreate
            | Self::ScmPropose
            | Self::ScmCreate
            | Self::PluginSubmit
            | Self::TemplateExecute => "create",
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
            Self::Task { id, .. } => format!("task:{id}"),
        }
    }
}
