//! Managed identities of Azure, for connections that sign in with one.

use std::{collections::HashMap, sync::Arc};

use azure_core::credentials::TokenCredential;
use azure_identity::{ManagedIdentityCredential, ManagedIdentityCredentialOptions, UserAssignedId};
use parking_lot::Mutex;

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
        let options = ManagedIdentityCredentialOptions {
            user_assigned_id: id.clone().map(UserAssignedId::ClientId),
            ..Default::default()
        };
        let made: Arc<dyn TokenCredential> = ManagedIdentityCredential::new(Some(options))?;
        known.insert(id, Arc::clone(&made));
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        process::Command,
    };

    use super::*;

    /// The endpoint of identities is given by environment variables, which cannot be set for one
    /// test only: the test runs itself once more, as a process that has them.
    #[tokio::test]
    async fn a_token_is_fetched_once_for_its_scope() {
        let scope = "https://vault.azure.net/.default";
        if std::env::var_os("IDENTITY_ENDPOINT").is_some() {
            let identities = Identities::default();
            for _ in 0..2 {
                assert_eq!(
                    identities.token(Some("id"), scope).await.unwrap(),
                    "entra-token"
                );
            }
            return;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = tokio::spawn(async move {
            let (mut peer, _) = listener.accept().await.unwrap();
            let mut asked = vec![0; 4096];
            let length = peer.read(&mut asked).await.unwrap();
            let body = r#"{"access_token":"entra-token","expires_on":"4102444800","token_type":"Bearer","resource":"https://vault.azure.net"}"#;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            peer.write_all(format!("{head}{body}").as_bytes())
                .await
                .unwrap();
            String::from_utf8_lossy(&asked[..length]).into_owned()
        });
        let name = "capability::identities::tests::a_token_is_fetched_once_for_its_scope";
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env("IDENTITY_ENDPOINT", format!("http://{address}/msi"))
            .env("IDENTITY_HEADER", "secret")
            .env("NO_PROXY", "127.0.0.1")
            .output()
            .await
            .unwrap();
        assert!(
            child.status.success(),
            "{}",
            String::from_utf8_lossy(&child.stdout)
        );
        let asked = endpoint.await.unwrap();
        assert!(asked.contains("vault.azure.net"), "{asked}");
        assert!(asked.contains("client_id=id"), "{asked}");
    }
}
