//! The side bar: what there is. Icons only when collapsed, a sheet on phones.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use web_sys::HtmlElement;

use super::places::{Place, Section, places};
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
    let location = use_location();
    let pathname = location.pathname;
    Effect::new(move || {
        pathname.track();
        if let Some(sheet) = platform::element_by_id::<HtmlElement>(SIDEBAR) {
            let _ = sheet.hide_popover();
        }
    });
    let waiting = waiting(session.may(Right::ReadTasks));
    let offered = places(&session).collect::<Vec<_>>();
    let entries = |section| {
        let own = offered.iter().filter(|place| place.section == section);
        own.map(
            |&Place {
                 icon, label, href, ..
             }| match href {
                paths::APPROVALS => view! { <Entry icon label href count=waiting/> }.into_any(),
                _ => view! { <Entry icon label href/> }.into_any(),
            },
        )
        .collect::<Vec<_>>()
    };
    let admin = entries(Section::Admin);
    view! {
        <aside class="sidebar" id=SIDEBAR popover="auto" aria-label="Portal">
            <a class="brand" href=paths::HOME>
                <Logo/>
                <span class="brand-name truncate">{session.title}</span>
            </a>
            <nav class="nav" aria-label="Main">
                <ul>
                    {entries(Section::Main)}
                </ul>
                <h2 class="nav-title">"Reference"</h2>
                <ul>
                    {entries(Section::Reference)}
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

/// How often a page that stays open asks what waits.
const ASK_EVERY: Duration = Duration::from_mins(1);

/// How many approvals wait for the person. The page does not wait for it, and asks again
/// whenever another page is shown, and from time to time.
fn waiting(may_ask: bool) -> RwSignal<usize> {
    let count = RwSignal::new(0);
    let pathname = use_location().pathname;
    let ask = move || {
        spawn_local(async move {
            if let Ok(now) = count_approvals().await {
                count.try_set(now);
            }
        });
    };
    Effect::new(move || {
        pathname.track();
        if may_ask {
            ask();
        }
    });
    Effect::new(move || {
        if may_ask && let Ok(timer) = set_interval_with_handle(ask, ASK_EVERY) {
            on_cleanup(move || timer.clear());
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
