//! Whether an ID token proves who signed in.

use std::time::{Duration, SystemTime};

use openidconnect::{
    ClientId, IssuerUrl, JsonWebKeySet, Nonce,
    core::{CoreIdToken, CoreIdTokenVerifier, CoreJsonWebKey, CoreJwsSigningAlgorithm},
};

use super::{
    Claims, SignInError,
    claims::{Header, part},
    provider::Provider,
};

/// How far apart the clocks of the provider and of this process may be.
pub(super) const CLOCK_SKEW: Duration = Duration::from_mins(2);

/// What a provider can sign with and nobody else can: no secret that two share.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
];

impl Provider {
    /// The claims of an ID token for this portal: signed by the provider, for this client, of
    /// now, of an allowed tenant, and (at sign-in) the answer to this sign-in.
    pub(super) async fn verify(
        &self,
        token: &CoreIdToken,
        nonce: Option<&Nonce>,
    ) -> Result<Claims, SignInError> {
        let text = token.to_string();
        let claims = Claims::unverified(&text)?;
        let header: Header = part(&text, 0)?;
        let issuer = self.metadata().await?.issuer_of(&claims)?;
        let keys = self.keys_for(&claims, header.kid.as_deref()).await?;
        let keys = keys
            .into_iter()
            .filter_map(|key| serde_json::from_value::<CoreJsonWebKey>(key).ok());
        let refused = |why: String| SignInError::Token(why);
        let latest = SystemTime::now() + CLOCK_SKEW;
        let latest = latest
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |it| it.as_secs() as i64);
        let verifier = CoreIdTokenVerifier::new_public_client(
            ClientId::new(self.config.client_id.clone()),
            IssuerUrl::new(issuer).map_err(|error| refused(error.to_string()))?,
            JsonWebKeySet::new(keys.collect()),
        )
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(|| (SystemTime::now() - CLOCK_SKEW).into())
        .set_issue_time_verifier_fn(move |issued| {
            let future = issued.timestamp() > latest;
            (!future)
                .then_some(())
                .ok_or_else(|| "it is of the future".to_owned())
        });
        let verified = match nonce {
            Some(nonce) => token.claims(&verifier, nonce),
            None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
        };
        verified.map_err(|error| refused(super::web::chain(&error)))?;
        self.require_tenant(&claims).await?;
        Ok(claims)
    }

    /// Refuses accounts of tenants that are not listed. Without a list the provider must be of one
    /// tenant, or of none: from Entra's description for all, any account in the world would do.
    pub(super) async fn require_tenant(&self, claims: &Claims) -> Result<(), SignInError> {
        let allowed = &self.config.allowed_tenants;
        let tenant = claims.tid.as_deref().unwrap_or("without a name");
        let of_one = allowed.is_empty() && !self.metadata().await?.is_of_many_tenants();
        if of_one || allowed.iter().any(|it| it.eq_ignore_ascii_case(tenant)) {
            return Ok(());
        }
        Err(SignInError::Tenant(tenant.to_owned()))
    }
}
