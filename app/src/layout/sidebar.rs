//! The side bar: what there is. Icons only when collapsed, a sheet on phones.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use web_sys::HtmlElement;

use crate::components::{Icon, IconButton, preference_of, set_preference};
use crate::data::session::{Right, Session};
use crate::data::tasks::count_approvals;
use crate::{paths, platform};

/// The side bar's `id`, which the menu button of phones opens.
pub(super) const SIDEBAR: &str = "sidebar";

/// The side bar.
#[component]
pub(super) fn Sidebar() -> impl IntoView {
    let session = expect_context::<Session>();
    let may = |right| session.may(right);
    let admin = [
        (
            Right::ReadPolicies,
            Icon::Shield,
            "Policies",
            paths::POLICIES,
        ),
        (
            Right::ReadAudit,
            Icon::ScrollText,
            "Audit log",
            paths::AUDIT,
        ),
        (
            Right::ManageTokens,
            Icon::KeyRound,
            "Service tokens",
            paths::SERVICE_TOKENS,
        ),
    ];
    let admin = admin.into_iter().filter(|(right, ..)| may(*right));
    let admin = admin
        .map(|(_, icon, label, href)| view! { <Entry icon label href/> })
        .collect::<Vec<_>>();
    let register = may(Right::Register)
        .then(|| view! { <Entry icon=Icon::Inbox label="Register" href=paths::REGISTER/> });
    let location = use_location();
    let pathname = location.pathname;
    Effect::new(move || {
        pathname.track();
        if let Some(sheet) = platform::element_by_id::<HtmlElement>(SIDEBAR) {
            let _ = sheet.hide_popover();
        }
    });
    let waiting = waiting(session.user.is_some());
    view! {
        <aside class="sidebar" id=SIDEBAR popover="auto" aria-label="Portal">
            <a class="brand" href=paths::HOME>
                <Logo/>
                <span class="brand-name truncate">{session.title}</span>
            </a>
            <nav class="nav" aria-label="Main">
                <ul>
                    <Entry icon=Icon::House label="Home" href=paths::HOME/>
                    <Entry icon=Icon::Box label="Catalog" href=paths::CATALOG/>
                    <Entry icon=Icon::Plug label="APIs" href=paths::APIS/>
                    <Entry icon=Icon::CirclePlus label="Create" href=paths::CREATE/>
                    <Entry icon=Icon::Activity label="Tasks" href=paths::TASKS/>
                    <Entry icon=Icon::Check label="Approvals" href=paths::APPROVALS count=waiting/>
                    {register}
                    <Entry icon=Icon::GitBranch label="Sources" href=paths::SOURCES/>
                    <Entry icon=Icon::FolderGit2 label="Repositories" href=paths::REPOSITORIES/>
                    <Entry icon=Icon::Hexagon label="Plugins" href=paths::PLUGINS/>
                </ul>
                <h2 class="nav-title">"Reference"</h2>
                <ul>
                    <Entry icon=Icon::Braces label="REST API" href=paths::API_REFERENCE/>
                </ul>
                {(!admin.is_empty()).then(|| view! {
                    <h2 class="nav-title">"Admin"</h2>
                    <ul>{admin}</ul>
                })}
            </nav>
            <div class="sidebar-foot">
                <IconButton
                    icon=Icon::PanelLeft
                    label="Collapse or expand the side bar"
                    tooltip="right"
                    on:click=move |_| toggle()
                />
            </div>
        </aside>
    }
}

/// How many approvals wait for the person. The page does not wait for it, and asks again
/// whenever another page is shown.
fn waiting(signed_in: bool) -> RwSignal<usize> {
    let count = RwSignal::new(0);
    let pathname = use_location().pathname;
    Effect::new(move || {
        pathname.track();
        if signed_in {
            spawn_local(async move {
                if let Ok(now) = count_approvals().await {
                    count.try_set(now);
                }
            });
        }
    });
    count
}

/// One page of the side bar.
#[component]
fn Entry(
    icon: Icon,
    label: &'static str,
    href: &'static str,
    /// How many things wait there; nothing is shown for none.
    #[prop(optional, into)]
    count: Signal<usize>,
) -> impl IntoView {
    let location = use_location();
    let current = move || {
        let path = location.pathname.read();
        let search = location.search.read();
        is_current(href, &path, &search).then_some("page")
    };
    view! {
        <li>
            <a
                class="nav-link"
                href=href
                aria-current=current
                data-tooltip=label
                data-tooltip-side="right"
            >
                <Icon icon/>
                <span class="nav-label">{label}</span>
                {move || (count.get() > 0).then(|| view! {
                    <span class="nav-count">{count.get()} <span class="sr-only">" waiting"</span></span>
                })}
            </a>
        </li>
    }
}

/// The product's mark: a portico.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
            <rect width="24" height="24" rx="6"/>
            <path d="M12 4.5 19 9H5zM6.5 10.5v6.5M10.2 10.5v6.5M13.8 10.5v6.5M17.5 10.5v6.5M5 19h14"/>
        </svg>
    }
}

fn toggle() {
    let next = if preference_of("sidebar").as_deref() == Some("collapsed") {
        "open"
    } else {
        "collapsed"
    };
    set_preference("sidebar", next);
}

/// Whether the entry at `href` stands for the page; the APIs are a part of the
/// catalog with an entry of their own.
fn is_current(href: &str, path: &str, search: &str) -> bool {
    let apis =
        search.trim_start_matches('?') == "kind=api" || path.split('/').nth(3) == Some("api");
    match href {
        paths::HOME => path == paths::HOME,
        paths::APIS => path.starts_with(paths::CATALOG) && apis,
        paths::CATALOG => path.starts_with(paths::CATALOG) && !apis,
        _ => path.starts_with(href),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_stands_for_a_page() {
        let entries = [paths::HOME, paths::CATALOG, paths::APIS, paths::REGISTER];
        let current = |path: &str, search: &str| -> Vec<&str> {
            entries
                .into_iter()
                .filter(|href| is_current(href, path, search))
                .collect()
        };
        assert_eq!(current("/", ""), [paths::HOME]);
        assert_eq!(current("/catalog", "kind=component"), [paths::CATALOG]);
        assert_eq!(current("/catalog", "kind=api"), [paths::APIS]);
        assert_eq!(current("/catalog/default/api/orders", ""), [paths::APIS]);
    }
}
