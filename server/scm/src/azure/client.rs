//! Calling an Azure DevOps host for one repository, or one project.

use portico_config::Secret;
use portico_integrations::{
    Answer, AzureApi, HostError, Integrations, Method, StatusCode, azure::AzureCall, encode_segment,
};
use serde_json::Value;
use url::Url;

use super::{Address, address::encode_path, refusal};
use crate::{Result, ScmError};

/// Understood by Azure DevOps Server 2020 and later.
const API_VERSION: &str = "6.0";

/// What a path of the API is below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AzureScope {
    /// `_apis` of the organisation (or collection).
    Organization,
    /// `_apis` of the project.
    Project,
    /// The repository in `_apis/git` of its project.
    Repository,
}

/// The API of an Azure DevOps host for one repository or project, signed in for its organisation.
///
/// What a call needs is named as the scopes of tokens are, such as `Code (Read & write)`: a
/// refusal says so.
pub struct AzureClient<'a> {
    integrations: &'a Integrations,
    pub(crate) address: Address<'a>,
    target: String,
    token: Option<Secret>,
    patient: bool,
}

impl<'a> AzureClient<'a> {
    /// For the repository with this address, with `token` in place of what is configured. Fails
    /// when it is on no known host.
    pub fn open(
        integrations: &'a Integrations,
        repository: &str,
        token: Option<&Secret>,
    ) -> Result<Self> {
        let Some(address) = Address::parse(repository, integrations.hosts()) else {
            return Err(ScmError::NotFound(format!(
                "an Azure DevOps repository {repository}"
            )));
        };
        Ok(Self::new(integrations, address, token))
    }

    /// For a project. `collection` is the organisation, or the path of the collection on a
    /// server. Fails when the host is not known.
    pub fn of_project(
        integrations: &'a Integrations,
        host: &str,
        collection: &str,
        project: &str,
        token: Option<&Secret>,
    ) -> Result<Self> {
        let Some(known) = integrations.hosts().azure(host) else {
            return Err(ScmError::Invalid(format!(
                "{host} is not known here; add it to integrations.azure"
            )));
        };
        let address = Address {
            host: known,
            collection: collection.trim_matches('/').to_owned(),
            project: project.to_owned(),
            name: String::new(),
        };
        Ok(Self::new(integrations, address, token))
    }

    fn new(integrations: &'a Integrations, address: Address<'a>, token: Option<&Secret>) -> Self {
        Self {
            integrations,
            target: address.url(),
            address,
            token: token.cloned(),
            patient: false,
        }
    }

    /// The same, signed in the same way, at another address of the same organisation.
    pub(super) fn with_address(&self, address: Address<'a>) -> Self {
        Self {
            patient: self.patient,
            ..Self::new(self.integrations, address, self.token.as_ref())
        }
    }

