//! Managed identities of Azure, for connections that sign in with one.

use std::{collections::HashMap, sync::Arc};

use azure_core::credentials::TokenCredential;
use parking_lot::Mutex;
use portico_integrations::managed_identity;

/// Those in use, by client id. Each caches its tokens and renews them in time.
#[derive(Default)]
pub(crate) struct Identities {
    known: Mutex<HashMap<Option<String>, Arc<dyn TokenCredential>>>,
}

impl Identities {
    /// A token of an identity (`None` is the machine's own) for a scope.
    pub(crate) async fn token(
        &self,
        client_id: Option<&str>,
        scope: &str,
    ) -> azure_core::Result<String> {
        let credential = self.credential(client_id)?;
        let token = credential.get_token(&[scope], None).await?;
        Ok(token.token.secret().to_owned())
    }

    fn credential(&self, client_id: Option<&str>) -> azure_core::Result<Arc<dyn TokenCredential>> {
        let id = client_id.map(str::to_owned);
        let mut known = self.known.lock();
        if let Some(credential) = known.get(&id) {
            return Ok(Arc::clone(credential));
        }
        let made: Arc<dyn TokenCredential> = managed_identity(id.clone())?;
        known.insert(id, Arc::clone(&made));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use azure_core::{
        credentials::{AccessToken, TokenRequestOptions},
        time::OffsetDateTime,
    };

    use super::*;

    /// Gives the scope it was asked for as the token.
    #[derive(Debug)]
    struct Echo;

    #[async_trait]
    impl TokenCredential for Echo {
        async fn get_token(
            &self,
            scopes: &[&str],
            _: Option<TokenRequestOptions<'_>>,
        ) -> azure_core::Result<AccessToken> {
            Ok(AccessToken::new(
                scopes.join(" "),
                OffsetDateTime::now_utc(),
            ))
        }
    }

    #[tokio::test]
    async fn an_identity_is_made_once_and_asked_for_the_scope() {
        let identities = Identities::default();
        let first = identities.credential(Some("id")).unwrap();
        assert!(Arc::ptr_eq(
            &first,
            &identities.credential(Some("id")).unwrap()
        ));
        assert!(
            !Arc::ptr_eq(&first, &identities.credential(None).unwrap()),
            "the machine's own"
        );

        let id = Some("echo".to_owned());
        identities.known.lock().insert(id, Arc::new(Echo));
        let scope = "https://vault.azure.net/.default";
        assert_eq!(identities.token(Some("echo"), scope).await.unwrap(), scope);
    }
}
