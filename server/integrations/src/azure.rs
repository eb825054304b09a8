//! Calling the API of an Azure DevOps host.

mod auth;

use portico_config::{AzureCredential, AzureIntegration, Secret};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use url::Url;

use crate::{Answer, Body, HostError, Http, Repeat, Request};

pub(crate) use auth::build as credential;
pub use auth::{AzureAuth, managed_identity};

/// The API of one Azure DevOps host, signed in (or not) for one organisation.
pub struct AzureApi<'a> {
    pub(crate) http: &'a Http,
    pub(crate) integration: &'a AzureIntegration,
    pub(crate) auth: &'a AzureAuth,
    pub(crate) organization: &'a str,
    pub(crate) token: Option<AzureCredential>,
    pub(crate) target: &'a str,
    pub(crate) patient: bool,
}

/// One call: a whole address with its `api-version`.
#[derive(Clone, Debug)]
pub struct AzureCall {
    /// GET, POST, PATCH, PUT or DELETE.
    pub method: Method,
    /// The address.
    pub url: Url,
    /// What is sent.
    pub body: Option<Body>,
    /// What may be answered: media types.
    pub accept: &'static str,
    /// Whether it may be done twice.
    pub repeat: Repeat,
}

impl AzureCall {
    /// A call that is answered with JSON. GET, PUT and DELETE may be repeated.
    pub fn new(method: Method, url: Url) -> Self {
        let repeat = match method {
            Method::POST | Method::PATCH => Repeat::Unsent,
            _ => Repeat::Always,
        };
        Self {
            method,
            url,
            body: None,
            accept: "application/json",
            repeat,
        }
    }

    /// Sends JSON.
    #[must_use]
    pub fn json(mut self, body: &serde_json::Value) -> Self {
        self.body = Some(Body::json(body));
        self
    }
}

impl<'a> AzureApi<'a> {
    /// Signs in with this personal access token, not with the configured credential.
    #[must_use]
    pub fn with_token(mut self, token: Secret) -> Self {
        self.token = Some(AzureCredential::PersonalAccessToken(token));
        self
    }

    /// Waits for a host that limits the rate: see [`Request::patient`].
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patient = true;
        self
    }

    /// The host's configuration.
    pub fn integration(&self) -> &'a AzureIntegration {
        self.integration
    }

    /// The organisation, or the path of the collection on a server.
    pub fn organization(&self) -> &'a str {
        self.organization
    }

    /// What is wanted, for messages.
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// Whether calls are signed in.
    pub fn has_credential(&self) -> bool {
        self.credential().is_some()
    }

    fn credential(&self) -> Option<&AzureCredential> {
        self.token
            .as_ref()
            .or_else(|| self.integration.credential_for(self.organization))
    }

    /// Sends a call; the answer's status may be any but "come back later" and server errors.
    /// Without valid credentials the host answers 203, or redirects, with a sign-in page.
    pub async fn send(&self, call: AzureCall) -> Result<Answer, HostError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(call.accept));
        if let Some(credential) = self.credential() {
            let header = self.auth.header(credential, self.target).await?;
            headers.insert(AUTHORIZATION, header);
        }
        let request = Request {
            target: self.target,
            method: call.method,
            url: call.url,
            lane: format!("{}/{}", self.integration.host, self.organization),
            headers,
            body: call.body,
            repeat: call.repeat,
            patient: self.patient,
            trusted: true,
        };
        self.http.send(request).await
    }
}
