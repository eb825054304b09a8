//! The top bar: where we are, search, help, and who is asking.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::crumbs::crumbs_of;
use super::me_menu::MeMenu;
use super::sidebar::SIDEBAR;
use crate::components::{Breadcrumb, Icon, IconButton, Kbd};
use crate::paths;

/// The top bar.
#[component]
pub(super) fn TopBar(
    /// Opens the command palette.
    palette: RwSignal<bool>,
    /// Opens the list of shortcuts.
    help: RwSignal<bool>,
) -> impl IntoView {
    let pathname = use_location().pathname;
    let crumbs = Signal::derive(move || crumbs_of(&pathname.read()));
    view! {
        <header class="top-bar">
            <button type="button" class="btn btn-ghost btn-icon phone-only" popovertarget=SIDEBAR aria-label="Menu">
                <Icon icon=Icon::Menu/>
            </button>
            <Breadcrumb crumbs/>
            <a
                class="search-trigger"
                href=paths::SEARCH
                aria-keyshortcuts="Meta+K Control+K"
                on:click=move |event| {
                    event.prevent_default();
                    palette.set(true);
                }
            >
                <Icon icon=Icon::Search size=14/>
                <span class="sr-only">"Search: "</span>
                <span>"Search or jump to…"</span>
                <Kbd keys="⌘ K"/>
            </a>
            <IconButton icon=Icon::CircleQuestionMark label="Keyboard shortcuts" on:click=move |_| help.set(true)/>
            <MeMenu/>
        </header>
    }
}
