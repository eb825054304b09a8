//! Pages whose code arrives when they are first shown.
//!
//! The shell, the start page and the catalog are what a first visit asks for; the rest is
//! split off into the chunks named here (`cargo leptos build --split`). Pages of one chunk
//! arrive together.

#![cfg_attr(
    feature = "hydrate",
    expect(
        clippy::unnecessary_wraps,
        reason = "the part that waits for the code makes the failure"
    )
)]

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use leptos_router::LazyRoute;
use portico_model::EntityRef;
#[cfg(feature = "hydrate")]
use send_wrapper::SendWrapper;

#[cfg(feature = "hydrate")]
use super::entity::EntityCard;
use super::{
    ActionsPage, ApiReferencePage, ApprovalsPage, AuditPage, ChangeRequestPage, ConnectionsPage,
    EditTemplatePage, EntityPage, HomePage, PluginComparePage, PluginPage, PluginsPage,
    PoliciesPage, PublishersPage, RegisterPage, RepositoriesPage, RepositoryPage, SearchPage,
    ServiceTokensPage, SessionsPage, SignInPage, SignedOutPage, SourcesPage, SubmitPluginPage,
    TaskPage, TasksPage, TemplateFormPage, TemplatesPage, TokensPage,
};

/// A route for `Lazy` that shows `$page` out of the chunk `$chunk`.
macro_rules! later {
    ($chunk:ident, $page:ident, $route:ident, $load:ident, $preload:ident) => {
        #[doc = concat!("Shows [`", stringify!($page), "`] when its code has arrived.")]
        pub struct $route;

        #[cfg(feature = "hydrate")]
        #[wasm_split($chunk, wasm_split_path = ::leptos::wasm_split, fallible, preload($preload))]
        fn $load() -> Result<AnyView, SplitLoaderError> {
            Ok(view! { <$page/> }.into_any())
        }

        impl LazyRoute for $route {
            fn data() -> Self {
                Self
            }

            #[cfg(feature = "hydrate")]
            async fn view(_: Self) -> AnyView {
                match $load().await {
                    Ok(view) => view,
                    Err(_) => match gone().await {},
                }
            }

            #[cfg(feature = "hydrate")]
            async fn preload() {
                if $preload().await.is_err() {
                    match gone().await {}
                }
            }

            #[cfg(not(feature = "hydrate"))]
            async fn view(_: Self) -> AnyView {
                // The document then asks for the chunk together with the rest of the code.
                leptos::prefetch_lazy_fn_on_server(stringify!($chunk));
                view! { <$page/> }.into_any()
            }
        }
    };
}

later!(daily, HomePage, HomeRoute, home, preload_home);
later!(entity, EntityPage, EntityRoute, entity, preload_entity);
later!(
    create,
    TemplatesPage,
    TemplatesRoute,
    templates,
    preload_templates
);
later!(
    create,
    TemplateFormPage,
    TemplateFormRoute,
    template_form,
    preload_template_form
);
later!(
    create,
    EditTemplatePage,
    EditTemplateRoute,
    edit_template,
    preload_edit_template
);
later!(create, ActionsPage, ActionsRoute, actions, preload_actions);
later!(
    create,
    ApprovalsPage,
    ApprovalsRoute,
    approvals,
    preload_approvals
);
later!(create, TasksPage, TasksRoute, tasks, preload_tasks);
later!(create, TaskPage, TaskRoute, task, preload_task);
later!(
    daily,
    RegisterPage,
    RegisterRoute,
    register,
    preload_register
);
later!(daily, SearchPage, SearchRoute, search, preload_search);
later!(
    manage,
    ApiReferencePage,
    ApiReferenceRoute,
    api_reference,
    preload_api_reference
);
later!(
    manage,
    PoliciesPage,
    PoliciesRoute,
    policies,
    preload_policies
);
later!(manage, AuditPage, AuditRoute, audit, preload_audit);
later!(
    manage,
    ConnectionsPage,
    ConnectionsRoute,
    connections,
    preload_connections
);
later!(
    manage,
    PluginComparePage,
    PluginCompareRoute,
    plugin_compare,
    preload_plugin_compare
);
later!(manage, PluginPage, PluginRoute, plugin, preload_plugin);
later!(manage, PluginsPage, PluginsRoute, plugins, preload_plugins);
later!(
    manage,
    PublishersPage,
    PublishersRoute,
    publishers,
    preload_publishers
);
later!(
    manage,
    SubmitPluginPage,
    SubmitPluginRoute,
    submit_plugin,
    preload_submit_plugin
);
later!(
    repositories,
    RepositoriesPage,
    RepositoriesRoute,
    repositories,
    preload_repositories
);
later!(
    repositories,
    RepositoryPage,
    RepositoryRoute,
    repository,
    preload_repository
);
later!(
    repositories,
    ChangeRequestPage,
    ChangeRequestRoute,
    change_request,
    preload_change_request
);
later!(
    manage,
    ServiceTokensPage,
    ServiceTokensRoute,
    service_tokens,
    preload_service_tokens
);
later!(
    manage,
    SessionsPage,
    SessionsRoute,
    sessions,
    preload_sessions
);
later!(manage, TokensPage, TokensRoute, tokens, preload_tokens);
later!(manage, SignInPage, SignInRoute, sign_in, preload_sign_in);
later!(
    manage,
    SignedOutPage,
    SignedOutRoute,
    signed_out,
    preload_signed_out
);
later!(manage, SourcesPage, SourcesRoute, sources, preload_sources);
#[cfg(debug_assertions)]
use super::GalleryPage;
#[cfg(debug_assertions)]
later!(gallery, GalleryPage, GalleryRoute, gallery, preload_gallery);

/// What the hover card says about an entity. It is a part of the entity page's chunk, so
/// that whoever points at a link has the code of the page it leads to.
pub(crate) fn entity_card(entity_ref: EntityRef) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        let card = async move { card(entity_ref).await.unwrap_or_else(|_| ().into_any()) };
        Suspend::new(SendWrapper::new(card))
    }
    // Nothing is pointed at on the server.
    #[cfg(not(feature = "hydrate"))]
    drop(entity_ref);
}

#[cfg(feature = "hydrate")]
#[wasm_split(entity, wasm_split_path = ::leptos::wasm_split, fallible)]
fn card(entity_ref: EntityRef) -> Result<AnyView, SplitLoaderError> {
    Ok(view! { <EntityCard entity_ref/> }.into_any())
}

/// The chunk cannot be had: the network failed, or the server has a newer release by now.
/// The server renders every page, so the address is loaded from there. A page that was
/// just loaded stays as the server rendered it, which can be read.
#[cfg(feature = "hydrate")]
async fn gone() -> std::convert::Infallible {
    if crate::platform::root_has_attribute("data-hydrated") {
        let asked = leptos_router::hooks::use_url().get_untracked();
        let mut address = asked.path().to_owned();
        if !asked.search().is_empty() {
            address.push('?');
            address.push_str(asked.search().trim_start_matches('?'));
        }
        let _ = window().location().assign(&address);
    }
    std::future::pending().await
}