    /// Waits a minute and a bit for a host that limits the rate, not just seconds.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.patient = true;
        self
    }

    /// The organisation, or the path of the collection.
    pub fn collection(&self) -> &str {
        &self.address.collection
    }

    /// The project.
    pub fn project(&self) -> &str {
        &self.address.project
    }

    /// The name of the repository; empty for a project.
    pub fn name(&self) -> &str {
        &self.address.name
    }

    /// The name of the host.
    pub fn host(&self) -> &str {
        &self.address.host.host
    }

    /// Where people see the repository or the project.
    pub fn url(&self) -> String {
        self.address.url()
    }

    fn api(&self) -> AzureApi<'_> {
        let organization = self.address.organization();
        let mut api = self
            .integrations
            .azure(self.address.host, organization, &self.target);
        if let Some(token) = &self.token {
            api = api.with_token(token.clone());
        }
        if self.patient {
            api = api.patient();
        }
        api
    }

    /// An address of the API. `path` begins with `/` or is empty, and its segments are encoded
    /// already. A query without `api-version` gets the usual one.
    fn address_of(&self, scope: AzureScope, path: &str, query: &[(&str, &str)]) -> Result<Url> {
        let base = self.address.host.base_url();
        let collection = encode_path(&self.address.collection);
        let project = encode_segment(&self.address.project);
        let below = match scope {
            AzureScope::Organization => "_apis".to_owned(),
            AzureScope::Project => format!("{project}/_apis"),
            AzureScope::Repository => format!(
                "{project}/_apis/git/repositories/{}",
                encode_segment(&self.address.name)
            ),
        };
        let url = format!("{base}/{collection}/{below}{path}");
        let mut url = Url::parse(&url).map_err(|error| {
            let key = &self.address.host.key;
            ScmError::invalid(format!("{key}.apiBaseUrl is not a URL: {error}"))
        })?;
        let mut pairs = url.query_pairs_mut();
        pairs.extend_pairs(query);
        if !query.iter().any(|(name, _)| *name == "api-version") {
            pairs.append_pair("api-version", API_VERSION);
        }
        drop(pairs);
        Ok(url)
    }

    /// Sends a call; the answer may have any status.
    pub async fn ask(
        &self,
        method: Method,
        scope: AzureScope,
        (path, query): (&str, &[(&str, &str)]),
        body: Option<&Value>,
    ) -> Result<Answer> {
        // Asking for the contents of objects changes nothing, though it is a POST.
        let is_write = !matches!(method, Method::GET) && path != "/blobs";
        let mut call = AzureCall::new(method, self.address_of(scope, path, query)?);
        call.accept = "application/json, application/octet-stream, application/zip";
        if let Some(body) = body {
            call = call.json(body);
        }
        let api = self.api();
        if is_write && !api.has_credential() {
            let key = &self.address.host.key;
            return Err(ScmError::Refused(format!(
                "there is nothing to sign in to {} with for {}; add one to {key}.credentials",
                self.host(),
                self.address.organization()
            )));
        }
        api.send(call).await.map_err(unanswered)
    }

    /// What an answer other than success means; `needs` is what the credential has to have.
    pub fn refused(&self, answer: &Answer, needs: &str) -> ScmError {
        let credential = match (&self.token, self.api().has_credential()) {
            (Some(_), _) => refusal::Credential::Input,
            (None, true) => refusal::Credential::Configured,
            (None, false) => refusal::Credential::None,
        };
        refusal::explain(answer, &self.address, credential, needs)
    }

    /// The answer, when it is a success.
    pub fn checked(&self, answer: Answer, needs: &str) -> Result<Answer> {
        // A sign-in page comes with a status of success.
        if answer.status.is_success() && !refusal::is_sign_in_page(&answer) {
            return Ok(answer);
        }
        Err(self.refused(&answer, needs))
    }

    /// What is at a path.
    pub async fn get(
        &self,
        scope: AzureScope,
        path: &str,
        query: &[(&str, &str)],
        needs: &str,
    ) -> Result<Value> {
        let answer = self.ask(Method::GET, scope, (path, query), None).await?;
        json(&self.checked(answer, needs)?)
    }

    /// What is at a path; `None` when there is nothing.
    pub async fn find(
        &self,
        scope: AzureScope,
        path: &str,
        query: &[(&str, &str)],
        needs: &str,
    ) -> Result<Option<Value>> {
        let answer = self.ask(Method::GET, scope, (path, query), None).await?;
        if answer.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        json(&self.checked(answer, needs)?).map(Some)
    }

    /// Makes something below a path, and gives what was answered.
    pub async fn post(
        &self,
        scope: AzureScope,
        path: &str,
        body: &Value,
        needs: &str,
    ) -> Result<Value> {
        self.send(Method::POST, scope, (path, &[]), body, needs)
            .await
    }

    /// Changes something at a path.
    pub async fn patch(
        &self,
        scope: AzureScope,
        path: &str,
        body: &Value,
        needs: &str,
    ) -> Result<Value> {
        self.send(Method::PATCH, scope, (path, &[]), body, needs)
            .await
    }

    /// Sends JSON to a path with a query, and gives what was answered.
    pub async fn send(
        &self,
        method: Method,
        scope: AzureScope,
        place: (&str, &[(&str, &str)]),
        body: &Value,
        needs: &str,
    ) -> Result<Value> {
        let answer = self.ask(method, scope, place, Some(body)).await?;
        json(&self.checked(answer, needs)?)
    }
}

/// The JSON of an answer; null when it has no body.
pub(crate) fn json(answer: &Answer) -> Result<Value> {
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    answer.json("Azure DevOps").map_err(unanswered)
}

/// A part of an answer as what it is.
pub(super) fn typed<T: serde::de::DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| {
        ScmError::Unavailable(format!(
            "the answer of Azure DevOps is not understood: {error}"
        ))
    })
}

/// A host that gave no answer.
pub(super) fn unanswered(error: HostError) -> ScmError {
    match error {
        HostError::Denied { .. } => ScmError::Refused(error.to_string()),
        HostError::Invalid { .. } => ScmError::Invalid(error.to_string()),
        HostError::TooLarge { limit_bytes, .. } => {
            ScmError::too_large("the host's answer", format!("{} MiB", limit_bytes >> 20))
        }
        other => ScmError::Unavailable(other.to_string()),
    }
}
