//! `RepoBranchPicker` and `RepoOwnerPicker`: what repositories have, and anything else.

use leptos::prelude::*;
use portico_model::form::Field;
use serde_json::Value;

use super::super::{FormState, Place};
use super::answers::answers;
use super::pick::{self, Pick};
use crate::components::{Choice, Loader};
use crate::data::fields::{repository_branches, repository_owners};

/// The branches of the repository that `repoUrl` of the form has, or the field that
/// `ui:options.repoUrl` names.
pub(super) fn branch(form: FormState, field: &Field, place: Place) -> AnyView {
    let named = field.hints.options.get("repoUrl").and_then(Value::as_str);
    let named = named.unwrap_or("repoUrl").to_owned();
    let answers = answers(form);
    let repo_url = Memo::new(move |_| {
        answers.with(|all| {
            let address = all.get(&named).and_then(Value::as_str);
            address.unwrap_or_default().to_owned()
        })
    });
    let load = Loader::new(move |term: String| {
        let repo_url = repo_url.get_untracked();
        async move {
            if repo_url.is_empty() {
                return Ok(Vec::new());
            }
            Ok(plain(repository_branches(term, repo_url).await?))
        }
    });
    let chosen = pick::chosen(form, &place.path);
    // Another repository has other branches.
    Effect::new(move |before: Option<String>| {
        let now = repo_url.get();
        if before.is_some_and(|before| before != now && !before.is_empty()) {
            chosen.set(Vec::new());
        }
        now
    });
    let pick = Pick {
        chosen,
        load,
        free: true,
        placeholder: "Type a branch",
        note: Signal::stored(None),
    };
    pick::view(form, field, place, pick)
}

/// Users and organisations, without those of `excludedOwners`.
pub(super) fn owner(form: FormState, field: &Field, place: Place) -> AnyView {
    let excluded = field.hints.options.get("excludedOwners");
    let excluded = excluded.and_then(Value::as_array).cloned();
    let excluded = excluded.unwrap_or_default();
    let load = Loader::new(move |term: String| {
        let excluded = excluded.clone();
        async move {
            let mut owners = repository_owners(term).await?;
            owners.retain(|owner| !excluded.iter().any(|it| it == owner.as_str()));
            Ok(plain(owners))
        }
    });
    let chosen = pick::chosen(form, &place.path);
    let pick = Pick {
        chosen,
        load,
        free: true,
        placeholder: "Type an owner",
        note: Signal::stored(None),
    };
    pick::view(form, field, place, pick)
}

fn plain(texts: Vec<String>) -> Vec<Choice> {
    let choice = |it: String| Choice::new(it.clone(), it);
    texts.into_iter().map(choice).collect()
}
