//! Reading from Azure DevOps services and servers: the Items API.
//!
//! A file's fingerprint is its git object id, which the Items API tells without
//! sending the content and which we compute from content we have.

use portico_config::AzureIntegration;
use portico_integrations::{Answer, AzureApi, Method, StatusCode, azure::AzureCall};
use serde::Deserialize;
use sha1::{Digest, Sha1};
use url::Url;

use crate::ReadError;
use crate::raw::{Listed, RawFile, RawOutcome};
use crate::target::{AzureTarget, FilePattern};

/// Understood by Azure DevOps Server 2020 and later.
const API_VERSION: &str = "6.0";
const BLOB: &str = "blob:";
const TREE: &str = "tree:";

/// One organisation of an Azure DevOps host.
pub(crate) struct Azure<'a>(pub(crate) AzureApi<'a>);

/// A file or folder, as the Items API describes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    object_id: String,
    git_object_type: String,
    path: String,
}

#[derive(Deserialize)]
struct Items {
    value: Vec<Item>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Repository {
    project: Project,
}

#[derive(Deserialize)]
struct Project {
    description: Option<String>,
}

impl Azure<'_> {
    /// Reads one file.
    pub(crate) async fn read(
        &self,
        at: &AzureTarget,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let path = format!("/{}", at.path);
        if let Some(known) = fingerprint.and_then(|it| it.strip_prefix(BLOB)) {
            let item: Item = self
                .items(at, &[("path", &path)], target)
                .await?
                .json(target)?;
            if item.object_id == known {
                return Ok(RawOutcome::Unchanged);
            }
        }
        let query = [("path", path.as_str()), ("$format", "octetStream")];
        let answer = self.items(at, &query, target).await?;
        let fingerprint = Some(format!("{BLOB}{}", blob_id(&answer.body)));
        Ok(RawOutcome::File(RawFile {
            content: answer.body,
            fingerprint,
        }))
    }

    /// Lists the files that a pattern matches.
    pub(crate) async fn expand(
        &self,
        at: &AzureTarget,
        pattern: &FilePattern,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let folder = format!("/{}", pattern.folder);
        if let Some(known) = fingerprint.and_then(|it| it.strip_prefix(TREE)) {
            let item: Item = self
                .items(at, &[("path", &folder)], target)
                .await?
                .json(target)?;
            if item.object_id == known {
                return Ok(RawOutcome::Unchanged);
            }
        }
        let query = [("scopePath", folder.as_str()), ("recursionLevel", "Full")];
        let items: Items = self.items(at, &query, target).await?.json(target)?;
        let root = items.value.iter().find(|it| it.path == folder);
        let fingerprint = root.map(|it| format!("{TREE}{}", it.object_id));
        let paths = items.value.iter().filter(|it| it.git_object_type == "blob");
        let paths = paths.map(|it| it.path.trim_start_matches('/'));
        // The Items API does not tell modes.
        let found = paths
            .filter(|path| pattern.matches(path))
            .map(|path| Listed::new(at.at(path), path, ""));
        Ok(RawOutcome::expanded(found, fingerprint))
    }

    /// The project's description: repositories have none of their own.
    pub(crate) async fn description(
        &self,
        at: &AzureTarget,
        target: &str,
    ) -> Result<Option<String>, ReadError> {
        let answer = self.get(at, "", &[], target).await?;
        let repository: Repository = answer.json(target)?;
        Ok(repository
            .project
            .description
            .filter(|text| !text.trim().is_empty()))
    }

    async fn items(
        &self,
        at: &AzureTarget,
        query: &[(&str, &str)],
        target: &str,
    ) -> Result<Answer, ReadError> {
        let mut query = query.to_vec();
        if !query.iter().any(|(key, _)| *key == "$format") {
            query.push(("$format", "json"));
        }
        if let Some(version) = &at.version {
            let (kind, name) = version.descriptor();
            query.push(("versionDescriptor.versionType", kind));
            query.push(("versionDescriptor.version", name));
        }
        self.get(at, "/items", &query, target).await
    }

    async fn get(
        &self,
        at: &AzureTarget,
        rest: &str,
        query: &[(&str, &str)],
        target: &str,
    ) -> Result<Answer, ReadError> {
        let mut url = Url::parse(&format!("{}{rest}", at.api_url()))
            .map_err(|error| ReadError::invalid(target, error.to_string()))?;
        url.query_pairs_mut()
            .extend_pairs(query)
            .append_pair("api-version", API_VERSION);
        let mut call = AzureCall::new(Method::GET, url);
        call.accept = "application/json, application/octet-stream";
        let answer = self.0.send(call).await?;
        self.check(&answer, at, self.0.has_credential(), target)?;
        Ok(answer)
    }

    /// Turns a refusal into what the operator can do about it.
    fn check(
        &self,
        answer: &Answer,
        at: &AzureTarget,
        has_credential: bool,
        target: &str,
    ) -> Result<(), ReadError> {
        let AzureIntegration { key, host, .. } = self.0.integration();
        let repository = format!("{}/{}/{}", at.organization, at.project, at.repository);
        // Without valid credentials Azure DevOps answers 203, or redirects, with a sign-in page.
        let sign_in_page = answer.status == StatusCode::NON_AUTHORITATIVE_INFORMATION
            || answer
                .redirect()
                .unwrap_or(answer.url.path())
                .contains("_signin");
        match answer.status {
            _ if sign_in_page && has_credential => Err(refused(target, host, key)),
            StatusCode::UNAUTHORIZED if has_credential => Err(refused(target, host, key)),
            StatusCode::UNAUTHORIZED => Err(wanted(target, host, key, &at.organization)),
            _ if sign_in_page => Err(wanted(target, host, key, &at.organization)),
            StatusCode::FORBIDDEN => Err(ReadError::denied(
                target,
                format!(
                    "the credential in {key} may not read {repository}; grant it \"Code (Read)\""
                ),
            )),
            StatusCode::NOT_FOUND => Err(ReadError::not_found(
                target,
                format!(
                    "check branch and path, and that the credential in {key} may read {repository}"
                ),
            )),
            status if status.is_success() => Ok(()),
            status => Err(ReadError::failed(
                target,
                format!("{host} answered {status}"),
            )),
        }
    }
}

fn refused(target: &str, host: &str, key: &str) -> ReadError {
    let fix = format!("{host} does not accept the credential in {key}; it may have expired");
    ReadError::denied(target, fix)
}

fn wanted(target: &str, host: &str, key: &str, organization: &str) -> ReadError {
    let fix = format!("{host} wants a credential; add one for {organization} to {key}.credentials");
    ReadError::denied(target, fix)
}

/// The id git gives to a file with this content.
fn blob_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    hex::encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blob_ids_are_the_ones_git_computes() {
        // `printf 'hello\n' | git hash-object --stdin`
        assert_eq!(
            blob_id(b"hello\n"),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
        assert_eq!(blob_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    }
}
