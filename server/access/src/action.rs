//! What can be asked for.

/// One table says everything about an action: its name in audit events and 403 answers, the
/// Backstage plugin it belongs to and what is done (as access restrictions name them), and
/// the types of resources that policies see.
macro_rules! actions {
    ($( $(#[doc = $doc:literal])+ $name:ident = $permission:literal, $plugin:literal, $verb:literal, [$($on:ident),+]; )+) => {
        /// An action that needs permission, named as in the audit log.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $( $(#[doc = $doc])+ $name, )+ }

        impl Action {
            /// Every action there is.
            pub const ALL: &[Self] = &[ $( Self::$name, )+ ];

            /// The permission's name, as in audit events and 403 answers.
            pub fn as_str(self) -> &'static str {
                match self { $( Self::$name => $permission, )+ }
            }

            /// The Backstage plugin that the permission belongs to, as access restrictions name it.
            pub fn plugin(self) -> &'static str {
                match self { $( Self::$name => $plugin, )+ }
            }

            /// What is done (`create`, `read`, `update`, `delete`), as access restrictions name it.
            pub fn verb(self) -> &'static str {
                match self { $( Self::$name => $verb, )+ }
            }

            /// The types of what it may be done to, as policies name them; the first is what
            /// lists are of.
            pub fn on(self) -> &'static [ResourceType] {
                match self { $( Self::$name => &[ $( ResourceType::$on, )+ ], )+ }
            }

            /// What it means, for whoever writes a policy.
            pub fn about(self) -> &'static str {
                match self { $( Self::$name => concat!($( $doc ),+).trim_ascii_start(), )+ }
            }
        }
    };
}

actions! {
    /// See entities, facets, search results.
    EntityRead = "catalog.entity.read", "catalog", "read", [Entity];
    /// Ask for an entity's source to be read again.
    EntityRefresh = "catalog.entity.refresh", "catalog", "update", [Entity];
    /// Remove an entity.
    EntityDelete = "catalog.entity.delete", "catalog", "delete", [Entity];
    /// Check a document without storing it.
    EntityValidate = "catalog.entity.validate", "catalog", "read", [Portal];
    /// See registered locations.
    LocationRead = "catalog.location.read", "catalog", "read", [Location];
    /// Register a location.
    LocationCreate = "catalog.location.create", "catalog", "create", [Location];
    /// Unregister a location.
    LocationDelete = "catalog.location.delete", "catalog", "delete", [Location];
    /// See sources, their state and problems.
    IngestionRead = "catalog.ingestion.read", "catalog", "read", [Portal];
    /// Change one's own settings (starred entities, table columns).
    OwnSettings = "settings.own", "user-settings", "update", [Portal];
    /// Read the audit log.
    AuditRead = "audit.read", "audit", "read", [Portal];
    /// See repositories that Portico keeps, and their change requests.
    ScmRead = "scm.read", "scm", "read", [Repository];
    /// Propose a change to a repository.
    ScmPropose = "scm.propose", "scm", "create", [Repository];
    /// Merge or close a change request.
    ScmMerge = "scm.merge", "scm", "update", [Repository];
    /// See plugins, what they may touch and how they are doing.
    PluginRead = "plugin.read", "plugins", "read", [Plugin, Portal];
    /// Hand in a plugin for review, and comment on it.
    PluginSubmit = "plugin.submit", "plugins", "create", [Plugin, Portal];
    /// Call a plugin: a check, an action in a task or in a dry run.
    PluginRun = "plugin.run", "plugins", "update", [Plugin, Portal];
    /// Approve, activate, limit, stop and revoke plugins, try actions for real and providers; keep connections and publisher keys.
    PluginManage = "plugin.manage", "plugins", "update", [Plugin, Connection, PublisherKey, Portal];
    /// Make a repository.
    ScmCreate = "scm.create", "scm", "create", [Repository];
    /// Change the settings of a repository, or add to it what is no file.
    ScmConfigure = "scm.configure", "scm", "update", [Repository];
    /// See templates, their forms, and the actions there are.
    TemplateRead = "scaffolder.template.parameter.read", "scaffolder", "read", [Entity, Portal];
    /// Run a template: create a task.
    TemplateExecute = "scaffolder.task.create", "scaffolder", "create", [Entity, Portal];
    /// See what a template would do.
    TemplateDryRun = "scaffolder.template.dry-run", "scaffolder", "read", [Entity, Portal];
    /// See tasks, their parameters and what they say.
    TaskRead = "scaffolder.task.read", "scaffolder", "read", [Task];
    /// Stop a task.
    TaskCancel = "scaffolder.task.cancel", "scaffolder", "update", [Task];
    /// Let a task that did not end well try again.
    TaskRetry = "scaffolder.task.retry", "scaffolder", "update", [Task];
    /// Decide whether a task, or a step of one, is done.
    TaskApprove = "scaffolder.task.approve", "scaffolder", "update", [Approval, Task];
    /// Write scorecards: which checks there are, for whom, and what they ask.
    ScorecardManage = "scorecard.manage", "scorecards", "update", [Portal];
    /// See the policies, and ask why something is allowed or denied.
    PolicyRead = "policy.read", "permission", "read", [Portal];
    /// Change the policies.
    PolicyManage = "policy.manage", "permission", "update", [Portal];
    /// See and end one's own sessions.
    SessionOwn = "session.own", "session", "update", [Portal];
    /// See and end the sessions of others.
    SessionManage = "session.manage", "session", "update", [Portal];
    /// Make, see and revoke one's own access tokens.
    TokenManageOwn = "token.own", "token", "update", [Portal];
    /// See and revoke the tokens of others; make tokens for services.
    TokenManage = "token.manage", "token", "update", [Portal];
}

impl Action {
    /// The action with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == name)
    }
}

/// The type of a resource, as policies name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// The portal itself: whatever is about nothing in particular.
    Portal,
    /// An entity of the catalog, templates included.
    Entity,
    /// A registered location.
    Location,
    /// A repository.
    Repository,
    /// A plugin.
    Plugin,
    /// A connection of plugins.
    Connection,
    /// A publisher's key.
    PublisherKey,
    /// A task of the scaffolder.
    Task,
    /// A question about a task.
    Approval,
}

impl ResourceType {
    /// The type's name in policies.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Portal => "Portal",
            Self::Entity => "Entity",
            Self::Location => "Location",
            Self::Repository => "Repository",
            Self::Plugin => "Plugin",
            Self::Connection => "Connection",
            Self::PublisherKey => "PublisherKey",
            Self::Task => "Task",
            Self::Approval => "Approval",
        }
    }
}
