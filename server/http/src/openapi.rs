//! The API's own description.

use axum::extract::State;
use utoipa::{
    Modify, OpenApi,
    openapi::{
        Content, Ref, RefOr, ResponseBuilder,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{AppState, edge::SESSION_COOKIE, json};

/// Everything the description says that no single endpoint does.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Portico",
        description = "The REST API of the Portico developer portal.\n\n\
            `/api/catalog`, `/api/search`, `/api/user-settings` and `/api/scaffolder` \
            speak the dialect of Backstage, so its clients work unchanged. Errors are `application/problem+json` \
            (RFC 9457) and carry Backstage's `error.name` and `error.message` too. Every answer \
            has an `x-request-id`; a caller may choose it.\n\n\
            Send an access token, or one of `backend.auth.externalAccess`, as \
            `Authorization: Bearer …`. A browser that is signed in to the portal needs none. On a portal in development \
            mode, calls from the machine it runs on act as the local administrator.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    security(("token" = []), ("session" = [])),
    modifiers(&SecuritySchemes),
    tags(
        (name = "entities", description = "Read the catalog: filter, order, page, count, relate."),
        (name = "locations", description = "What the catalog is read from: preview, register, unregister."),
        (name = "unprocessed", description = "Documents that failed, and sources that wait."),
        (name = "search", description = "Full-text search over the catalog."),
        (name = "user settings", description = "What a person keeps: starred entities, table columns."),
        (name = "permission", description = "What the caller may do."),
        (name = "audit", description = "Who did what, and why it was allowed."),
        (name = "policies", description = "Who may see and do what: policies in Cedar, their versions, reasons and simulations."),
        (name = "plugins", description = "Sandboxed WebAssembly components: hand in, review, run, watch."),
        (name = "scaffolder", description = "Templates: their forms, their actions, and the tasks that run them."),
        (name = "source control", description = "Repositories that Portico keeps itself, and changes proposed to them."),
        (name = "events", description = "Webhooks of source hosts."),
        (name = "sign-in", description = "Signing in and out, and the sessions of browsers."),
        (name = "access tokens", description = "Tokens of people and of services."),
        (name = "operations", description = "Health, metrics, and this description."),
    ),
)]
struct Description;

struct SecuritySchemes;

impl Modify for SecuritySchemes {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme(
            "token",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(SESSION_COOKIE))),
        );
    }
}

pub(crate) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(openapi_json))
}

/// The description without any endpoint.
pub(crate) fn base() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

/// Says of every endpoint that asks who is calling what it answers to nobody.
pub(crate) fn add_refusals(openapi: &mut utoipa::openapi::OpenApi) {
    let refusal = ResponseBuilder::new()
        .description("Nobody is signed in, or the token is wrong")
        .content(
            "application/problem+json",
            Content::new(Some(Ref::from_schema_name("Problem"))),
        )
        .build();
    for item in openapi.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
        ];
        for operation in operations.into_iter().flatten() {
            if operation.security.is_none() {
                let responses = &mut operation.responses.responses;
                responses
                    .entry("401".to_owned())
                    .or_insert_with(|| RefOr::T(refusal.clone()));
            }
        }
    }
}

/// This description
///
/// OpenAPI 3.1, generated from the code that answers.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "operations",
    responses((status = 200, description = "The description", body = Object)),
    security(()),
)]
async fn openapi_json(State(state): State<AppState>) -> axum::response::Response {
    json::from_text(state.openapi_json())
}
