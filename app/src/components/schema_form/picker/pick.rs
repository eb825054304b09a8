//! A field whose value is found while one types: one text, or several.

use leptos::prelude::*;
use portico_model::form::{Draft, Field, FieldKind};

use super::super::{FormState, Place};
use crate::components::{Choice, Combobox, FormField, Loader};

/// How a field finds what it offers.
pub(super) struct Pick {
    /// What is chosen, see [`chosen`].
    pub chosen: RwSignal<Vec<Choice>>,
    /// Finds what there is.
    pub load: Loader<Choice>,
    /// Whether something else can be entered.
    pub free: bool,
    /// What stands in it while it is empty.
    pub placeholder: &'static str,
    /// What is to be said below it, beside its own help.
    pub note: Signal<Option<String>>,
}

/// What is chosen at a path of a form, and changes with it: a draft may be restored. It is shown
/// as it is written until somebody puts in a better label.
pub(super) fn chosen(form: FormState, path: &[usize]) -> RwSignal<Vec<Choice>> {
    let stored = form.part(path, texts);
    let chosen = RwSignal::new(choices(&stored.get_untracked()));
    Effect::new(move || {
        let now = stored.get();
        if chosen.with_untracked(|all| values(all) != now) {
            chosen.set(choices(&now));
        }
    });
    let path = path.to_vec();
    Effect::new(move || {
        let picked = chosen.with(|all| values(all));
        if picked != stored.get_untracked() {
            form.change(&path, |draft| fill(draft, picked));
        }
    });
    chosen
}

/// The values of choices.
pub(super) fn values(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|it| it.value.clone()).collect()
}

pub(super) fn view(
    form: FormState,
    field: &Field,
    Place { path, label }: Place,
    pick: Pick,
) -> AnyView {
    let multiple = matches!(field.kind, FieldKind::List(_));
    let (id, error) = (form.id_of(&path), form.problem(&path));
    let help = field.help().map(str::to_owned);
    let placeholder = field.hints.placeholder.clone();
    let placeholder = placeholder.unwrap_or_else(|| pick.placeholder.to_owned());
    let Pick {
        chosen: selected,
        load,
        free,
        note,
        ..
    } = pick;
    view! {
        <FormField id=id.clone() label=label.clone() nostrip:help=help error required=field.required>
            <Combobox name=id label load selected multiple free eager=true placeholder/>
        </FormField>
        <p class="field-note" role="status">{note}</p>
    }
    .into_any()
}

fn texts(draft: &Draft) -> Vec<String> {
    match draft {
        Draft::List { items, .. } => items.iter().map(|it| it.text().to_owned()).collect(),
        draft => Some(draft.text().to_owned())
            .filter(|it| !it.is_empty())
            .into_iter()
            .collect(),
    }
}

fn choices(values: &[String]) -> Vec<Choice> {
    let choice = |it: &String| Choice::new(it.clone(), it.clone());
    values.iter().map(choice).collect()
}

fn fill(draft: &mut Draft, mut values: Vec<String>) {
    match draft {
        Draft::List { items, on } => {
            *on = true;
            *items = values.into_iter().map(Draft::Text).collect();
        }
        draft => *draft = Draft::Text(values.pop().unwrap_or_default()),
    }
}
