//! Who is signed in, their preferences, and the way out.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use portico_model::EntityRef;
use web_sys::HtmlElement;

use crate::components::{Avatar, DensitySwitch, Icon, Menu, MenuItem, SignInLink, ThemeSwitch};
use crate::data::session::{Right, Session, SessionUser};
use crate::{paths, platform};

/// The menu's `id`.
const MENU: &str = "me";

/// The menu of the person, or the way to sign in.
#[component]
pub(super) fn MeMenu() -> impl IntoView {
    let session = expect_context::<Session>();
    let (sessions, tokens) = (session.may(Right::OwnSessions), session.has_tokens());
    match session.user {
        Some(user) => menu(user, sessions, tokens).into_any(),
        None => view! { <SignInLink small=true/> }.into_any(),
    }
}

fn menu(user: SessionUser, sessions: bool, tokens: bool) -> impl IntoView {
    let pathname = use_location().pathname;
    Effect::new(move || {
        pathname.track();
        if let Some(menu) = platform::element_by_id::<HtmlElement>(MENU) {
            // It is closed already when nobody opened it.
            let _ = menu.hide_popover();
        }
    });
    let SessionUser {
        entity_ref,
        title,
        is_admin,
    } = user;
    let name = title.clone();
    let trigger = move || view! { <Avatar name=name.clone() size=24/> };
    let own_page = entity_ref
        .as_deref()
        .and_then(|text| EntityRef::parse(text, None, EntityRef::DEFAULT_NAMESPACE).ok())
        .map(|entity_ref| paths::entity(&entity_ref));
    let role = if is_admin {
        "Administrator"
    } else {
        "Signed in"
    };
    view! {
        <Menu id=MENU label=format!("Signed in as {title}") trigger=trigger>
            <div class="menu-head">
                <p class="font-medium">{title.clone()}</p>
                <p class="text-xs text-muted">{entity_ref.unwrap_or_else(|| role.to_owned())}</p>
            </div>
            {own_page.map(|href| view! {
                <a class="menu-item" href=href><Icon icon=Icon::User/>"My page"</a>
            })}
            {sessions.then(|| view! {
                <a class="menu-item" href=paths::SESSIONS><Icon icon=Icon::Monitor/>"Sessions"</a>
            })}
            {tokens.then(|| view! {
                <a class="menu-item" href=paths::TOKENS><Icon icon=Icon::Shield/>"Access tokens"</a>
            })}
            <div class="menu-section">
                <ThemeSwitch/>
                <DensitySwitch/>
            </div>
            <form action=paths::SIGN_OUT_ACTION method="post">
                <MenuItem label="Sign out" icon=Icon::LogOut r#type="submit"/>
            </form>
        </Menu>
    }
}
