//! Signing out at the provider, too.

use openidconnect::{
    ClientId, EndSessionUrl, LogoutRequest, PostLogoutRedirectUrl, core::CoreIdToken,
};
use url::Url;

use crate::{EndedSession, Identity};

/// Longer tokens do not fit into an address that every proxy lets through.
const LONGEST_HINT: usize = 3_000;

impl Identity {
    /// Where a browser goes to sign out at the provider of a session that has ended, and comes
    /// back from to `/signed-out`. `None` when the provider knows no such thing or is down.
    pub async fn provider_sign_out(&self, ended: &EndedSession) -> Option<Url> {
        let provider = self.oidc().provider(&ended.provider).ok()?;
        let metadata = provider.metadata().await.ok()?;
        let endpoint = EndSessionUrl::new(metadata.end_session_endpoint.clone()?).ok()?;
        let base = self.catalog().config().portal_url();
        let back = PostLogoutRedirectUrl::new(format!("{base}/signed-out")).ok()?;
        let mut request = LogoutRequest::from(endpoint)
            .set_client_id(ClientId::new(provider.config.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        let hint = ended.id_token.as_ref().map(portico_config::Secret::expose);
        if let Some(Ok(token)) = hint
            .filter(|it| it.len() <= LONGEST_HINT)
            .map(str::parse::<CoreIdToken>)
        {
            request = request.set_id_token_hint(&token);
        }
        Some(request.http_get_url())
    }
}
