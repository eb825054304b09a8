//! The HTML document around the application.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::app::App;

/// Applies the preferences this browser keeps before anything is painted, so
/// that no page flashes in the wrong theme. Names as in `components::preferences`.
const PREFERENCES_SCRIPT: &str = "for(const n of['theme','density','sidebar']){\
    try{const v=localStorage.getItem('portico.'+n);\
    if(v)document.documentElement.setAttribute('data-'+n,v)}catch{}}";

/// The whole document, for the server to render.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <script nonce=use_nonce()>{PREFERENCES_SCRIPT}</script>
                <link
                    rel="preload"
                    href="/fonts/inter-latin.woff2"
                    r#as="font"
                    r#type="font/woff2"
                    crossorigin="anonymous"
                />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="leptos"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
