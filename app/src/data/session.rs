//! Who is signed in, and what the portal is called.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::UiError;

/// How many people the development sign-in page offers.
#[cfg(feature = "ssr")]
const MAX_CHOICES: usize = 200;

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
        use portico_access::Principal;

        // Without a request (listing routes at start) there is no context.
        let Ok(context) = super::server_context() else {
            return Self::default();
        };
        let title = match &context.principal {
            Principal::User { user_ref, .. } => {
                Some((Some(user_ref.to_string()), user_ref.to_string()))
            }
            Principal::LocalAdmin => Some((None, "Local administrator".to_owned())),
            _ => None,
        };
        let is_admin = context.catalog.authorizer().is_admin(&context.principal);
        Self {
            user: title.map(|(entity_ref, title)| SessionUser {
                entity_ref,
                title,
                is_admin,
            }),
            title: context.portal.title.clone(),
            organization: context.portal.organization.clone(),
            development: context.portal.development,
        }
    }

    #[cfg(not(feature = "ssr"))]
    fn of_request() -> Self {
        Self::default()
    }
}

/// The people the development sign-in page offers.
#[server(prefix = "/_ui", endpoint = "sign-in-choices")]
pub async fn sign_in_choices() -> Result<Vec<SignInChoice>, UiError> {
    let context = super::server_context()?;
    if !context.portal.development {
        return Err(UiError {
            kind: super::UiErrorKind::NotFound,
            message: "no such page".into(),
        });
    }
    let people = context
        .catalog
        .people(MAX_CHOICES)
        .into_iter()
        .map(|person| SignInChoice {
            title: person.label.display_name().to_owned(),
            detail: person.user_ref.clone(),
            value: person.user_ref,
        });
    Ok(people.collect())
}
