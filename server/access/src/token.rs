//! Static bearer tokens of services.

use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::{Principal, Restriction};

/// The configured tokens. Only their digests are kept.
#[derive(Clone, Default)]
pub struct StaticTokens(Vec<([u8; 32], Principal)>);

impl StaticTokens {
    /// Adds a token, who its bearer is, and what it is limited to.
    pub fn add(&mut self, token: &str, subject: &str, restrictions: Vec<Restriction>) {
        let principal = Principal::Service {
            subject: subject.into(),
            restrictions: Arc::from(restrictions),
        };
        self.0.push((Sha256::digest(token).into(), principal));
    }

    /// The bearer of `token`. Takes equally long whichever token it is, or none.
    pub fn principal(&self, token: &str) -> Option<Principal> {
        let presented: [u8; 32] = Sha256::digest(token).into();
        let mut found = None;
        for (digest, principal) in &self.0 {
            if bool::from(digest.ct_eq(&presented)) {
                found = Some(principal);
            }
        }
        found.cloned()
    }
}

impl std::fmt::Debug for StaticTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StaticTokens({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_bearer_of_each_token() {
        let mut tokens = StaticTokens::default();
        tokens.add("one-long-token", "ci", vec![]);
        tokens.add("two-long-token", "reports", vec![]);
        let label = |token| tokens.principal(token).map(|principal| principal.label());
        assert_eq!(label("one-long-token").as_deref(), Some("service:ci"));
        assert_eq!(label("two-long-token").as_deref(), Some("service:reports"));
        assert_eq!(label("one-long-toke"), None);
        assert_eq!(label(""), None);
    }
}
