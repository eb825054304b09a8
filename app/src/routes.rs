//! Every page and its URL.
//!
//! Pages are rendered whole on the server (`SsrMode::Async`), because reading
//! works without JavaScript. What a first visit seldom asks for is [`Lazy`].

use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Routes};
use leptos_router::{ChooseView, Lazy, SsrMode, path};

use crate::layout::Frame;
use crate::pages::later::{
    ActionsRoute, ApiReferenceRoute, ApprovalsRoute, AuditRoute, ChangeRequestRoute,
    ConnectionsRoute, EditTemplateRoute, EntityRoute, HomeRoute, PluginCompareRoute, PluginRoute,
    PluginsRoute, PoliciesRoute, PublishersRoute, RegisterRoute, RepositoriesRoute,
    RepositoryRoute, SearchRoute, ServiceTokensRoute, SessionsRoute, SignInRoute, SignedOutRoute,
    SourcesRoute, SubmitPluginRoute, TaskRoute, TasksRoute, TemplateFormRoute, TemplatesRoute,
    TokensRoute,
};
use crate::pages::{CatalogPage, NotFoundPage};

/// The router's table.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <Routes fallback=NotFoundPage>
            <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()} ssr=SsrMode::Async/>
            <Route path=path!("/signed-out") view={Lazy::<SignedOutRoute>::new()} ssr=SsrMode::Async/>
            <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                <Route path=path!("/") view={Lazy::<HomeRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/catalog") view=CatalogPage ssr=SsrMode::Async/>
                <Route
                    path=path!("/catalog/:namespace/:kind/:name/:tab?")
                    view={Lazy::<EntityRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/create") view={Lazy::<TemplatesRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/create/actions") view={Lazy::<ActionsRoute>::new()} ssr=SsrMode::Async/>
                <Route
                    path=path!("/create/:namespace/:name")
                    view={Lazy::<TemplateFormRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/create/new") view={Lazy::<EditTemplateRoute>::new()} ssr=SsrMode::Async/>
                <Route
                    path=path!("/create/:namespace/:name/edit")
                    view={Lazy::<EditTemplateRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/tasks") view={Lazy::<TasksRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/tasks/:id") view={Lazy::<TaskRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/approvals") view={Lazy::<ApprovalsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/register") view={Lazy::<RegisterRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/search") view={Lazy::<SearchRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/sources") view={Lazy::<SourcesRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/plugins") view={Lazy::<PluginsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/plugins/submit") view={Lazy::<SubmitPluginRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/plugins/connections") view={Lazy::<ConnectionsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/plugins/publishers") view={Lazy::<PublishersRoute>::new()} ssr=SsrMode::Async/>
                <Route
                    path=path!("/plugins/:id/compare")
                    view={Lazy::<PluginCompareRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/plugins/:id") view={Lazy::<PluginRoute>::new()} ssr=SsrMode::Async/>
                <Route
                    path=path!("/repositories")
                    view={Lazy::<RepositoriesRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/repositories/:name/:tab?")
                    view={Lazy::<RepositoryRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/repositories/:name/change-requests/:number")
                    view={Lazy::<ChangeRequestRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/docs/api") view={Lazy::<ApiReferenceRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/policies/:tab?") view={Lazy::<PoliciesRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/audit") view={Lazy::<AuditRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/settings/sessions") view={Lazy::<SessionsRoute>::new()} ssr=SsrMode::Async/>
                <Route path=path!("/settings/tokens") view={Lazy::<TokensRoute>::new()} ssr=SsrMode::Async/>
                <Route
                    path=path!("/settings/service-tokens")
                    view={Lazy::<ServiceTokensRoute>::new()}
                    ssr=SsrMode::Async
                />
                <Route path=path!("/_components") view={gallery()} ssr=SsrMode::Async/>
            </ParentRoute>
        </Routes>
    }
}

/// The component gallery, which release builds do not carry.
fn gallery() -> impl ChooseView {
    #[cfg(debug_assertions)]
    return Lazy::<crate::pages::later::GalleryRoute>::new();
    #[cfg(not(debug_assertions))]
    NotFoundPage
}
