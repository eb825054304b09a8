//! Machines that come with an access token of a provider.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::Jwk};
use portico_access::Principal;
use portico_config::ProviderKind;

use super::{Claims, SignInError, provider::Provider, verify::CLOCK_SKEW};
use crate::Identity;

/// What a provider can sign with and nobody else can: no secret that two share.
const ALGORITHMS: [Algorithm; 8] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
];

impl Identity {
    /// The workload that an access token proves, `None` when the token is of no configured
    /// provider. A token that one of them signed, or should have, but that does not count is
    /// [`SignInError::Token`] or [`SignInError::Tenant`].
    pub async fn workload(&self, token: &str) -> Result<Option<Principal>, SignInError> {
        let Ok(claims) = Claims::unverified(token) else {
            return Ok(None);
        };
        let mut down = None;
        for provider in self.oidc().providers() {
            if provider.audiences().is_empty() {
                continue;
            }
            let metadata = match provider.metadata().await {
                Ok(metadata) => metadata,
                Err(error) => {
                    down = Some(error);
                    continue;
                }
            };
            let issuer = metadata.issuer_of(&claims).ok();
            if issuer.is_some_and(|it| it == claims.iss) {
                return provider.workload(token, &claims).await.map(Some);
            }
        }
        down.map_or(Ok(None), Err)
    }
}

impl Provider {
    /// Whom access tokens of workloads must be for.
    fn audiences(&self) -> Vec<String> {
        let config = &self.config;
        if !config.audiences.is_empty() || config.kind == ProviderKind::Oidc {
            return config.audiences.clone();
        }
        let id = &config.client_id;
        vec![id.clone(), format!("api://{id}")]
    }

    async fn workload(&self, token: &str, claims: &Claims) -> Result<Principal, SignInError> {
        let refused = |why: &str| SignInError::Token(why.to_owned());
        let header = jsonwebtoken::decode_header(token)
            .map_err(|error| SignInError::Token(error.to_string()))?;
        if !ALGORITHMS.contains(&header.alg) {
            return Err(refused("it is signed in a way that is not accepted"));
        }
        let keys = self.keys_for(claims, header.kid.as_deref()).await?;
        let key = keys
            .into_iter()
            .filter(|key| header.kid.as_deref().is_none_or(|kid| key["kid"] == kid))
            .filter(|key| key["use"].as_str().is_none_or(|it| it == "sig"))
            .find_map(|key| serde_json::from_value::<Jwk>(key).ok())
            .ok_or_else(|| refused("no key of the provider signed it"))?;
        let key =
            DecodingKey::from_jwk(&key).map_err(|error| SignInError::Token(error.to_string()))?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&self.audiences());
        validation.set_issuer(&[&claims.iss]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        validation.validate_nbf = true;
        validation.leeway = CLOCK_SKEW.as_secs();
        let verified = jsonwebtoken::decode::<Claims>(token, &key, &validation)
            .map_err(|error| SignInError::Token(error.to_string()))?;
        let claims = verified.claims;
        self.require_tenant(&claims).await?;
        self.require_machine(&claims)?;
        let client = [&claims.azp, &claims.appid, &claims.client_id]
            .into_iter()
            .flatten()
            .find(|it| !it.is_empty())
            .unwrap_or(&claims.sub);
        if client.is_empty() {
            return Err(refused("it names no client"));
        }
        Ok(Principal::Workload {
            subject: format!("{}/{client}", self.config.id()).into(),
            roles: claims.own_roles().into(),
        })
    }

    /// Refuses ID tokens, and access tokens that a client got in the name of a person: neither
    /// proves that the client itself asks.
    fn require_machine(&self, claims: &Claims) -> Result<(), SignInError> {
        let of_person = claims.scp.is_some() || claims.nonce.is_some() || claims.at_hash.is_some();
        let of_app = match self.config.kind {
            ProviderKind::Oidc => true,
            ProviderKind::Microsoft => {
                let named = claims.azp.is_some() || claims.appid.is_some();
                let own = claims.oid.as_ref() == Some(&claims.sub);
                named && own && claims.idtyp.as_deref().is_none_or(|it| it == "app")
            }
        };
        if of_person || !of_app {
            return Err(SignInError::Token(
                "it is of a person; workloads send tokens of their own (client credentials)"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}
