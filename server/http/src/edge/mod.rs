//! What every request passes on its way to a handler or a page.

mod authenticate;
mod client;
mod guard;
mod headers;
mod limits;
mod observe;
mod origin;
pub(crate) mod signed_in;

use std::time::Duration;

use axum::{Router, middleware};
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _, SizeAbove},
    },
};

pub(crate) use authenticate::{cookie, session_cookie};
pub use client::ClientAddress;
pub(crate) use client::Proxies;
pub use headers::guard_files;
pub(crate) use limits::Limits;
pub(crate) use origin::{PortalOrigin, Requested, SESSION_COOKIE};

use crate::AppState;

/// How long a handler may take until its answer begins.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Smaller answers cost more to compress than to send.
const COMPRESS_ABOVE: u16 = 1024;

/// Puts the common layers around all routes; the first one sees a request first.
pub(crate) fn wrap(router: Router, state: &AppState) -> Router {
    let compressible = DefaultPredicate::new().and(SizeAbove::new(COMPRESS_ABOVE));
    router.layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(
                state.clone(),
                observe::observe,
            ))
            .layer(
                CompressionLayer::new()
                    .quality(CompressionLevel::Fastest)
                    .compress_when(compressible),
            )
            .layer(CatchPanicLayer::custom(guard::panicked))
            .layer(middleware::from_fn_with_state(TIMEOUT, guard::timeout))
            .layer(middleware::from_fn_with_state(state.clone(), limits::limit))
            .layer(middleware::from_fn_with_state(
                state.clone(),
                authenticate::authenticate,
            )),
    )
}
