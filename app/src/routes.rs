//! Every page and its URL.
//!
//! Pages are rendered whole on the server (`SsrMode::Async`), because reading
//! works without JavaScript.

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::{SsrMode, path};

use crate::layout::Frame;
use crate::pages::{
    ApiReferencePage, AuditPage, CatalogPage, EntityPage, HomePage, NotFoundPage, RegisterPage,
    SearchPage, SignInPage, SourcesPage,
};

/// The router's table.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                <Route path=path!("/catalog") view=CatalogPage ssr=SsrMode::Async/>
                <Route
                    path=path!("/catalog/:namespace/:kind/:name/:tab?")
                    view=EntityPage
                    ssr=SsrMode::Async
                />
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/sources") view=SourcesPage ssr=SsrMode::Async/>
                <Route path=path!("/docs/api") view=ApiReferencePage ssr=SsrMode::Async/>
                <Route path=path!("/audit") view=AuditPage ssr=SsrMode::Async/>
                <Route path=path!("/_components") view=Gallery ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}

/// The component gallery, which release builds do not carry.
#[component]
fn Gallery() -> impl IntoView {
    #[cfg(debug_assertions)]
    return view! { <crate::pages::GalleryPage/> };
    #[cfg(not(debug_assertions))]
    view! { <NotFoundPage/> }
}
