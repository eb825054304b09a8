//! Who sees which repositories. What somebody may not see does not exist for them.

use portico_access::{Action, Principal, Resource, Scope};

use super::Scm;
use crate::{Repository, RepositoryHost, Result, ScmError, owners};

impl Scm {
    /// Those of the repositories that somebody may see.
    pub(super) async fn visible(
        &self,
        who: &Principal,
        repositories: Vec<Repository>,
    ) -> Result<Vec<Repository>> {
        let everything = self.authorizer().scope(who, Action::ScmRead) == Scope::Everything;
        if everything && !self.sees_some_entities(who) {
            return Ok(repositories);
        }
        let mut visible = Vec::with_capacity(repositories.len());
        for repository in repositories {
            if self.is_of_hidden(who, &repository.url).await? {
                continue;
            }
            let owners = owners::owners(&self.catalog, &repository).await?;
            if everything || self.may_read(who, &repository.url, &owners) {
                visible.push(repository);
            }
        }
        Ok(visible)
    }

    /// The host of a repository that `who` may read.
    pub(super) async fn readable(
        &self,
        who: &Principal,
        repository: &str,
    ) -> Result<&dyn RepositoryHost> {
        self.require(who, Action::ScmRead, &Resource::Any)?;
        let host = self.host(repository)?;
        if self.authorizer().scope(who, Action::ScmRead) == Scope::Everything {
            self.require_not_hidden(who, repository).await?;
        } else {
            self.owners_for(who, repository).await?;
        }
        Ok(host)
    }

    /// The owners of a repository that `who` wants to do something to. One that they may not
    /// see is not found. Who reads no repository at all may know an address all the same.
    pub(super) async fn owners_for(
        &self,
        who: &Principal,
        repository: &str,
    ) -> Result<Vec<String>> {
        self.require_not_hidden(who, repository).await?;
        let owners = self.owners_in_catalog(repository).await?;
        let some = matches!(
            self.authorizer().scope(who, Action::ScmRead),
            Scope::Where(_)
        );
        if some && !self.may_read(who, repository, &owners) {
            return Err(missing(repository));
        }
        Ok(owners)
    }

    async fn require_not_hidden(&self, who: &Principal, repository: &str) -> Result<()> {
        match self.is_of_hidden(who, repository).await? {
            true => Err(missing(repository)),
            false => Ok(()),
        }
    }

    fn may_read(&self, who: &Principal, url: &str, owners: &[String]) -> bool {
        let resource = Resource::Repository { url, owners };
        self.authorizer().allows(who, Action::ScmRead, &resource)
    }

    /// Whether only entities live in a repository which somebody does not see.
    async fn is_of_hidden(&self, who: &Principal, url: &str) -> Result<bool> {
        Ok(self.sees_some_entities(who)
            && owners::is_named(&self.catalog, &Principal::System, url).await?
            && !owners::is_named(&self.catalog, who, url).await?)
    }

    /// Whether somebody sees some entities and others not. For who reads none at all, a token
    /// for repositories only, say, policies about repositories decide alone.
    fn sees_some_entities(&self, who: &Principal) -> bool {
        let scope = self.authorizer().scope(who, Action::EntityRead);
        matches!(scope, Scope::Where(_))
    }
}

/// As the hosts of this portal say it of what is not there.
fn missing(repository: &str) -> ScmError {
    ScmError::NotFound(format!("repository {repository}"))
}
