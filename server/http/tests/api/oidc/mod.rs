//! Sign-in with a provider, from the first click to signing out, and all that can go wrong.

mod browser;
mod failures;
mod linking;
mod renewal;
mod sign_in;
mod workloads;

use portico_store::Store;
use portico_testkit::OidcPeer;

use crate::support::{BAKERY, Portal};

/// The bakery, and a user whom Entra knows.
const PEOPLE: &str = r"
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata:
  name: linked
  annotations:
    graph.microsoft.com/user-id: aaaaaaaa-0000-0000-0000-000000000001
    microsoft.com/email: linked@contoso.test
spec: {profile: {displayName: Linked, email: linked@profile.test}, memberOf: []}
";

/// A production portal whose people sign in at a peer, with more keys of its configuration and
/// more entities.
async fn portal(store: Store, more: &str, entities: &str) -> (Portal, OidcPeer) {
    let peer = OidcPeer::start().await;
    let auth = format!(
        "production, providers: {{ microsoft: {{ clientId: {id}, clientSecret: {secret}, \
         metadataUrl: '{metadata}', graphUrl: '{graph}', {tenant}{more} }} }}",
        id = OidcPeer::CLIENT_ID,
        secret = OidcPeer::CLIENT_SECRET,
        metadata = peer.metadata_url(),
        graph = peer.graph_url(),
        tenant = if more.contains("tenantId") {
            String::new()
        } else {
            format!("tenantId: {}, ", OidcPeer::TENANT)
        },
    );
    let yaml = format!("{BAKERY}{PEOPLE}{entities}");
    (Portal::new(store, &yaml, &auth).await, peer)
}
