//! Capability `http`: requests through connections.
//!
//! The platform team defines a connection: where it leads and how to sign in there. The plugin
//! names it, and never sees the credentials.
//!
//! ```
//! use portico_plugin_sdk::{Value, http, json, mock};
//!
//! let host = mock::Host::new();
//! host.respond("cmdb", "GET /servers?page=1", http::Response::json(200, &json!([{"name": "a"}])));
//!
//! let servers: Vec<Value> = http::get("cmdb", "/servers?page=1")
//!     .header("accept", "application/json")
//!     .send()?
//!     .success()?
//!     .parse()?;
//! assert_eq!(servers.len(), 1);
//! # portico_plugin_sdk::Result::<()>::Ok(())
//! ```

use serde::{Serialize, de::DeserializeOwned};

use crate::{Context as _, HostResult, Result, bail, entity, host};

/// What to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The name of a connection granted to this plugin.
    pub connection: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// Appended to the connection's base URL: a path, and a query if any.
    pub path: String,
    /// Beside those of the connection.
    pub headers: Vec<(String, String)>,
    /// When there is one.
    pub body: Option<Vec<u8>>,
}

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The whole body, decompressed.
    pub body: Vec<u8>,
}

/// A `GET` request.
pub fn get(connection: impl Into<String>, path: impl Into<String>) -> Request {
    Request::new("GET", connection, path)
}

/// A `POST` request.
pub fn post(connection: impl Into<String>, path: impl Into<String>) -> Request {
    Request::new("POST", connection, path)
}

impl Request {
    /// A request of any method.
    pub fn new(
        method: impl Into<String>,
        connection: impl Into<String>,
        path: impl Into<String>,
    ) -> Self {
        Self {
            connection: connection.into(),
            method: method.into(),
            path: path.into(),
            headers: Vec::new(),
            body: None,
        }
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// With a JSON body, and the header that says so.
    pub fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body).context("the body cannot be written as JSON")?;
        Ok(self.header("content-type", "application/json").body(body))
    }

    /// Sends it and waits for the whole answer. A status such as 404 is an answer, not an error.
    pub fn send(self) -> HostResult<Response> {
        host::http_send(self)
    }
}

impl Response {
    /// An answer with a JSON body, for tests.
    pub fn json(status: u16, body: &impl Serialize) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: serde_json::to_vec(body).unwrap_or_default(),
        }
    }

    /// The answer, unless its status is one of failure.
    pub fn success(self) -> Result<Self> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        let text = self.text();
        let start: String = text.chars().take(200).collect();
        bail!("the answer has the status {}: {start}", self.status);
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text. What is not UTF-8 in it is replaced by `�`.
    pub fn text(&self) -> String {
        entity::text(&self.body)
    }

    /// The body as JSON.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).context("the answer is not the JSON that is expected")
    }
}
