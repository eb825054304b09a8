//! What fields of forms offer, beside entities.

use leptos::prelude::*;
use serde_json::Value;

use super::{EntityLabel, Json, UiError};

/// What `ui:options.from` offers while a form has these answers: values, and what is shown for
/// each.
#[server(prefix = "/_ui", endpoint = "field-choices", input = Json, output = Json)]
pub async fn field_choices(
    source: Value,
    parameters: Value,
) -> Result<Vec<(String, String)>, UiError> {
    let context = super::server_context()?;
    let (tasks, who) = (context.tasks()?, &context.principal);
    let choices = tasks.field_choices(who, &source, &parameters).await?;
    Ok(choices.into_iter().map(|it| (it.value, it.label)).collect())
}

/// The tags of entities of these kinds (of all when none) that contain `term`, and how many
/// entities have each; what many have comes first.
#[server(prefix = "/_ui", endpoint = "entity-tags", input = Json, output = Json)]
pub async fn entity_tags(term: String, kinds: Vec<String>) -> Result<Vec<(String, u64)>, UiError> {
    server::tags(&super::server_context()?, &term, &kinds)
}

/// The branches of a repository (the value of a `RepoUrlPicker`) that contain `term`.
#[server(prefix = "/_ui", endpoint = "repository-branches", input = Json, output = Json)]
pub async fn repository_branches(term: String, repo_url: String) -> Result<Vec<String>, UiError> {
    let context = super::server_context()?;
    let (tasks, who) = (context.tasks()?, &context.principal);
    let branches = tasks.branches_of(who, &repo_url).await?;
    Ok(server::containing(branches, &term))
}

/// The owners of repositories on a host that contain `term`, as far as the catalog knows them.
#[server(prefix = "/_ui", endpoint = "repository-owners", input = Json, output = Json)]
pub async fn repository_owners(term: String) -> Result<Vec<String>, UiError> {
    server::owners(&super::server_context()?, &term)
}

/// What has a name already, of a kind or of any.
#[server(prefix = "/_ui", endpoint = "same-name", input = Json, output = Json)]
pub async fn same_name(name: String, kind: Option<String>) -> Result<Vec<EntityLabel>, UiError> {
    let context = super::server_context()?;
    let (catalog, who) = (&context.catalog, &context.principal);
    let taken = catalog.named(who, &name, kind.as_deref())?;
    Ok(taken.iter().map(EntityLabel::from).collect())
}

#[cfg(feature = "ssr")]
mod server {
    use portico_model::Predicate;

    use crate::{
        ServerContext,
        data::{UiError, find::OFFERED},
    };

    /// `organization/repository` of what is on GitHub.
    const SLUG: &str = "metadata.annotations.github.com/project-slug";

    pub(super) fn tags(
        context: &ServerContext,
        term: &str,
        kinds: &[String],
    ) -> Result<Vec<(String, u64)>, UiError> {
        let kinds: Vec<String> = kinds.iter().map(|it| it.to_lowercase()).collect();
        let within = match kinds.is_empty() {
            true => Predicate::all(Vec::new()),
            false => Predicate::In("kind".to_owned(), kinds),
        };
        let mut tags = facet(context, "metadata.tags", &within)?;
        let term = term.trim().to_lowercase();
        tags.retain(|(tag, _)| tag.contains(&term));
        tags.sort_by(|(a, of_a), (b, of_b)| of_b.cmp(of_a).then_with(|| a.cmp(b)));
        tags.truncate(OFFERED);
        Ok(tags)
    }

    pub(super) fn owners(context: &ServerContext, term: &str) -> Result<Vec<String>, UiError> {
        let slugs = facet(context, SLUG, &Predicate::all(Vec::new()))?.into_iter();
        let owners = slugs.filter_map(|(slug, _)| Some(slug.split_once('/')?.0.to_owned()));
        let mut owners: Vec<String> = owners.collect();
        owners.sort_unstable();
        owners.dedup();
        Ok(containing(owners, term))
    }

    fn facet(
        context: &ServerContext,
        key: &str,
        within: &Predicate,
    ) -> Result<Vec<(String, u64)>, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let mut facets = catalog.facets(who, &[key.to_owned()], within)?;
        Ok(facets.pop().unwrap_or_default())
    }

    pub(super) fn containing(mut texts: Vec<String>, term: &str) -> Vec<String> {
        let term = term.trim().to_lowercase();
        texts.retain(|text| text.to_lowercase().contains(&term));
        texts.truncate(OFFERED);
        texts
    }
}
