//! Buttons, and links that look like them.

use leptos::prelude::*;

use super::Icon;

/// How much a button asks for attention.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ButtonKind {
    /// The one action a view is for.
    Primary,
    /// Any other action.
    #[default]
    Secondary,
    /// An action in a row of many, or in a tool bar.
    Ghost,
    /// Destroys something.
    Danger,
}

impl ButtonKind {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Secondary => "btn btn-secondary",
            Self::Ghost => "btn btn-ghost",
            Self::Danger => "btn btn-danger",
        }
    }
}

/// A button. Events are attached where it is used: `<Button on:click=…>`.
#[component]
pub fn Button(
    /// How much attention it asks for.
    #[prop(optional)]
    kind: ButtonKind,
    /// `submit` in forms.
    #[prop(default = "button")]
    r#type: &'static str,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Busy: shows a spinner in place of the icon and takes no clicks.
    #[prop(optional, into)]
    loading: Signal<bool>,
    /// Takes no clicks.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Smaller, for tables and cards.
    #[prop(optional)]
    small: bool,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <button
            type=r#type
            class=kind.class()
            data-small=small.then_some("")
            disabled=move || disabled.get() || loading.get()
            aria-busy=move || loading.get().then_some("true")
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            {children()}
        </button>
    }
}

/// A link that looks like a button, for what leads somewhere.
#[component]
pub fn ButtonLink(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// How much attention it asks for.
    #[prop(optional)]
    kind: ButtonKind,
    /// An icon before the text.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Smaller, for tables and cards.
    #[prop(optional)]
    small: bool,
    /// The text.
    children: Children,
) -> impl IntoView {
    view! {
        <a href=href class=kind.class() data-small=small.then_some("")>
            {icon.map(|icon| view! { <Icon icon/> })}
            {children()}
        </a>
    }
}

/// A button of an icon alone; its label is its name and its tooltip.
#[component]
pub fn IconButton(
    /// The icon.
    icon: Icon,
    /// What it does.
    #[prop(into)]
    label: Signal<String>,
    /// `submit` in forms.
    #[prop(default = "button")]
    r#type: &'static str,
    /// Smaller, for tables and cards.
    #[prop(optional)]
    small: bool,
    /// On which side the tooltip appears: `top`, `bottom`, `left`, `right`.
    #[prop(default = "bottom")]
    tooltip: &'static str,
) -> impl IntoView {
    view! {
        <button
            type=r#type
            class="btn btn-ghost btn-icon"
            data-small=small.then_some("")
            aria-label=move || label.get()
            data-tooltip=move || label.get()
            data-tooltip-side=tooltip
        >
            <Icon icon/>
        </button>
    }
}
