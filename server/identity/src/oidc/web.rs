//! Talking to providers: no redirects, short answers, no long waits.

use std::{future::Future, pin::Pin, time::Duration};

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;

use super::SignInError;

const CONNECT: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(10);

/// Keys of all tenants and the groups of a person fit many times over.
const LARGEST: usize = 2 << 20;

/// Why a provider did not answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum WebError {
    #[error(transparent)]
    Request(#[from] reqwest::Error),
    #[error(transparent)]
    Http(#[from] http::Error),
    #[error("this process cannot make https requests")]
    NoClient,
    #[error("its answer is longer than {LARGEST} bytes")]
    TooLong,
}

/// The client of all providers. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Web(Option<reqwest::Client>);

impl Web {
    pub(super) fn new() -> Self {
        // A redirect could lead what is secret to another host.
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            .timeout(TIMEOUT)
            .build();
        Self(client.ok())
    }

    /// Sends a request of the protocol.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let client = self.0.as_ref().ok_or(WebError::NoClient)?;
        let mut answer = client.execute(request.try_into()?).await?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            if body.len() + chunk.len() > LARGEST {
                return Err(WebError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(response.body(body)?)
    }

    /// The JSON at an address.
    pub(super) async fn get<T: DeserializeOwned>(&self, url: &str) -> Result<T, SignInError> {
        let request = http::Request::get(url)
            .header(http::header::ACCEPT, "application/json")
            .body(Vec::new());
        self.json(request, url).await
    }

    /// The JSON that answers a request.
    pub(super) async fn json<T: DeserializeOwned>(
        &self,
        request: http::Result<HttpRequest>,
        url: &str,
    ) -> Result<T, SignInError> {
        let unavailable = |why: String| SignInError::Unavailable(format!("{url}: {why}"));
        let request = request.map_err(|error| unavailable(error.to_string()))?;
        let response = self.send(request).await;
        let response = response.map_err(|error| unavailable(chain(&error)))?;
        if !response.status().is_success() {
            return Err(unavailable(format!("it answers {}", response.status())));
        }
        serde_json::from_slice(response.body()).map_err(|error| unavailable(error.to_string()))
    }
}

impl<'c> AsyncHttpClient<'c> for Web {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// An error with what caused it: the cause is what helps.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
