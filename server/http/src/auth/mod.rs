//! Signing in and out in a browser (`/auth`), and looking after sessions and access tokens
//! (`/api/auth`).

mod begun;
mod callback;
mod cookie;
mod dev_sign_in;
mod failure;
mod providers;
mod return_to;
mod service_tokens;
mod sessions;
mod sign_out;
mod start;
mod token_schemas;
mod tokens;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::AppState;

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(dev_sign_in::dev_sign_in))
        .routes(routes!(providers::list_providers))
        .routes(routes!(start::start_sign_in))
        .routes(routes!(callback::finish_sign_in))
        .routes(routes!(sign_out::sign_out))
        .routes(routes!(sessions::list_sessions, sessions::end_sessions))
        .routes(routes!(sessions::end_session))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
        .routes(routes!(
            service_tokens::list_service_tokens,
            service_tokens::create_service_token
        ))
        .routes(routes!(service_tokens::revoke_service_token))
}
