//! The repositories that the credentials of the configuration reach.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    AzureDevOps,
    address::Address,
    client::{AzureClient, AzureScope},
    read::{READ, default_branch},
};
use crate::{Repository, Result};

impl AzureDevOps {
    /// Those of the organisations that credentials name: which others a credential reaches,
    /// Azure DevOps does not tell.
    pub(super) async fn list(&self) -> Result<Vec<Repository>> {
        let mut found = Vec::new();
        for host in &self.integrations.hosts().azure {
            let credentials = host.credentials.iter();
            let named: BTreeSet<&String> = credentials.flat_map(|(names, _)| names).collect();
            for organization in named {
                let client = AzureClient::of_project(
                    &self.integrations,
                    &host.host,
                    organization,
                    "",
                    None,
                )?;
                let scope = AzureScope::Organization;
                let listed = client.get(scope, "/git/repositories", &[], READ).await?;
                let listed = listed["value"].as_array().into_iter().flatten();
                let usable = listed.filter(|it| it["isDisabled"].as_bool() != Some(true));
                found.extend(usable.filter_map(|it| repository(&client.address, it)));
            }
        }
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }
}

fn repository(organization: &Address<'_>, listed: &Value) -> Option<Repository> {
    let address = Address {
        project: listed["project"]["name"].as_str()?.to_owned(),
        name: listed["name"].as_str()?.to_owned(),
        ..organization.clone()
    };
    Some(Repository {
        name: address.label(),
        url: address.url(),
        default_branch: default_branch(listed).unwrap_or_default(),
    })
}
