//! `scm`: reading repositories and proposing changes to them.

use std::sync::Arc;

use super::Guest;
use super::paths::{check_glob, check_path};
use super::repository::within;
use crate::bindings::portico::plugin::scm as wit;
use crate::recorder::Effect;
use crate::services::{Answer, ChangeRequest, Edit, Proposal, Scm};
use crate::store::{CallState, invalid, not_offered, too_much};
use crate::{Interface, text};

const MAX_EDITS: usize = 1_000;
const MAX_NAME_BYTES: usize = 255;
const MAX_TITLE_BYTES: usize = 250;
const MAX_BODY_BYTES: usize = 64 << 10;

impl wit::Host for CallState {
    async fn read_file(&mut self, repository: String, path: String) -> Guest<Option<Vec<u8>>> {
        Ok(self.scm_file(&repository, &path).await.map_err(Into::into))
    }

    async fn find(&mut self, repository: String, glob: String) -> Guest<Vec<String>> {
        Ok(self.scm_find(&repository, &glob).await.map_err(Into::into))
    }

    async fn propose(&mut self, proposal: wit::Proposal) -> Guest<wit::ChangeRequest> {
        let change = self.scm_propose(proposal).await;
        Ok(change.map(Into::into).map_err(Into::into))
    }
}

impl CallState {
    async fn scm_file(&mut self, repository: &str, path: &str) -> Answer<Option<Vec<u8>>> {
        let (scm, repository) = self.scm(repository)?;
        check_path(path)?;
        let limit = self.plugin.limits.file_bytes;
        let file = scm
            .read_file(&self.plugin.key, &repository, path, limit)
            .await?;
        within(file, limit)
    }

    async fn scm_find(&mut self, repository: &str, pattern: &str) -> Answer<Vec<String>> {
        let (scm, repository) = self.scm(repository)?;
        check_glob(pattern)?;
        let max = self.plugin.limits.found_files;
        let mut found = scm
            .find(&self.plugin.key, &repository, pattern, max)
            .await?;
        found.truncate(max as usize);
        Ok(found)
    }

    async fn scm_propose(&mut self, proposal: wit::Proposal) -> Answer<ChangeRequest> {
        let (scm, repository) = self.scm(&proposal.repository)?;
        if !self.plugin.grants.scm.as_ref().is_some_and(|it| it.propose) {
            return Err(self.denied(Interface::Scm, "proposing changes"));
        }
        let proposal = self.checked(repository, proposal)?;
        if let Some(recorder) = &self.context.dry_run {
            recorder.record(Effect::Propose { proposal });
            return Ok(ChangeRequest {
                id: "dry-run".into(),
                url: String::new(),
            });
        }
        scm.propose(&self.plugin.key, proposal).await
    }

    /// The service, and the repository in the form that grants are written for.
    fn scm(&mut self, repository: &str) -> Answer<(Arc<dyn Scm>, String)> {
        self.count_host_call()?;
        let repository = normal_form(repository)?;
        let grant = self.plugin.grants.scm.as_ref();
        if !grant.is_some_and(|it| it.allows(&repository)) {
            return Err(self.denied(Interface::Scm, &format!("the repository {repository}")));
        }
        let scm = self.plugin.services.scm.clone();
        Ok((scm.ok_or_else(|| not_offered("scm"))?, repository))
    }

    fn checked(&mut self, repository: String, it: wit::Proposal) -> Answer<Proposal> {
        if it.edits.is_empty() || it.edits.len() > MAX_EDITS {
            return Err(invalid(format!("a proposal has 1 to {MAX_EDITS} edits")));
        }
        for branch in [Some(&it.branch), it.base.as_ref()].into_iter().flatten() {
            check_branch(branch)?;
        }
        if it.title.trim().is_empty() {
            return Err(invalid("a proposal has a title"));
        }
        let edits = it.edits.into_iter().map(|edit| self.checked_edit(edit));
        Ok(Proposal {
            edits: edits.collect::<Answer<_>>()?,
            repository,
            base: it.base,
            branch: it.branch,
            title: text::line(&it.title, MAX_TITLE_BYTES),
            body: text::paragraph(&it.body, MAX_BODY_BYTES),
        })
    }

