//! Calling a GitHub host for one repository.

use portico_config::Secret;
use portico_integrations::{
    Answer, GitHubApi, HostError, Integrations, Method, StatusCode,
    github::{Credential, GitHubCall},
};
use serde_json::Value;

use super::{Address, refusal};
use crate::{Result, ScmError};

/// The API of a GitHub host for one repository, signed in for its owner.
///
/// What a call needs is named as in the settings of Apps and fine-grained tokens, such as
/// `Contents: write`: a refusal says so.
pub struct GitHubClient<'a> {
    pub(super) api: GitHubApi<'a>,
    pub(super) address: Address<'a>,
}

impl<'a> GitHubClient<'a> {
    /// For the repository with this address, with `token` in place of what is configured.
    /// Fails when it is on no known host, or when an App cannot sign in.
    pub async fn open(
        integrations: &'a Integrations,
        repository: &'a str,
        token: Option<&Secret>,
    ) -> Result<Self> {
        let Some(address) = Address::parse(repository, integrations.hosts()) else {
            return Err(ScmError::NotFound(format!(
                "a GitHub repository {repository}"
            )));
        };
        let api = if let Some(token) = token {
            let credential = Credential {
                token: token.clone(),
                key: "the token of the input".to_owned(),
            };
            integrations.github_as(address.host, credential, repository)
        } else {
            let api = integrations.github(address.host, &address.owner, repository);
            api.await.map_err(unanswered)?
        };
        Ok(Self { api, address })
    }

    /// Waits a minute and a bit for a host that limits the rate, not just seconds.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.api = self.api.patient();
        self
    }

    /// The user or organisation that has the repository.
    pub fn owner(&self) -> &str {
        &self.address.owner
    }

    /// The name of the repository.
    pub fn name(&self) -> &str {
        &self.address.name
    }

    /// The name of the host.
    pub fn host(&self) -> &str {
        &self.address.host.host
    }

    /// Where the REST API is, without a trailing slash.
    pub fn api_base(&self) -> &str {
        &self.address.host.api_base_url
    }

    /// A path of the repository in the API; `rest` is empty or begins with `/`.
    pub fn path(&self, rest: &str) -> String {
        format!("repos/{}/{}{rest}", self.owner(), self.name())
    }

    /// Sends a call; the answer may have any status.
    pub async fn ask(&self, call: GitHubCall) -> Result<Answer> {
        if call.is_write() && self.api.credential_key().is_none() {
            let (host, key) = (self.host(), &self.address.host.key);
            return Err(ScmError::Refused(format!(
                "there is nothing to sign in to {host} with for {}; set {key}.token or {key}.apps",
                self.owner()
            )));
        }
        self.api.send(call).await.map_err(unanswered)
    }

    /// Sends a call; an answer other than success is an error that says what to do.
    pub async fn call(&self, call: GitHubCall, needs: &str) -> Result<Answer> {
        let answer = self.ask(call).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        Err(self.refused(&answer, needs))
    }

    /// What an answer other than success means.
    pub fn refused(&self, answer: &Answer, needs: &str) -> ScmError {
        let signed_in = self.api.credential_key();
        refusal::explain(answer, &self.address, signed_in, needs)
    }

    /// What is at a path of the repository; `None` when there is nothing.
    pub async fn find_at(&self, rest: &str, needs: &str) -> Result<Option<Value>> {
        let answer = self.ask(GitHubCall::get(self.path(rest))).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !answer.status.is_success() {
            return Err(self.refused(&answer, needs));
        }
        json(&answer).map(Some)
    }

    /// What is at a path of the repository.
    pub async fn get(&self, rest: &str, needs: &str) -> Result<Value> {
        let answer = self.call(GitHubCall::get(self.path(rest)), needs).await?;
        json(&answer)
    }

    /// Makes something below a path of the repository, and gives what was answered. Null is no
    /// body.
    pub async fn post(&self, rest: &str, body: &Value, needs: &str) -> Result<Value> {
        self.write(Method::POST, rest, body, needs).await
    }

    /// Puts something at a path of the repository.
    pub async fn put(&self, rest: &str, body: &Value, needs: &str) -> Result<Value> {
        self.write(Method::PUT, rest, body, needs).await
    }

    /// Changes something at a path of the repository.
    pub async fn patch(&self, rest: &str, body: &Value, needs: &str) -> Result<Value> {
        self.write(Method::PATCH, rest, body, needs).await
    }

    async fn write(&self, method: Method, rest: &str, body: &Value, needs: &str) -> Result<Value> {
        let mut call = GitHubCall::new(method, self.path(rest));
        if !body.is_null() {
            call = call.json(body);
        }
        json(&self.call(call, needs).await?)
    }
}

/// The JSON of an answer; null when it has no body.
pub(super) fn json(answer: &Answer) -> Result<Value> {
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    answer.json("GitHub").map_err(unanswered)
}

/// A host that gave no answer.
pub(super) fn unanswered(error: HostError) -> ScmError {
    match error {
        HostError::Denied { .. } => ScmError::Refused(error.to_string()),
        HostError::Invalid { .. } => ScmError::Invalid(error.to_string()),
        HostError::TooLarge { limit_bytes, .. } => {
            ScmError::too_large("the host's answer", format!("{} MiB", limit_bytes >> 20))
        }
        HostError::RateLimited { .. } | HostError::Timeout { .. } | HostError::Failed { .. } => {
            ScmError::Unavailable(error.to_string())
        }
    }
}
