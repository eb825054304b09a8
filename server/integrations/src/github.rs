//! Calling the API of a GitHub host.

mod app;

use portico_config::{GitHubIntegration, Secret};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, IF_NONE_MATCH};
use url::Url;

use crate::{Answer, Body, HostError, Http, Repeat, Request};

pub use app::AppTokens;

/// The content of a file as it is.
pub const RAW: &str = "application/vnd.github.raw+json";
/// Everything else.
pub const JSON: &str = "application/vnd.github+json";
const API_VERSION_HEADER: HeaderName = HeaderName::from_static("x-github-api-version");
const API_VERSION: HeaderValue = HeaderValue::from_static("2022-11-28");

/// The API of one GitHub host, signed in (or not) for one owner.
#[derive(Clone)]
pub struct GitHubApi<'a> {
    pub(crate) http: &'a Http,
    pub(crate) integration: &'a GitHubIntegration,
    pub(crate) credential: Option<Credential>,
    pub(crate) target: &'a str,
    pub(crate) patient: bool,
}

/// One call.
#[derive(Clone, Debug)]
pub struct GitHubCall {
    method: Method,
    path: String,
    query: Vec<(&'static str, String)>,
    body: Option<Body>,
    accept: &'static str,
    etag: Option<String>,
    repeat: Repeat,
}

impl GitHubCall {
    /// A call to a path below the API's base, such as `repos/contoso/orders`; its segments are
    /// encoded already. GET, PUT and DELETE may be repeated.
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        let repeat = match method {
            Method::POST | Method::PATCH => Repeat::Unsent,
            _ => Repeat::Always,
        };
        Self {
            method,
            path: path.into(),
            query: Vec::new(),
            body: None,
            accept: JSON,
            etag: None,
            repeat,
        }
    }

    /// A GET call.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// Adds a parameter to the address.
    #[must_use]
    pub fn query(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.query.push((name, value.into()));
        self
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Some(Body::json(body));
        self
    }

    /// Asks for another media type than JSON.
    #[must_use]
    pub fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    /// Asks only for what is newer than the answer with this `ETag`.
    #[must_use]
    pub fn unless(mut self, etag: Option<&str>) -> Self {
        self.etag = etag.map(str::to_owned);
        self
    }

    /// Whether it changes something.
    pub fn is_write(&self) -> bool {
        !matches!(self.method, Method::GET | Method::HEAD)
    }

    /// Says that it may be done twice, as making an object of git's that is named by its content.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeat = Repeat::Always;
        self
    }
}

/// What signs in to a host, and where in the configuration it comes from.
#[derive(Clone)]
pub struct Credential {
    /// The token.
    pub token: Secret,
    /// The key of the configuration (or the input) that it comes from, for messages.
    pub key: String,
}

impl Credential {
    /// For an owner's repositories: an app that the owner installed, else the token.
    pub(crate) async fn of(
        http: &Http,
        apps: &AppTokens,
        host: &GitHubIntegration,
        owner: &str,
        target: &str,
    ) -> Result<Option<Self>, HostError> {
        if let Some((token, key)) = apps.token(http, host, owner, target).await? {
            let key = key.to_owned();
            return Ok(Some(Self { token, key }));
        }
        Ok(Self::of_token(host))
    }

    /// The host's token.
    pub(crate) fn of_token(host: &GitHubIntegration) -> Option<Self> {
        host.token.clone().map(|token| Self {
            token,
            key: format!("{}.token", host.key),
        })
    }
}

/// Adds the `Authorization` header.
pub(crate) fn bearer(
    headers: &mut HeaderMap,
    token: &Secret,
    key: &str,
    target: &str,
) -> Result<(), HostError> {
    let value = HeaderValue::from_str(&format!("Bearer {}", token.expose()));
    let mut value = value
        .map_err(|_| HostError::denied(target, format!("{key} is not a token; set it again")))?;
    value.set_sensitive(true);
    headers.insert(AUTHORIZATION, value);
    Ok(())
}

/// The headers that every call has.
pub(crate) fn headers(accept: &'static str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(accept));
    headers.insert(API_VERSION_HEADER, API_VERSION);
    headers
}

/// An address below the base of the API.
pub(crate) fn address(
    host: &GitHubIntegration,
    path: &str,
    target: &str,
) -> Result<Url, HostError> {
    let address = format!("{}/{path}", host.api_base_url);
    Url::parse(address.trim_end_matches('/')).map_err(|error| {
        let reason = format!("{}.apiBaseUrl is not a URL: {error}", host.key);
        HostError::invalid(target, reason)
    })
}

impl<'a> GitHubApi<'a> {
    /// Waits for a host that limits the rate: see [`Request::patient`].
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patient = true;
        self
    }

    /// The host's configuration.
    pub fn integration(&self) -> &'a GitHubIntegration {
        self.integration
    }

    /// What is wanted, for messages.
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// Where the credential comes from; `None` when there is none.
    pub fn credential_key(&self) -> Option<&str> {
        self.credential.as_ref().map(|it| it.key.as_str())
    }

    /// Sends a call; the answer's status may be any but "come back later" and server errors.
    pub async fn send(&self, call: GitHubCall) -> Result<Answer, HostError> {
        let mut url = address(self.integration, &call.path, self.target)?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut headers = headers(call.accept);
        let etag = call.etag.as_deref();
        if let Some(etag) = etag.and_then(|it| HeaderValue::from_str(it).ok()) {
            headers.insert(IF_NONE_MATCH, etag);
        }
        if let Some(Credential { token, key }) = &self.credential {
            bearer(&mut headers, token, key, self.target)?;
        }
        let request = Request {
            target: self.target,
            method: call.method,
            url,
            lane: self.integration.host.clone(),
            headers,
            body: call.body,
            repeat: call.repeat,
            patient: self.patient,
            trusted: true,
        };
        self.http.send(request).await
    }
}
