//! The portal UI: one Leptos application, rendered on the server and hydrated
//! in the browser.
//!
//! - [`routes`]: every page and its URL, in one place.
//! - [`pages`]: one folder a page. [`layout`]: the frame around them.
//! - [`components`]: the design system pages are composed of.
//! - [`data`]: the server functions pages read from.
//!
//! Server-only code is behind the feature `ssr`, browser-only code behind `hydrate`.

#![cfg_attr(
    feature = "ssr",
    expect(
        clippy::unused_async,
        reason = "server functions are async whatever they do"
    )
)]
#![expect(
    missing_docs,
    clippy::must_use_candidate,
    reason = "Leptos components and server functions expand to items whose docs cannot be \
              written, are functions that take their props by value, and are used by view!"
)]

pub mod app;
pub mod components;
#[cfg(feature = "ssr")]
mod context;
pub mod data;
pub mod kind;
pub mod layout;
pub mod pages;
pub mod paths;
pub mod platform;
pub mod routes;
#[cfg(feature = "ssr")]
mod shell;

#[cfg(feature = "ssr")]
pub use app::App;
#[cfg(feature = "ssr")]
pub use context::{PortalInfo, ServerContext};
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Takes over the server-rendered page in the browser.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    // Otherwise the console says `unreachable`, and nothing else.
    std::panic::set_hook(Box::new(|panic| leptos::logging::error!("{panic}")));
    wasm_bindgen_futures::spawn_local(async {
        // The code of the page itself may have to arrive first.
        let mounted = leptos::mount::hydrate_from_async(leptos::tachys::dom::body(), app::App);
        mounted.await.forget();
        // The names of files are hashes of their contents before the names of chunks were
        // written into them. What differs with every source keeps those names apart, so that
        // no browser combines files of two releases.
        platform::set_root_attribute("data-build", env!("PORTICO_APP_SOURCES"));
        // From here on the page answers to clicks and keys; the browser tests wait for it.
        platform::set_root_attribute("data-hydrated", "");
    });
}
