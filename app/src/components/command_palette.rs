//! The command palette: every page, action and entity, from the keyboard.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::Element;

use super::dialog::{close_on_backdrop, modal};
use super::live::follow;
use super::{Icon, Kbd, Loader};
use crate::{kind::KindStyle, paths, platform};

const LIST: &str = "palette-list";

/// One line of the palette.
#[derive(Clone, Debug)]
pub struct PaletteItem {
    /// What it is called.
    pub label: String,
    /// What it is, in a word or two.
    pub detail: String,
    /// Its icon.
    pub icon: Icon,
    /// The entity kind that gives the icon its hue.
    pub kind: Option<&'static str>,
    /// Its shortcut.
    pub keys: Option<String>,
    /// What choosing it does.
    pub run: PaletteAction,
}

/// What choosing a line does.
#[derive(Clone, Debug)]
pub enum PaletteAction {
    /// Opens a page.
    Open(String),
    /// Does something.
    Do(Callback<()>),
}

impl PaletteItem {
    /// A page or other place in the portal.
    pub fn page(label: &str, icon: Icon, href: &str, keys: Option<String>) -> Self {
        Self {
            label: label.to_owned(),
            detail: String::new(),
            icon,
            kind: None,
            keys,
            run: PaletteAction::Open(href.to_owned()),
        }
    }

    /// Something to do.
    pub fn action(label: &str, icon: Icon, run: Callback<()>) -> Self {
        Self {
            run: PaletteAction::Do(run),
            ..Self::page(label, icon, "", None)
        }
    }

    /// An entity of the catalog.
    pub fn entity(label: String, detail: String, kind: &str, href: String) -> Self {
        let style = KindStyle::of(kind);
        Self {
            label,
            detail,
            icon: style.icon,
            kind: Some(style.key),
            keys: None,
            run: PaletteAction::Open(href),
        }
    }
}

/// The palette; once, in the frame. `⌘K` or `Ctrl K` opens it.
#[component]
pub fn CommandPalette(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Pages and actions, always there.
    commands: Vec<PaletteItem>,
    /// Finds entities.
    search: Loader<PaletteItem>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = follow(text, search, Signal::stored(false));
    let dialog = modal(open);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if open.get() {
            text.set(String::new());
            active.set(0);
            if let Some(input) = input.get_untracked() {
                let _ = input.focus();
            }
        }
    });

    Effect::new(move || {
        if let Some(option) = platform::element_by_id::<Element>(&option_id(active.get())) {
            platform::scroll_into_view(&option);
        }
    });

    let commands = StoredValue::new(commands);
    let items = Memo::new_with_compare(
        move |_| {
            let asked = text.get();
            let mut items = commands.with_value(|all| matching(all, &asked));
            found.with(|found| items.extend(found.items.iter().cloned()));
            if !asked.trim().is_empty() {
                let label = format!("Search everything for “{}”", asked.trim());
                items.push(PaletteItem::page(
                    &label,
                    Icon::Search,
                    &paths::search(asked.trim()),
                    None,
                ));
            }
            items
        },
        |_, _| true,
    );
    let navigate = use_navigate();
    let run = StoredValue::new(move |item: &PaletteItem| {
        open.set(false);
        match &item.run {
            PaletteAction::Open(href) => navigate(href, NavigateOptions::default()),
            PaletteAction::Do(action) => action.run(()),
        }
    });
    let on_key = move |event: ev::KeyboardEvent| {
        let last = items.with(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => active.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => active.update(|at| *at = if *at == 0 { last } else { *at - 1 }),
            "Enter" => {
                if let Some(item) = items.with(|items| items.get(active.get()).cloned()) {
                    run.with_value(|run| run(&item));
                }
            }
            _ => return,
        }
        event.prevent_default();
    };

    view! {
        <dialog
            node_ref=dialog
            class="palette"
            aria-label="Command palette"
            on:close=move |_| open.set(false)
            on:click=move |event| close_on_backdrop(&event, dialog)
        >
            <div class="palette-search">
                <Icon icon=Icon::Search/>
                <input
                    node_ref=input
                    type="text"
                    role="combobox"
                    placeholder="Search entities, pages and actions"
                    aria-label="Search entities, pages and actions"
                    aria-expanded="true"
                    aria-autocomplete="list"
                    aria-controls=LIST
                    aria-activedescendant=move || option_id(active.get())
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || text.get()
                    on:input=move |event| {
                        active.set(0);
                        text.set(event_target_value(&event));
                    }
                    on:keydown=on_key
                />
                <Kbd keys="Esc"/>
            </div>
            <ul class="palette-list" id=LIST role="listbox" aria-label="Results">
                {move || {
                    items
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(at, item)| {
                            let chosen = item.clone();
                            view! {
                                <li
                                    class="option"
                                    id=option_id(at)
                                    role="option"
                                    aria-selected=move || if active.get() == at { "true" } else { "false" }
                                    on:mousemove=move |_| active.set(at)
                                    on:click=move |_| run.with_value(|run| run(&chosen))
                                >
                                    <span class="kind-icon" data-kind=item.kind><Icon icon=item.icon/></span>
                                    <span class="truncate">{item.label}</span>
                                    <span class="option-detail truncate">{item.detail}</span>
                                    {item.keys.map(|keys| view! { <Kbd keys/> })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <p class="sr-only" role="status">
                {move || open.get().then(|| format!("{} results", items.with(Vec::len)))}
            </p>
            <footer class="palette-footer" aria-hidden="true">
                <span><Kbd keys="↑ ↓"/>" to move"</span>
                <span><Kbd keys="↵"/>" to open"</span>
                <span class="palette-state">
                    {move || found.with(|found| match &found.error {
                        Some(error) => error.message.clone(),
                        None if found.loading => "Searching…".to_owned(),
                        None => String::new(),
                    })}
                </span>
            </footer>
        </dialog>
    }
}

fn option_id(at: usize) -> String {
    format!("{LIST}-{at}")
}

/// The commands whose label holds every word of the text.
fn matching(commands: &[PaletteItem], text: &str) -> Vec<PaletteItem> {
    let text = text.to_lowercase();
    let holds = |item: &&PaletteItem| {
        let label = item.label.to_lowercase();
        text.split_whitespace().all(|word| label.contains(word))
    };
    commands.iter().filter(holds).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_narrows() {
        let commands = [
            PaletteItem::page("Go to catalog", Icon::Box, "/catalog", None),
            PaletteItem::page("Go to home", Icon::House, "/", None),
        ];
        assert_eq!(matching(&commands, "").len(), 2);
        assert_eq!(matching(&commands, "go CAT").len(), 1);
        assert_eq!(matching(&commands, "cat home").len(), 0);
    }
}
