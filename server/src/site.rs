//! The site assets: where they are, and how they are served.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use axum::Router;
use axum::{
    extract::Request,
    http::{HeaderValue, header::CACHE_CONTROL},
    middleware::{self, Next},
    response::Response,
};
use tower_http::services::ServeDir;

/// Assets with a hash in their name never change.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Fonts and icons keep their names, so browsers ask again each day.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The folder with the site assets: the one asked for, or the first that exists of
/// `site` beside the binary and cargo-leptos's `target/site`.
pub(crate) fn find(asked: Option<&Path>) -> Result<PathBuf> {
    if let Some(path) = asked {
        if path.join("pkg").is_dir() {
            return Ok(path.to_owned());
        }
        bail!(
            "{} has no site assets (no folder pkg in it); build them with `cargo xtask dist`",
            path.display()
        );
    }
    let beside = std::env::current_exe()
        .ok()
        .and_then(|binary| Some(binary.parent()?.join("site")));
    let candidates = beside.into_iter().chain([PathBuf::from("target/site")]);
    for candidate in candidates {
        if candidate.join("pkg").is_dir() {
            return Ok(candidate);
        }
    }
    bail!(
        "the site assets were not found: put the folder `site` beside the binary, \
         or name it with --site (cargo xtask run builds and passes it)"
    )
}

/// Serves the assets, precompressed where the build made compressed files.
pub(crate) fn router(root: &Path) -> Router {
    let hashed = ServeDir::new(root.join("pkg"))
        .precompressed_br()
        .precompressed_gzip();
    let fonts = ServeDir::new(root.join("fonts"));
    let icon = tower_http::services::ServeFile::new(root.join("favicon.svg"));
    let hashed = Router::new()
        .fallback_service(hashed)
        .layer(middleware::from_fn(|request, next| {
            cached(request, next, FOREVER)
        }));
    let named = Router::new()
        .nest_service("/fonts", fonts)
        .route_service("/favicon.svg", icon)
        .layer(middleware::from_fn(|request, next| {
            cached(request, next, A_DAY)
        }));
    Router::new().nest("/pkg", hashed).merge(named)
}

async fn cached(request: Request, next: Next, policy: HeaderValue) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() {
        response.headers_mut().insert(CACHE_CONTROL, policy);
    }
    response
}
