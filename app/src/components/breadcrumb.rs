//! Where the page is.

use leptos::prelude::*;

use super::Icon;

/// One step of the way; the last one has no link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crumb {
    /// Its name.
    pub label: String,
    /// Its URL, unless it is the page itself.
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// The way from the portal's top to the page.
#[component]
pub fn Breadcrumb(
    /// The steps.
    #[prop(into)]
    crumbs: Signal<Vec<Crumb>>,
) -> impl IntoView {
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>
                {move || {
                    crumbs
                        .get()
                        .into_iter()
                        .map(|crumb| {
                            let step = match crumb.href {
                                Some(href) => view! { <a href=href>{crumb.label}</a> }.into_any(),
                                None => view! { <span aria-current="page">{crumb.label}</span> }.into_any(),
                            };
                            view! { <li>{step}<Icon icon=Icon::ChevronRight size=12/></li> }
                        })
                        .collect_view()
                }}
            </ol>
        </nav>
    }
}
