//! Who is signed in, and what the portal is called.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// The session of the page, the same on the server and in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who is signed in.
    pub user: Option<SessionUser>,
    /// What they may do in the portal.
    pub rights: Vec<Right>,
    /// The portal's title.
    pub title: String,
    /// The organization's name.
    pub organization: String,
    /// Whether the portal runs in development mode.
    pub development: bool,
}

/// The person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionUser {
    /// The person's `User` entity; none for the local administrator.
    pub entity_ref: Option<String>,
    /// The name to show.
    pub title: String,
    /// Whether they administer the portal.
    pub is_admin: bool,
}

/// What is offered on every page, to those who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Right {
    /// See the catalog.
    ReadCatalog,
    /// See templates and the actions they are made of.
    ReadTemplates,
    /// See what templates did.
    ReadTasks,
    /// See sources and their problems.
    ReadSources,
    /// See the repositories that the portal keeps.
    ReadRepositories,
    /// See plugins.
    ReadPlugins,
    /// Try what a template would do.
    DryRun,
    /// Propose changes to repositories.
    Propose,
    /// Keep settings of one's own, such as stars.
    OwnSettings,
    /// Register a location.
    Register,
    /// Read the audit log.
    ReadAudit,
    /// Read the policies.
    ReadPolicies,
    /// Look after one's own access tokens.
    OwnTokens,
    /// Look after one's own sessions.
    OwnSessions,
    /// Look after the tokens of services, and those of others.
    ManageTokens,
    /// Look after the sessions of others.
    ManageSessions,
}

/// One person to continue as, on the development sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInChoice {
    /// Value of the form's `user` field.
    pub value: String,
    /// The name to show.
    pub title: String,
    /// What they are: their job, their team, or their ref.
    pub detail: String,
}

/// A provider to sign in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInProvider {
    /// Its name in addresses.
    pub id: String,
    /// What to call it.
    pub title: String,
}

impl Session {
    /// Whether the services would let them.
    pub fn may(&self, right: Right) -> bool {
        self.rights.contains(&right)
    }

    /// Whether there are access tokens for them to look after: people of the catalog have their
    /// own, administrators those of others.
    pub fn has_tokens(&self) -> bool {
        let is_person = |user: &SessionUser| user.entity_ref.is_some();
        self.may(Right::ManageTokens)
            || (self.may(Right::OwnTokens) && self.user.as_ref().is_some_and(is_person))
    }

    /// The session of the request on the server, the same value in the browser.
    ///
    /// It travels with the page, so nothing waits for it; signing in and out
    /// load a new page.
    pub fn current() -> Self {
        SharedValue::new(Self::of_request).into_inner()
    }

    #[cfg(feature = "ssr")]
    fn of_request() -> Self {
        // Without a request (listing the routes at start) there is no context.
        super::server_context()
            .map_or_else(|_| Self::default(), |context| server::session(&context))
    }

    #[cfg(not(feature = "ssr"))]
    fn of_request() -> Self {
        Self::default()
    }
}

/// The people the development sign-in page offers; nobody outside of development.
#[server(prefix = "/_ui", endpoint = "sign-in-choices", input = Json, output = Json)]
pub async fn sign_in_choices() -> Result<Vec<SignInChoice>, UiError> {
    Ok(server::choices(&super::server_context()?))
}

/// The providers to sign in with, for anybody.
#[server(prefix = "/_ui", endpoint = "sign-in-providers", input = Json, output = Json)]
pub async fn sign_in_providers() -> Result<Vec<SignInProvider>, UiError> {
    Ok(server::providers(&super::server_context()?))
}

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{Action, LOCAL_ADMIN, Principal, Resource};
    use portico_catalog::Person;

    use super::{Right, Session, SessionUser, SignInChoice, SignInProvider};
    use crate::{ServerContext, data::EntityLabel};

    /// How many people the page lists; the form takes any other by its ref.
    const MAX_CHOICES: usize = 50;

    /// Which permission each right is.
    const RIGHTS: [(Right, Action); 16] = [
        (Right::ReadCatalog, Action::EntityRead),
        (Right::ReadTemplates, Action::TemplateRead),
        (Right::ReadTasks, Action::TaskRead),
        (Right::ReadSources, Action::IngestionRead),
        (Right::ReadRepositories, Action::ScmRead),
        (Right::ReadPlugins, Action::PluginRead),
        (Right::DryRun, Action::TemplateDryRun),
        (Right::Propose, Action::ScmPropose),
        (Right::OwnSettings, Action::OwnSettings),
        (Right::Register, Action::LocationCreate),
        (Right::ReadAudit, Action::AuditRead),
        (Right::ReadPolicies, Action::PolicyRead),
        (Right::OwnTokens, Action::TokenManageOwn),
        (Right::OwnSessions, Action::SessionOwn),
        (Right::ManageTokens, Action::TokenManage),
        (Right::ManageSessions, Action::SessionManage),
    ];

    const LOCAL_ADMIN_TITLE: &str = "Local administrator";

    pub(super) fn session(context: &ServerContext) -> Session {
        let (catalog, who) = (&context.catalog, &context.principal);
        let is_admin = catalog.authorizer().is_admin(who);
        let user = match who {
            Principal::User { user_ref, .. } => Some(SessionUser {
                entity_ref: Some(user_ref.to_string()),
                title: EntityLabel::of(catalog, who, user_ref).title,
                is_admin,
            }),
            Principal::LocalAdmin => Some(SessionUser {
                entity_ref: None,
                title: LOCAL_ADMIN_TITLE.to_owned(),
                is_admin,
            }),
            Principal::Guest { subject, .. } => Some(SessionUser {
                entity_ref: None,
                title: subject.to_string(),
                is_admin,
            }),
            Principal::Anonymous
            | Principal::Service { .. }
            | Principal::Workload { .. }
            | Principal::Token { .. }
            | Principal::System => None,
        };
        let portal = &context.portal;
        let rights = RIGHTS.into_iter().filter(|(_, action)| {
            let authorizer = catalog.authorizer();
            authorizer.allows(who, *action, &Resource::Any)
        });
        Session {
            user,
            rights: rights.map(|(right, _)| right).collect(),
            title: portal.title.clone(),
            organization: portal.organization.clone(),
            development: portal.development,
        }
    }

    pub(super) fn providers(context: &ServerContext) -> Vec<SignInProvider> {
        let providers = context.catalog.config().auth.providers.iter();
        providers
            .map(|provider| SignInProvider {
                id: provider.id().to_owned(),
                title: provider.title.clone(),
            })
            .collect()
    }

    pub(super) fn choices(context: &ServerContext) -> Vec<SignInChoice> {
        if !context.portal.development {
            return Vec::new();
        }
        let admin = SignInChoice {
            value: LOCAL_ADMIN.to_owned(),
            title: LOCAL_ADMIN_TITLE.to_owned(),
            detail: "Administers this portal; not a person of the catalog".to_owned(),
        };
        let people = context.catalog.people(MAX_CHOICES);
        std::iter::once(admin)
            .chain(people.into_iter().map(SignInChoice::from))
            .collect()
    }

    impl From<Person> for SignInChoice {
        fn from(person: Person) -> Self {
            let title = person.label.display_name().to_owned();
            let detail = person
                .label
                .description
                .as_deref()
                .map_or_else(|| person.user_ref.clone(), str::to_owned);
            Self {
                value: person.user_ref,
                title,
                detail,
            }
        }
    }
}
