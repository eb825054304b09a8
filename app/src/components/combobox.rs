//! Choosing among very many: type, and pick what is found.

use leptos::ev;
use leptos::prelude::*;

use super::form_field::FieldContext;
use super::live::follow;
use super::{Choice, Icon, Loader};

/// A text field that finds choices while one types. Picks one, or several.
#[component]
pub fn Combobox(
    /// The form field's name; one hidden input a chosen value.
    #[prop(into)]
    name: String,
    /// The name, when no label is tied to it.
    #[prop(into)]
    label: String,
    /// Finds choices for a text.
    load: Loader<Choice>,
    /// What is chosen.
    selected: RwSignal<Vec<Choice>>,
    /// Whether several can be chosen.
    #[prop(optional)]
    multiple: bool,
    /// Whether what is typed can be chosen although it is not found.
    #[prop(optional)]
    free: bool,
    /// Offers something before anything is typed.
    #[prop(optional)]
    eager: bool,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
) -> impl IntoView {
    let field = FieldContext::current();
    let list_id = format!("{name}-options");
    let text = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let focused = RwSignal::new(false);
    let eager = Signal::derive(move || eager && focused.get());
    let found = follow(text, load, eager);
    let options = Memo::new(move |_| {
        let chosen = selected.get();
        let (mut items, loading) = found.with(|found| (found.items.clone(), found.loading));
        let typed = text.with(|text| text.trim().to_owned());
        let is_found = items
            .iter()
            .any(|it| it.value == typed || it.label == typed);
        items.retain(|item| !chosen.contains(item));
        if free && !loading && !typed.is_empty() && !is_found {
            items.push(Choice::new(typed.clone(), typed));
        }
        items
    });
    let open = move || eager.get() || text.with(|text| !text.trim().is_empty());
    let pick = move |choice: Choice| {
        selected.update(|selected| {
            if !multiple {
                selected.clear();
            }
            selected.push(choice);
        });
        text.set(String::new());
        active.set(0);
        // One is enough: the list would only be in the way.
        if !multiple {
            focused.set(false);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            let last = options.with(Vec::len).saturating_sub(1);
            active.update(|active| *active = (*active + 1).min(last));
        }
        "ArrowUp" => {
            event.prevent_default();
            active.update(|active| *active = active.saturating_sub(1));
        }
        "Enter" if open() => {
            event.prevent_default();
            if let Some(choice) = options.with(|options| options.get(active.get()).cloned()) {
                pick(choice);
            }
        }
        "Escape" => {
            text.set(String::new());
            focused.set(false);
        }
        "Backspace" if text.with(String::is_empty) => {
            selected.update(|selected| {
                selected.pop();
            });
        }
        _ => {}
    };

    let option_id = {
        let list_id = list_id.clone();
        move |at: usize| format!("{list_id}-{at}")
    };
    let active_id = {
        let option_id = option_id.clone();
        move || {
            (open() && options.with(|options| !options.is_empty())).then(|| option_id(active.get()))
        }
    };
    view! {
        <div class="combobox">
            <div class="input combobox-control">
                <For each=move || selected.get() key=|choice| (choice.value.clone(), choice.label.clone()) let:choice>
                    {
                        let value = choice.value.clone();
                        view! {
                            <span class="chip">
                                <span class="truncate">{choice.label.clone()}</span>
                                <input type="hidden" name=name.clone() value=choice.value/>
                                <button
                                    type="button"
                                    class="chip-remove"
                                    aria-label=format!("Remove {}", choice.label)
                                    on:click=move |_| selected.update(|all| all.retain(|one| one.value != value))
                                >
                                    <Icon icon=Icon::X size=12/>
                                </button>
                            </span>
                        }
                    }
                </For>
                <input
                    class="combobox-input"
                    id=field.id()
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    aria-label=label.clone()
                    aria-autocomplete="list"
                    aria-expanded=move || if open() { "true" } else { "false" }
                    aria-controls=list_id.clone()
                    aria-activedescendant=active_id
                    aria-describedby=field.described_by()
                    aria-invalid=field.aria_invalid()
                    placeholder=move || {
                        let full = !multiple && selected.with(|all| !all.is_empty());
                        (!full).then(|| placeholder.clone()).flatten()
                    }
                    prop:value=move || text.get()
                    on:input=move |event| {
                        focused.set(true);
                        active.set(0);
                        text.set(event_target_value(&event));
                    }
                    on:focus=move |_| focused.set(true)
                    on:blur=move |_| {
                        focused.set(false);
                        // What somebody has typed and left was meant.
                        let typed = text.with_untracked(|text| text.trim().to_owned());
                        if free && !typed.is_empty() {
                            pick(Choice::new(typed.clone(), typed));
                        }
                    }
                    on:keydown=on_key
                />
            </div>
            <ul class="listbox" id=list_id role="listbox" aria-label=label hidden=move || !open()>
                {move || {
                    options
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(at, choice)| {
                            let is_free = found.with_untracked(|found| !found.items.contains(&choice));
                            let shown = match is_free {
                                true => format!("Use “{}”", choice.label),
                                false => choice.label.clone(),
                            };
                            view! {
                                <li
                                    class="option"
                                    id=option_id(at)
                                    role="option"
                                    aria-selected=move || if active.get() == at { "true" } else { "false" }
                                    on:mousedown=move |event| {
                                        event.prevent_default();
                                        pick(choice.clone());
                                    }
                                >
                                    {shown}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <p class="combobox-note" role="status" hidden=move || !open() || options.with(|all| !all.is_empty())>
                {move || found.with(|found| match &found.error {
                    Some(error) => error.message.clone(),
                    None if found.loading => "Searching…".to_owned(),
                    None => "Nothing found".to_owned(),
                })}
            </p>
        </div>
    }
}
