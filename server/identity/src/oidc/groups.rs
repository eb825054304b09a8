//! The roles of a person: those that the provider names, and one for each group.

use portico_config::{GroupClaims, ProviderKind, Secret};
use serde::Deserialize;
use serde_json::json;

use super::{Claims, SignInError, claims::group_role, provider::Provider};

/// More pages of groups than anybody has.
const PAGES: usize = 20;

#[derive(Deserialize)]
struct Page {
    value: Vec<String>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
}

impl Provider {
    /// The roles of a person. When the groups are too many for the token they are read from
    /// Microsoft Graph; when that fails nothing is known of them, which is an error and not
    /// "no groups".
    pub(super) async fn roles(
        &self,
        claims: &Claims,
        access_token: &Secret,
    ) -> Result<Vec<String>, SignInError> {
        let mut roles = claims.own_roles();
        if self.config.group_claims == GroupClaims::Ignore {
            return Ok(roles);
        }
        if !claims.groups_are_elsewhere() {
            roles.extend(claims.groups.iter().map(|it| group_role(it)));
            return Ok(roles);
        }
        if self.config.kind != ProviderKind::Microsoft {
            return Err(SignInError::Groups(
                "the token has no room for them, and only Microsoft Graph can be asked".to_owned(),
            ));
        }
        let read = self.graph_groups(claims, access_token).await;
        let groups = read.map_err(|error| SignInError::Groups(error.to_string()))?;
        roles.extend(groups.iter().map(|it| group_role(it)));
        Ok(roles)
    }

    /// The address that the token names may be one that has long been shut down.
    async fn graph_groups(
        &self,
        claims: &Claims,
        access_token: &Secret,
    ) -> Result<Vec<String>, SignInError> {
        let base = &self.config.graph_url;
        let oid = claims.oid.as_deref().unwrap_or_default();
        let oid = uuid::Uuid::try_parse(oid)
            .map_err(|_| SignInError::Token("its oid is not an id".to_owned()))?;
        let mut url = format!("{base}/v1.0/users/{oid}/getMemberObjects");
        let mut groups = Vec::new();
        for page in 0..PAGES {
            let request = if page == 0 {
                http::Request::post(&url)
            } else {
                http::Request::get(&url)
            };
            let body = json!({ "securityEnabledOnly": false }).to_string();
            let request = request
                .header(
                    http::header::AUTHORIZATION,
                    format!("Bearer {}", access_token.expose()),
                )
                .header(http::header::CONTENT_TYPE, "application/json")
                .body(if page == 0 { body.into() } else { Vec::new() });
            let answer: Page = self.web.json(request, &url).await?;
            groups.extend(answer.value);
            match answer.next {
                None => return Ok(groups),
                // The access token is for Graph only.
                Some(next) if next.starts_with(&format!("{base}/")) => url = next,
                Some(_) => break,
            }
        }
        Err(SignInError::Unavailable(format!(
            "{base}: its list of groups has no end"
        )))
    }
}
