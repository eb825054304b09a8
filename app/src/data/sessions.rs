//! The browsers that are signed in as somebody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Json, UiError};

/// The page of sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsView {
    /// The one used last first.
    pub sessions: Vec<SessionRow>,
    /// The server's clock, in milliseconds since the epoch.
    pub now: i64,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The browser and the system, as far as it says.
    pub device: String,
    /// The same in its own words.
    pub user_agent: String,
    /// Where it signed in from.
    pub address: Option<String>,
    /// `development`, or the id of the sign-in provider.
    pub provider: String,
    /// Whether it is the browser that asks.
    pub current: bool,
    /// When it began, in milliseconds since the epoch.
    pub created_at: i64,
    /// When it was last used.
    pub last_seen_at: i64,
}

/// The sessions of the caller, or of somebody else for administrators.
#[server(prefix = "/_ui", endpoint = "sessions", input = Json, output = Json)]
pub async fn load_sessions(user: Option<String>) -> Result<SessionsView, UiError> {
    let context = super::server_context()?;
    let current = context.session.as_ref().map(|it| it.id);
    let sessions = context
        .identity
        .sessions_of(&context.principal, user.as_deref())
        .await?;
    let rows = sessions.into_iter().map(|it| SessionRow {
        id: it.id.to_string(),
        device: device(it.user_agent.as_deref().unwrap_or_default()),
        user_agent: it.user_agent.unwrap_or_default(),
        address: it.address,
        provider: it.provider,
        current: current == Some(it.id),
        created_at: it.created_at,
        last_seen_at: it.last_seen_at,
    });
    Ok(SessionsView {
        sessions: rows.collect(),
        now: super::now_millis(),
    })
}

/// Signs one browser out.
#[server(prefix = "/_ui", endpoint = "end-session", input = Json, output = Json)]
pub async fn end_session(id: String) -> Result<(), UiError> {
    let context = super::server_context()?;
    let id = id.parse().map_err(|_| UiError::invalid("no session id"))?;
    Ok(context
        .identity
        .revoke_session(&context.principal, id)
        .await?)
}

/// Signs all other browsers of the caller out, or all of somebody else's for administrators.
/// How many.
#[server(prefix = "/_ui", endpoint = "end-sessions", input = Json, output = Json)]
pub async fn end_sessions(user: Option<String>) -> Result<u64, UiError> {
    let context = super::server_context()?;
    let current = context.session.as_deref();
    Ok(context
        .identity
        .revoke_sessions_of(&context.principal, user.as_deref(), current)
        .await?)
}

/// What browsers write of themselves, the more special before what it claims to be too.
#[cfg(feature = "ssr")]
const BROWSERS: [(&str, &str); 6] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];

#[cfg(feature = "ssr")]
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

#[cfg(feature = "ssr")]
fn device(user_agent: &str) -> String {
    let known = |names: &[(&str, &'static str)]| {
        let found = names.iter().find(|(mark, _)| user_agent.contains(mark));
        found.map(|(_, name)| *name)
    };
    match (known(&BROWSERS), known(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Unknown browser".to_owned(),
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::device;

    #[test]
    fn browsers_are_known_by_what_they_say() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(device(firefox), "Firefox on Linux");
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        assert_eq!(device(edge), "Edge on Windows");
        let safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) \
                      AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(device(safari), "Safari on iOS");
        assert_eq!(device("curl/8.5.0"), "curl");
        assert_eq!(device(""), "Unknown browser");
    }
}
