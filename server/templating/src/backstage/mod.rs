//! What Backstage's scaffolder adds to the language: `parseRepoUrl`, `parseEntityRef`, `pick`
//! and `projectSlug`.

mod entity_ref;
mod pick;
mod repo_url;

use std::sync::Arc;

use serde_json::Value as Json;

pub use repo_url::{HostKind, RepoHosts, RepoUrl, RepoUrlError};

use crate::{Engine, Extension, Extensions, Syntax};

impl Engine {
    /// The language of templates and skeletons, with `${{ }}`. `hosts` says which repository
    /// hosts there are.
    pub fn backstage(hosts: RepoHosts) -> Self {
        Self::new(Syntax::BACKSTAGE).with_extensions(extensions(hosts))
    }
}

/// Backstage's filters. A host may add its own to them.
pub fn extensions(hosts: RepoHosts) -> Extensions {
    let hosts = Arc::new(hosts);
    let for_slug = hosts.clone();
    Extensions::default()
        .with_filter(
            "parseRepoUrl",
            filter(
                "The parts of what a RepoUrlPicker gives: host, owner, repo, organization, project.",
                "${{ parameters.repoUrl | parseRepoUrl }}",
                move |it| Ok(RepoUrl::parse(text(it)?, &hosts)?.to_json()),
            ),
        )
        .with_filter(
            "projectSlug",
            filter(
                "The owner and repository that a RepoUrlPicker gives, as owner/repo.",
                "${{ parameters.repoUrl | projectSlug }}",
                move |it| {
                    let url = RepoUrl::parse(text(it)?, &for_slug)?;
                    let owner = url.owner.unwrap_or_default();
                    Ok(Json::String(format!("{owner}/{}", url.repo.unwrap_or_default())))
                },
            ),
        )
        .with_filter(
            "parseEntityRef",
            filter(
                "The kind, namespace and name of an entity reference.",
                "${{ parameters.owner | parseEntityRef({ defaultKind: 'group' }) | pick('name') }}",
                entity_ref::parse,
            ),
        )
        .with_filter(
            "pick",
            filter(
                "The value at a path in an object.",
                "${{ parameters.owner | parseEntityRef | pick('name') }}",
                pick::pick,
            ),
        )
}

fn filter(
    description: &str,
    example: &str,
    run: impl Fn(&[Json]) -> Result<Json, String> + Send + Sync + 'static,
) -> Extension {
    Extension {
        description: description.to_owned(),
        example: example.to_owned(),
        run: Arc::new(run),
    }
}

fn text(arguments: &[Json]) -> Result<&str, String> {
    match arguments.first() {
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(format!("it takes a text, and this is {}", kind_of(other))),
        None => Err("it takes a text".to_owned()),
    }
}

fn kind_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "nothing",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}
