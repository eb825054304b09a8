//! The web application: pages and server functions, with what they need from the server.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY, request::Parts},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{LeptosRoutes as _, ResponseOptions, generate_route_list};
use portico_access::Principal;
use portico_app::{App, PortalInfo, ServerContext, shell};
use portico_catalog::Catalog;
use portico_plugins::Plugins;
use portico_scm::Scm;
use portico_tasks::Tasks;

/// The pages of the portal and the server functions they call.
///
/// `site` holds the assets: pages name the parts of the code that they need.
pub(crate) fn router(
    catalog: &Catalog,
    plugins: &Plugins,
    scm: &Scm,
    tasks: &Tasks,
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
        catalog: catalog.clone(),
        plugins: Some(plugins.clone()),
        scm: Some(scm.clone()),
        tasks: Some(tasks.clone()),
        portal,
        openapi,
    };
    let context = move || provide_server_context(&services);
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
}

/// Whether the build gave assets hashed names; Leptos reads them from this file.
fn hashes_are_beside_the_binary() -> bool {
    std::env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.join("hash.txt").is_file()))
        .unwrap_or(false)
}

fn provide_server_context(services: &ServerContext) {
    let principal = use_context::<Parts>()
        .and_then(|parts| parts.extensions.get::<Principal>().cloned())
        .unwrap_or(Principal::Anonymous);
    provide_context(ServerContext {
        principal,
        ..services.clone()
    });
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>()) {
        // 'wasm-unsafe-eval' lets the page compile its own WebAssembly and nothing else.
        let policy = format!(
            "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
             style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; font-src 'self'; \
             connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
             frame-ancestors 'none'"
        );
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(CONTENT_SECURITY_POLICY, policy);
        }
    }
}