    fn checked_edit(&mut self, edit: wit::Edit) -> Answer<Edit> {
        let path = match &edit {
            wit::Edit::Write(file) => &file.path,
            wit::Edit::Remove(path) => path,
        };
        check_path(path)?;
        // Writing there would be executed by git itself.
        if path
            .split('/')
            .any(|part| part.eq_ignore_ascii_case(".git"))
        {
            return Err(invalid(format!("{path:?} is git's own")));
        }
        match edit {
            wit::Edit::Remove(path) => Ok(Edit::Remove { path }),
            wit::Edit::Write(file) => {
                let limit = self.plugin.limits.file_bytes;
                if file.content.len() as u64 > limit {
                    return Err(too_much(format!("a file has at most {limit} bytes")));
                }
                self.count_written(file.content.len())?;
                Ok(Edit::Write {
                    path: file.path,
                    content: file.content,
                })
            }
        }
    }
}

/// `https://HOST/PATH` without `.git`, credentials, query and dots, or `local:NAME`.
fn normal_form(repository: &str) -> Answer<String> {
    let wrong = || invalid("a repository is https://HOST/PATH or local:NAME");
    if repository.len() > 1_000 {
        return Err(wrong());
    }
    if let Some(name) = repository.strip_prefix("local:") {
        let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
        let fits = !name.is_empty() && !name.starts_with('.') && name.chars().all(plain);
        return fits.then(|| repository.to_owned()).ok_or_else(wrong);
    }
    // The parser resolves dots and encoded dots, so that grants see where it leads.
    let url = url::Url::parse(repository).map_err(|_| wrong())?;
    let plain = url.scheme() == "https"
        && url.host_str().is_some()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && !url.path().contains("//")
        && !url.path().to_ascii_lowercase().contains("%2f");
    let text = url.as_str().trim_end_matches('/');
    plain
        .then(|| text.strip_suffix(".git").unwrap_or(text).to_owned())
        .ok_or_else(wrong)
}

/// A part of what git accepts, without what means something to it or to a shell.
fn check_branch(name: &str) -> Answer<()> {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.' | '/');
    let wrong_part = |it: &str| {
        let it = it.to_ascii_lowercase();
        it.is_empty() || it.starts_with(['.', '-']) || it.ends_with('.') || is_lock(&it)
    };
    let fits = name.len() <= MAX_NAME_BYTES
        && name.chars().all(plain)
        && !name.contains("..")
        && !name.split('/').any(wrong_part);
    fits.then_some(())
        .ok_or_else(|| invalid(format!("{name:?} is no name for a branch here")))
}

fn is_lock(part: &str) -> bool {
    part.strip_suffix(".lock").is_some()
}

impl From<ChangeRequest> for wit::ChangeRequest {
    fn from(it: ChangeRequest) -> Self {
        Self {
            id: it.id,
            url: it.url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_have_one_form() {
        for (given, form) in [
            (
                "https://GitHub.com/contoso/Orders.git",
                "https://github.com/contoso/Orders",
            ),
            (
                "https://github.com/contoso/orders/",
                "https://github.com/contoso/orders",
            ),
            (
                "https://github.com/contoso/../fabrikam/x",
                "https://github.com/fabrikam/x",
            ),
            (
                "https://github.com/contoso/%2e%2e/fabrikam/x",
                "https://github.com/fabrikam/x",
            ),
            ("local:orders-api", "local:orders-api"),
        ] {
            assert_eq!(normal_form(given).as_deref(), Ok(form));
        }
        for given in [
            "",
            "local:",
            "local:../x",
            "local:.git",
            "http://github.com/a/b",
            "file:///etc",
            "https://token@github.com/a/b",
            "https://github.com/a/b?x=y",
            "ssh://github.com/a/b",
            "https://github.com/a/b%2f..%2fc",
        ] {
            assert!(normal_form(given).is_err(), "{given}");
        }
    }

    #[test]
    fn branches_are_plain() {
        for name in ["main", "portico/add-redis", "release-1.2"] {
            assert!(check_branch(name).is_ok(), "{name}");
        }
        for name in [
            "", "-x", "a..b", "a/", "/a", "a b", "a~1", "a.lock", "refs/.x", "a@{1}",
        ] {
            assert!(check_branch(name).is_err(), "{name}");
        }
    }
}
