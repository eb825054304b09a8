//! What a token says of whoever it is about.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_access::ADMINISTRATOR;
use portico_config::ProviderKind;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use super::SignInError;

/// Roles that stand for groups begin so; no other may.
const GROUP: &str = "group:";

/// The claims that are used, of ID tokens and of access tokens.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    /// Entra: the id of the account in its tenant, the same for every application.
    pub(crate) oid: Option<String>,
    /// Entra: the tenant.
    pub(crate) tid: Option<String>,
    pub(crate) sid: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) preferred_username: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_verified: Option<Value>,
    /// Entra: whether the owner of the domain is known to hold the address.
    pub(crate) xms_edov: Option<Value>,
    #[serde(deserialize_with = "texts")]
    pub(crate) roles: Vec<String>,
    #[serde(deserialize_with = "texts")]
    pub(crate) groups: Vec<String>,
    #[serde(rename = "_claim_names")]
    pub(crate) claim_names: Option<Value>,
    pub(crate) hasgroups: Option<Value>,
    pub(crate) azp: Option<String>,
    pub(crate) appid: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) at_hash: Option<String>,
    pub(crate) scp: Option<Value>,
    pub(crate) idtyp: Option<String>,
}

/// The header of a token.
#[derive(Debug, Deserialize)]
pub(super) struct Header {
    pub(super) kid: Option<String>,
}

impl Claims {
    /// The claims of a token, whoever signed it.
    pub(super) fn unverified(token: &str) -> Result<Self, SignInError> {
        part(token, 1)
    }

    /// What the person is known by, for good: Entra's `<tenant>/<object id>`, else the
    /// provider's `sub`. Never an e-mail address, which somebody else may have tomorrow.
    pub(crate) fn key(&self, kind: ProviderKind) -> Result<String, SignInError> {
        let missing = |what: &str| SignInError::Token(format!("it has no {what}"));
        match (kind, &self.oid, &self.tid) {
            (ProviderKind::Microsoft, Some(oid), Some(tid)) => {
                Ok(format!("{}:{tid}/{oid}", kind.id()).to_lowercase())
            }
            (ProviderKind::Microsoft, ..) => Err(missing("oid and tid: ask for the scope profile")),
            (ProviderKind::Oidc, ..) if self.sub.is_empty() => Err(missing("sub")),
            (ProviderKind::Oidc, ..) => Ok(format!("{}:{}", kind.id(), self.sub)),
        }
    }

    /// What to call the person.
    pub(super) fn display_name(&self) -> String {
        [&self.name, &self.preferred_username, &self.email]
            .into_iter()
            .flatten()
            .find(|it| !it.is_empty())
            .unwrap_or(&self.sub)
            .clone()
    }

    /// The e-mail address, where the provider says that it is verified; with `trusting`, also
    /// where it does not say. Elsewhere people may write any address they like.
    pub(crate) fn trusted_email(&self, trusting: bool) -> Option<&str> {
        let said = [&self.email_verified, &self.xms_edov];
        let mut said = said.into_iter().flatten().map(is_true).peekable();
        let verified = match said.peek() {
            None => trusting,
            Some(_) => said.all(|it| it),
        };
        self.email
            .as_deref()
            .filter(|it| verified && !it.is_empty())
    }

    /// Whether the person is in more groups than the token holds.
    pub(super) fn groups_are_elsewhere(&self) -> bool {
        let named = self.claim_names.as_ref();
        let named = named.is_some_and(|names| names.get("groups").is_some());
        named || self.hasgroups.as_ref().is_some_and(is_true)
    }

    /// The roles that the provider gave by name.
    pub(super) fn own_roles(&self) -> Vec<String> {
        if self.roles.iter().any(|it| it == ADMINISTRATOR) {
            tracing::warn!(
                issuer = self.iss,
                subject = self.sub,
                "policies leave out the role `{ADMINISTRATOR}` that the sign-in provider gave: it \
                 is the portal's own; name the role in `signIn.groups` to make its holders members \
                 of `permissions.platformGroup`"
            );
        }
        let own = self.roles.iter();
        own.filter(|it| !it.starts_with(GROUP)).cloned().collect()
    }
}

/// The role that a group stands for.
pub(super) fn group_role(id: &str) -> String {
    format!("{GROUP}{id}")
}

/// One part of a token, of three.
pub(super) fn part<T: DeserializeOwned>(token: &str, at: usize) -> Result<T, SignInError> {
    let unreadable = || SignInError::Token("it is not readable".to_owned());
    let encoded = token.split('.').nth(at).ok_or_else(unreadable)?;
    let decoded = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| unreadable())?;
    serde_json::from_slice(&decoded).map_err(|_| unreadable())
}

/// A list of texts; some providers write one text as itself.
fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(one) => vec![one],
        Value::Array(many) => many
            .into_iter()
            .filter_map(|it| it.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    })
}

/// Providers write booleans in three ways.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(it) => *it,
        Value::String(it) => it == "true" || it == "1",
        Value::Number(it) => it.as_u64() == Some(1),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn claims(value: Value) -> Claims {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn people_are_known_by_what_never_changes() {
        let entra = claims(json!({
            "sub": "pairwise", "oid": "AAAA", "tid": "TTTT", "email": "ada@contoso.test",
        }));
        assert_eq!(
            entra.key(ProviderKind::Microsoft).unwrap(),
            "microsoft:tttt/aaaa"
        );
        assert_eq!(entra.key(ProviderKind::Oidc).unwrap(), "oidc:pairwise");
        let no_oid = claims(json!({ "sub": "x", "email": "ada@contoso.test" }));
        assert!(no_oid.key(ProviderKind::Microsoft).is_err());
        assert!(claims(json!({})).key(ProviderKind::Oidc).is_err());
    }

    #[test]
    fn an_address_counts_when_it_is_verified() {
        let email = |more: Value| {
            let mut value = json!({ "email": "ada@contoso.test" });
            value
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            let claims = claims(value);
            [false, true].map(|trusting| claims.trusted_email(trusting).is_some())
        };
        assert_eq!(email(json!({})), [false, true]);
        for verified in [
            json!({ "email_verified": true }),
            json!({ "email_verified": "true" }),
            json!({ "xms_edov": 1 }),
            json!({ "email_verified": true, "xms_edov": true }),
        ] {
            assert_eq!(email(verified), [true, true]);
        }
        for not in [
            json!({ "email_verified": false }),
            json!({ "email_verified": "false" }),
            json!({ "xms_edov": "0" }),
            json!({ "email_verified": true, "xms_edov": false }),
        ] {
            assert_eq!(email(not), [false, false]);
        }
    }

    #[test]
    fn no_role_passes_for_a_group() {
        let roles = claims(json!({ "roles": ["Portal.Admin", "group:g-1"] })).own_roles();
        assert_eq!(roles, ["Portal.Admin"]);
    }

    #[test]
    fn groups_elsewhere_are_not_no_groups() {
        let elsewhere = |value| claims(value).groups_are_elsewhere();
        assert!(elsewhere(json!({ "_claim_names": { "groups": "src1" } })));
        assert!(elsewhere(json!({ "hasgroups": true })));
        assert!(!elsewhere(json!({ "_claim_names": { "other": "src1" } })));
        assert!(!elsewhere(json!({ "groups": [] })));
    }
}
