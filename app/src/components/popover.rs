//! What floats beside a button: popover and menu.
//!
//! Both are native popovers: they open without JavaScript, close on Escape and
//! on a click elsewhere, and are placed by CSS.

use leptos::prelude::*;

use super::Icon;
use crate::platform;

/// A button that opens a panel.
#[component]
pub fn Popover(
    /// The panel's `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// The button's text, and the panel's name.
    #[prop(into)]
    label: String,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class="btn btn-secondary" popovertarget=id.clone()>
            {icon.map(|icon| view! { <Icon icon/> })}
            {label.clone()}
        </button>
        <div class="popover" id=id popover="auto" role="dialog" aria-label=label>
            {children()}
        </div>
    }
}

/// A button that opens a list of [`MenuItem`]s and links.
#[component]
pub fn Menu(
    /// The list's `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// The button's name.
    #[prop(into)]
    label: String,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Shows the icon alone.
    #[prop(optional)]
    icon_only: bool,
    /// In place of the button's icon and text.
    #[prop(optional, into)]
    trigger: Option<ViewFn>,
    /// The items.
    children: Children,
) -> impl IntoView {
    let class = if trigger.is_some() {
        "btn btn-ghost btn-custom"
    } else if icon_only {
        "btn btn-ghost btn-icon"
    } else {
        "btn btn-secondary"
    };
    // Text inside a button must be part of its name, so a custom trigger is named from within.
    let name = trigger.is_none().then(|| label.clone());
    let content = match trigger {
        Some(trigger) => view! {
            <span class="sr-only">{label.clone()}</span>
            {trigger.run()}
        }
        .into_any(),
        None => view! {
            {icon.map(|icon| view! { <Icon icon/> })}
            {(!icon_only).then(|| label.clone())}
        }
        .into_any(),
    };
    let tooltip = icon_only.then(|| label.clone());
    let list = id.clone();
    view! {
        <button
            type="button"
            class=class
            popovertarget=id.clone()
            aria-label=name
            data-tooltip=tooltip
        >
            {content}
        </button>
        <div
            class="popover menu"
            id=id
            popover="auto"
            role="group"
            aria-label=label
            on:keydown=move |event| {
                let step = match event.key().as_str() {
                    "ArrowDown" => 1,
                    "ArrowUp" => -1,
                    _ => return,
                };
                event.prevent_default();
                if let Some(root) = platform::element_by_id(&list) {
                    platform::move_focus(&root, "a, button", step);
                }
            }
        >
            {children()}
        </div>
    }
}

/// An action in a [`Menu`]; links are `<a class="menu-item">`.
#[component]
pub fn MenuItem(
    /// What it does.
    #[prop(into)]
    label: String,
    /// Its icon.
    icon: Icon,
    /// Destroys something.
    #[prop(optional)]
    danger: bool,
    /// `submit` in forms.
    #[prop(default = "button")]
    r#type: &'static str,
) -> impl IntoView {
    view! {
        <button type=r#type class="menu-item" class:menu-danger=danger>
            <Icon icon/>
            {label}
        </button>
    }
}
