//! Headers that keep a browser from doing with an answer what it is not meant for.

use axum::{
    Router,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::{self, Next},
};

/// What every answer has, files included.
const EVERYWHERE: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
];

/// For what is no page: nothing in it may run, load or be framed.
const NO_PAGE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const A_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const NO_STORE: HeaderValue = HeaderValue::from_static("private, no-store");

/// Adds what an answer of a route has to have and does not have yet: a page brings a content
/// policy of its own, with the nonce of its scripts.
pub(super) fn add(headers: &mut HeaderMap, https: bool) {
    add_everywhere(headers, https);
    // What is answered depends on who asks.
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
}

/// Adds the headers to the answers of `files`, which are the same for everybody and may be kept.
pub fn guard_files(files: Router, https: bool) -> Router {
    files.layer(middleware::from_fn(
        move |request: Request, next: Next| async move {
            let mut response = next.run(request).await;
            add_everywhere(response.headers_mut(), https);
            response
        },
    ))
}

fn add_everywhere(headers: &mut HeaderMap, https: bool) {
    for (name, value) in EVERYWHERE {
        headers.entry(name).or_insert(value);
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(NO_PAGE);
    if https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(A_YEAR);
    }
}
