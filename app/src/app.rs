//! The application: what every page shares, then the routes.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::components::Toaster;
use crate::data::session::Session;
use crate::routes::AppRoutes;

/// The root component, on the server and in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Toaster::new());
    let session = Session::current();
    let title = session.title.clone();
    provide_context(session);

    view! {
        <Title formatter=move |page: String| {
            if page.is_empty() { title.clone() } else { format!("{page} · {title}") }
        }/>
        <Router>
            <AppRoutes/>
        </Router>
    }
}
