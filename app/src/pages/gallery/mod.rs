//! Every component, in both themes side by side. Development builds only.

mod controls;
mod data;
mod feedback;
mod forms;
mod overlays;

use leptos::context::Provider;
use leptos::prelude::*;

use crate::components::PageHeader;

/// Which of the two panels is being drawn; keeps ids and names apart.
#[derive(Clone, Copy, Debug)]
struct Side(&'static str);

impl Side {
    fn current() -> Self {
        use_context().unwrap_or(Self("both"))
    }

    fn id(self, name: &str) -> String {
        format!("{name}-{}", self.0)
    }
}

/// The component gallery.
#[component]
pub fn GalleryPage() -> impl IntoView {
    view! {
        <PageHeader
            title="Components"
            description="The design system in both themes. Pages are composed of these and nothing else."
        />
        <div class="gallery">
            {controls::section().into_any()}
            {forms::section().into_any()}
            {data::section().into_any()}
            {feedback::section().into_any()}
            {overlays::section().into_any()}
        </div>
    }
}

/// One component, in both themes.
#[component]
fn Specimen(title: &'static str, children: ChildrenFn) -> impl IntoView {
    let panel = |side: &'static str, children: ChildrenFn| {
        view! {
            <div class="gallery-panel" data-theme=side>
                <Provider value=Side(side)>{children()}</Provider>
            </div>
        }
    };
    view! {
        <section class="gallery-specimen">
            <h2 class="gallery-title">{title}</h2>
            <div class="gallery-panels">
                {panel("light", children.clone())}
                {panel("dark", children)}
            </div>
        </section>
    }
}
