//! Changes take somebody who is signed in. That is known before a body is read, so nobody learns
//! from what is wrong with it, or has it read at all.

use std::{collections::HashSet, sync::Arc};

use axum::{
    extract::{MatchedPath, Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use portico_access::{Grounds, Principal};
use utoipa::openapi::OpenApi;

use crate::{AppState, error::ApiError};

/// What is asked for, as refusals and audit events name it.
const PERMISSION: &str = "portal.use";

/// The endpoints that read a body and are not for everybody, as the description says it.
#[derive(Clone)]
pub(crate) struct ForSignedIn(Arc<HashSet<(Method, String)>>);

impl ForSignedIn {
    pub(crate) fn of(description: &OpenApi) -> Self {
        let paths = description.paths.paths.iter();
        let endpoints = paths.flat_map(|(path, item)| {
            let operations = [
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
                (Method::DELETE, &item.delete),
                (Method::PATCH, &item.patch),
            ];
            operations
                .into_iter()
                .filter(|(_, it)| it.as_ref().is_some_and(|it| it.security.is_none()))
                .map(|(method, _)| (method, path.clone()))
        });
        Self(Arc::new(endpoints.collect()))
    }

    /// The endpoint that a request is for, when it is one of these.
    fn asked(&self, request: &Request) -> Option<String> {
        let path = request.extensions().get::<MatchedPath>()?.as_str();
        let endpoint = (request.method().clone(), path.to_owned());
        let (method, path) = self.0.get(&endpoint)?;
        Some(format!("{method} {path}"))
    }
}

/// Refuses whoever is not signed in.
pub(crate) async fn require(
    State((state, endpoints)): State<(AppState, ForSignedIn)>,
    request: Request,
    next: Next,
) -> Response {
    let who = request.extensions().get::<Principal>();
    if who.is_some_and(Principal::is_signed_in) {
        return next.run(request).await;
    }
    let Some(asked) = endpoints.asked(&request) else {
        return next.run(request).await;
    };
    let grounds = Grounds::rule("sign in first");
    let authorizer = state.catalog().authorizer();
    let denied = authorizer.refuse(&Principal::Anonymous, PERMISSION, asked, grounds);
    ApiError::from(denied).into_response()
}
