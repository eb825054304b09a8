//! Error answers: `application/problem+json` (RFC 9457) that also carries the
//! `error`, `request` and `response` fields clients of Backstage read.

use axum::{
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// What went wrong, before it is known which request it answers.
///
/// Handlers return it inside a response without a body; [`render`] writes the
/// body once the request id, method and URL are at hand.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    /// The error name that clients switch on; `None` where Backstage sends no error object.
    pub(crate) name: Option<&'static str>,
    pub(crate) detail: String,
    /// What inspection said of a plugin that is refused.
    pub(crate) report: Option<serde_json::Value>,
    /// What is wrong with each value of a form.
    pub(crate) errors: Option<serde_json::Value>,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Why a request was not answered as asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    #[schema(example = "Not Found")]
    title: &'a str,
    /// The HTTP status code.
    #[schema(example = 404)]
    status: u16,
    /// What is wrong and what to do about it, for people.
    #[schema(example = "component:default/orders was not found")]
    detail: &'a str,
    /// The id of this request, also in the server's log and the `x-request-id` header.
    instance: &'a str,
    /// The error as clients of Backstage expect it.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorField<'a>>,
    /// The request that failed.
    request: RequestField<'a>,
    /// The answer's status, repeated.
    response: ResponseField,
    /// Of a plugin that is refused: everything that was found out about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    report: Option<&'a serde_json::Value>,
    /// Of a form: `field` and `message` for each value that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    errors: Option<&'a serde_json::Value>,
}

/// The error as clients of Backstage expect it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemError)]
struct ErrorField<'a> {
    /// A stable name: `InputError`, `AuthenticationError`, `NotAllowedError`, `NotFoundError`, `ConflictError`, …
    #[schema(example = "NotFoundError")]
    name: &'a str,
    /// The same text as `detail`.
    message: &'a str,
}

/// The request that failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemRequest)]
struct RequestField<'a> {
    /// HTTP method.
    #[schema(example = "GET")]
    method: &'a str,
    /// Path and query.
    #[schema(example = "/api/catalog/entities/by-name/component/default/orders")]
    url: &'a str,
}

/// The answer's status, repeated.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemResponse)]
struct ResponseField {
    /// The HTTP status code.
    #[serde(rename = "statusCode")]
    #[schema(example = 404)]
    status_code: u16,
}

/// Gives `response` the body of the problem it carries, if it carries one.
pub(crate) fn render(response: Response, request_id: &str, method: &Method, uri: &Uri) -> Response {
    let Some(problem) = response.extensions().get::<Problem>() else {
        return response;
    };
    let status = problem.status;
    let body = ProblemBody {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: &problem.detail,
        instance: request_id,
        error: problem.name.map(|name| ErrorField {
            name,
            message: &problem.detail,
        }),
        request: RequestField {
            method: method.as_str(),
            url: uri
                .path_and_query()
                .map_or(uri.path(), |path| path.as_str()),
        },
        response: ResponseField {
            status_code: status.as_u16(),
        },
        report: problem.report.as_ref(),
        errors: problem.errors.as_ref(),
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json; charset=utf-8"),
    );
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, json.into())
}
