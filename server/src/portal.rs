//! The web application: pages and server functions, with what they need from the server.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY, request::Parts},
    middleware::from_fn_with_state,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list};
use portico_access::Principal;
use portico_app::{App, PortalInfo, ServerContext, shell};
use portico_catalog::Catalog;
use portico_identity::{ActiveSession, Identity};
use portico_permissions::Permissions;
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_tasks::Tasks;

use crate::signed_in;

/// The pages of the portal and the server functions they call.
///
/// `site` holds the assets: pages name the parts of the code that they need.
pub(crate) fn router(
    catalog: &Catalog,
    identity: &Identity,
    plugins: &Plugins,
    scm: &Scm,
    tasks: &Tasks,
    permissions: &Permissions,
    site: &Path,
) -> Router {
    let options = LeptosOptions::builder()
        .output_name("portico")
        .site_root(site.display().to_string())
        .site_pkg_dir("pkg")
        .hash_files(hashes_are_beside_the_binary())
        .build();
    let config = catalog.config();
    let portal = Arc::new(PortalInfo {
        title: config.app.title.clone(),
        organization: config.organization.name.clone().unwrap_or_default(),
        development: config.is_development(),
    });
    let openapi = Arc::new(serde_json::to_value(portico_http::openapi()).unwrap_or_default());
    let services = ServerContext {
        principal: Principal::Anonymous,
        session: None,
        identity: identity.clone(),
        catalog: catalog.clone(),
        plugins: Some(plugins.clone()),
        scm: Some(scm.clone()),
        tasks: Some(tasks.clone()),
        permissions: permissions.clone(),
        portal,
        openapi,
    };
    let https = config.is_https();
    let context = move || provide_server_context(&services, https);
    let document = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(
            &options,
            generate_route_list(App),
            context.clone(),
            document.clone(),
        )
        .fallback(leptos_axum::render_app_async_with_context(
            context, document,
        ))
        .with_state(options)
        .layer(from_fn_with_state(catalog.clone(), signed_in::require))
}

/// Whether the build gave assets hashed names; Leptos reads them from this file.
fn hashes_are_beside_the_binary() -> bool {
    std::env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.join("hash.txt").is_file()))
        .unwrap_or(false)
}

fn provide_server_context(services: &ServerContext, https: bool) {
    let parts = use_context::<Parts>();
    let extensions = parts.as_ref().map(|parts| &parts.extensions);
    let principal = extensions.and_then(|it| it.get::<Principal>().cloned());
    let session = extensions.and_then(|it| it.get::<Arc<ActiveSession>>().cloned());
    provide_context(ServerContext {
        principal: principal.unwrap_or(Principal::Anonymous),
        session,
        ..services.clone()
    });
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
        let upgrade = if https {
            "; upgrade-insecure-requests"
        } else {
            ""
        };
        // 'wasm-unsafe-eval' lets the page compile its own WebAssembly and nothing else. Style
        // elements are files of ours; attributes (the width of a bar) cannot carry a nonce and
        // their values are not known beforehand, so those are allowed, and load nothing that the
        // other rules do not allow. Pictures of people are wherever their profiles say.
        let policy = format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
             style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: https:; \
             font-src 'self'; connect-src 'self'; manifest-src 'self'; object-src 'none'; \
             base-uri 'none'; form-action 'self'; frame-ancestors 'none'{upgrade}"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
