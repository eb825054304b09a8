//! What a provider says of itself, and whose tokens it signs.

use serde::Deserialize;
use url::Url;

use super::{Claims, SignInError};

/// Stands for the tenant in the issuer of Entra's tenant-independent description.
const TENANT: &str = "{tenantid}";

/// The part of a provider's description that is used.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Refuses a description that would have secrets sent where they can be read, which is any
    /// scheme but that of the description's own address.
    pub(super) fn checked(self, described_at: &str) -> Result<Self, SignInError> {
        let plain = described_at.starts_with("http://");
        let endpoints = [
            &self.authorization_endpoint,
            &self.token_endpoint,
            &self.jwks_uri,
        ];
        let all = endpoints.into_iter().chain(&self.end_session_endpoint);
        for endpoint in all {
            let scheme = Url::parse(endpoint).map(|url| url.scheme().to_owned());
            let safe = scheme.is_ok_and(|it| it == "https" || (plain && it == "http"));
            if !safe {
                return Err(SignInError::Unavailable(format!(
                    "{described_at} names the address {endpoint:?}, which is not https"
                )));
            }
        }
        Ok(self)
    }

    /// Whether its issuer is another one for each tenant.
    pub(super) fn is_of_many_tenants(&self) -> bool {
        self.issuer.contains(TENANT)
    }

    /// Who must have issued a token with these claims, which need not be verified yet.
    pub(super) fn issuer_of(&self, claims: &Claims) -> Result<String, SignInError> {
        if !self.is_of_many_tenants() {
            return Ok(self.issuer.clone());
        }
        let tenant = claims.tid.as_deref().unwrap_or_default();
        in_tenant(&self.issuer, tenant)
            .ok_or_else(|| SignInError::Token("it names no tenant (tid)".to_owned()))
    }
}

/// An issuer with the tenant filled in; `None` unless the tenant is an id.
pub(super) fn in_tenant(issuer: &str, tenant: &str) -> Option<String> {
    let id = uuid::Uuid::try_parse(tenant).ok()?.hyphenated().to_string();
    Some(issuer.replace(TENANT, &id))
}
