//! A browser at another machine: it keeps cookies.

use std::collections::BTreeMap;

use axum::http::{Method, StatusCode};
use portico_testkit::OidcPeer;

use crate::support::{Answer, Portal};

const START: &str = "/api/auth/microsoft/start";
const FRAME: &str = "/api/auth/microsoft/handler/frame";
const MIXER: &str = "/api/catalog/entities/by-name/component/default/mixer";

#[derive(Clone)]
pub struct Browser<'a> {
    portal: &'a Portal,
    pub cookies: BTreeMap<String, String>,
}

impl<'a> Browser<'a> {
    pub fn new(portal: &'a Portal) -> Self {
        Self {
            portal,
            cookies: BTreeMap::new(),
        }
    }

    pub async fn send(&mut self, method: Method, path: &str) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let call = self
            .portal
            .request(method, path)
            .remote()
            .header("cookie", &cookies.join("; "));
        let answer = self.portal.send(call).await;
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Where a click leads, at the portal or at the provider.
    pub async fn led(&mut self, path: &str) -> String {
        let answer = self.send(Method::GET, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer.header("location").unwrap().to_owned()
    }

    /// Begins to sign in: the address at the provider.
    pub async fn start(&mut self) -> String {
        self.led(&format!("{START}?return_to=/catalog")).await
    }

    /// Comes back with a query.
    pub async fn back(&mut self, query: &str) -> String {
        self.led(&format!("{FRAME}?{query}")).await
    }

    /// All of it: where the browser ends up.
    pub async fn sign_in(&mut self, peer: &OidcPeer) -> String {
        let authorize = self.start().await;
        let query = peer.sign_in(&authorize);
        self.back(&query).await
    }

    /// Whether the portal knows who it is.
    pub async fn is_signed_in(&mut self) -> bool {
        let answer = self.send(Method::GET, MIXER).await;
        match answer.status {
            StatusCode::OK => true,
            StatusCode::UNAUTHORIZED => false,
            other => panic!("{other}: {}", answer.text()),
        }
    }

    /// The roles of the sessions of somebody.
    pub async fn roles_of(&self, subject: &str) -> Vec<String> {
        let sessions = self.portal.catalog.store().sessions_of(subject, 0).await;
        let sessions = sessions.unwrap();
        assert_eq!(sessions.len(), 1, "sessions of {subject}");
        serde_json::from_str(&sessions[0].roles).unwrap()
    }
}

/// The code that the sign-in page is shown with.
#[track_caller]
pub fn code(location: &str) -> String {
    let (page, query) = location.split_once('?').unwrap_or((location, ""));
    assert_eq!(page, "/sign-in", "{location}");
    let code = query.split('&').find_map(|it| it.strip_prefix("error="));
    code.unwrap().to_owned()
}
