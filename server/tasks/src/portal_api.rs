//! The portal's own API, as actions see it.

use async_trait::async_trait;
use portico_access::Principal;

/// How deep tasks may create tasks: one that a person created is at 0.
pub const MAX_DEPTH: u8 = 3;

/// A request to the portal's own API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalRequest {
    /// The method, in capitals.
    pub method: String,
    /// Path and query, encoded. Begins with `/api/`.
    pub target: String,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty for none.
    pub body: Vec<u8>,
    /// How deep the task is that asks.
    pub depth: u8,
}

/// What the portal answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortalAnswer {
    /// The status.
    pub code: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Calls the portal's own API inside this process: nothing is sent over the network, and no
/// header of the request changes who asks.
#[async_trait]
pub trait PortalApi: Send + Sync {
    /// Calls it in somebody's name. The error says why there is no answer: what tasks may not
    /// ask for, a body that is too large, an answer that does not end.
    async fn call(&self, who: &Principal, request: PortalRequest) -> Result<PortalAnswer, String>;
}
