//! Who is signed in, and what the portal is called.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// The session of the page, the same on the server and in the browser.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Who is signed in.
    pub user: Option<SessionUser>,
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

impl Session {
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

#[cfg(feature = "ssr")]
mod server {
    use portico_access::{LOCAL_ADMIN, Principal};
    use portico_catalog::Person;

    use super::{Session, SessionUser, SignInChoice};
    use crate::{ServerContext, data::EntityLabel};

    /// How many people the page lists; the form takes any other by its ref.
    const MAX_CHOICES: usize = 50;

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
            Principal::Anonymous | Principal::Service { .. } | Principal::System => None,
        };
        let portal = &context.portal;
        Session {
            user,
            title: portal.title.clone(),
            organization: portal.organization.clone(),
            development: portal.development,
        }
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
