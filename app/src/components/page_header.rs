//! The top of a page.

use leptos::prelude::*;
use leptos_meta::Title;

/// Heading, one line about the page, and its actions. Sets the document's title.
#[component]
pub fn PageHeader(
    /// The heading.
    #[prop(into)]
    title: String,
    /// One line about the page.
    #[prop(optional, into)]
    description: Option<String>,
    /// Buttons, the primary one last.
    #[prop(optional, into)]
    actions: ViewFn,
) -> impl IntoView {
    view! {
        <Title text=title.clone()/>
        <header class="page-header">
            <div class="page-heading">
                <h1 class="page-title">{title}</h1>
                {description.map(|text| view! { <p class="page-description">{text}</p> })}
            </div>
            <div class="page-actions">{actions.run()}</div>
        </header>
    }
}
