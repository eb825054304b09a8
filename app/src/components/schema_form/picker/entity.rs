//! `EntityPicker` and its kin: entities of the catalog, found while one types.

use leptos::prelude::*;
use leptos::task::spawn_local;
use portico_model::form::{EntityChoice, Field};

use super::super::{FormState, Place};
use super::pick::{self, Pick, values};
use crate::components::{Choice, Loader};
use crate::data::EntityLabel;
use crate::data::find::{entity_labels, find_entities};

/// A field of entities.
pub(super) fn view(form: FormState, field: &Field, place: Place, choice: EntityChoice) -> AnyView {
    let EntityChoice {
        filters,
        mine,
        free,
        ..
    } = choice;
    let chosen = pick::chosen(form, &place.path);
    name_by_titles(chosen);
    let load = Loader::new(move |term: String| {
        let filters = filters.clone();
        async move {
            let found = find_entities(term, filters, mine).await?;
            let choice = |it: EntityLabel| Choice::new(it.entity_ref, it.title);
            Ok(found.into_iter().map(choice).collect())
        }
    });
    let pick = Pick {
        chosen,
        load,
        free,
        placeholder: "Type to search the catalog",
        note: Signal::stored(None),
    };
    pick::view(form, field, place, pick)
}

/// Shows the titles of entities in place of their references.
fn name_by_titles(chosen: RwSignal<Vec<Choice>>) {
    let refs = Memo::new(move |_| chosen.with(|all| values(all)));
    Effect::new(move || {
        let refs = refs.get();
        if refs.is_empty() {
            return;
        }
        spawn_local(async move {
            let titles = entity_labels(refs.clone()).await.unwrap_or_default();
            if titles.is_empty() || chosen.try_with_untracked(|all| values(all)) != Some(refs) {
                return;
            }
            chosen.update(|all| {
                for (choice, title) in all.iter_mut().zip(titles) {
                    choice.label = title.title;
                }
            });
        });
    });
}
