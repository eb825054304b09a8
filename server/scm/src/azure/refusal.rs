//! What an answer other than success means, and what to do about it.

use portico_integrations::{Answer, StatusCode};
use serde_json::Value;

use super::Address;
use crate::ScmError;

/// Where the credential of a call is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credential {
    Configured,
    Input,
    None,
}

/// Without valid credentials Azure DevOps answers 203, or redirects, with a sign-in page.
pub(super) fn is_sign_in_page(answer: &Answer) -> bool {
    answer.status == StatusCode::NON_AUTHORITATIVE_INFORMATION
        || answer
            .redirect()
            .unwrap_or(answer.url.path())
            .contains("_signin")
}

/// Explains a refusal; `needs` is the scope or permission that the call needs.
pub(super) fn explain(
    answer: &Answer,
    address: &Address<'_>,
    credential: Credential,
    needs: &str,
) -> ScmError {
    let (host, key) = (&address.host.host, &address.host.key);
    let place = address.label();
    let used = match credential {
        Credential::Input => "the token of the input".to_owned(),
        _ => format!("the credential in {key}"),
    };
    let said = said(answer);
    let is_signed_in = credential != Credential::None;
    match answer.status {
        StatusCode::UNAUTHORIZED if is_signed_in => not_accepted(host, &used),
        _ if is_sign_in_page(answer) && is_signed_in => not_accepted(host, &used),
        StatusCode::UNAUTHORIZED => wanted(host, key, address),
        _ if is_sign_in_page(answer) => wanted(host, key, address),
        StatusCode::FORBIDDEN => ScmError::Refused(format!(
            "{used} may not do this on {place}: grant it \"{needs}\"; {host} says: {said}"
        )),
        StatusCode::NOT_FOUND => ScmError::NotFound(format!(
            "what was asked of {place} on {host} (or {used} may not see it, or lacks \
             \"{needs}\"; {host} says: {said})"
        )),
        StatusCode::CONFLICT => ScmError::conflict(format!("{host} says: {said}")),
        status if status.is_client_error() => {
            ScmError::invalid(format!("{host} refuses this for {place}: {said}"))
        }
        status => ScmError::Unavailable(format!("{host} answered {status}: {said}")),
    }
}

fn not_accepted(host: &str, used: &str) -> ScmError {
    ScmError::Refused(format!(
        "{host} does not accept {used}; it may have expired or been revoked"
    ))
}

fn wanted(host: &str, key: &str, address: &Address<'_>) -> ScmError {
    ScmError::Refused(format!(
        "{host} wants a credential; add one for {} to {key}.credentials",
        address.organization()
    ))
}

/// What the answer says.
pub(super) fn said(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = body["message"].as_str().or(body["Message"].as_str());
    message.unwrap_or("nothing").to_owned()
}

/// The kind of error that the answer names, such as `GitReferenceStaleException`.
pub(super) fn kind(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    body["typeKey"].as_str().unwrap_or_default().to_owned()
}
