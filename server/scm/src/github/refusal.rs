//! What an answer other than success means, and what to do about it.

use portico_integrations::{Answer, StatusCode};
use serde_json::Value;

use super::Address;
use crate::ScmError;

/// Explains a refusal. `signed_in` is where the credential comes from; `needs` is the permission
/// that the call needs.
pub(super) fn explain(
    answer: &Answer,
    address: &Address<'_>,
    signed_in: Option<&str>,
    needs: &str,
) -> ScmError {
    let (host, key) = (&address.host.host, &address.host.key);
    let repository = format!("{}/{}", address.owner, address.name);
    if let Some(to) = answer.redirect() {
        return ScmError::Refused(format!(
            "{host} says that {repository} is at {to} now; use its new name, or correct \
             {key}.apiBaseUrl"
        ));
    }
    let said = said(answer);
    // Newer hosts name what an App or a fine-grained token lacks.
    let wanted = answer.header("x-accepted-github-permissions").map_or_else(
        || format!("\"{needs}\""),
        |names| format!("\"{needs}\" ({names})"),
    );
    match (answer.status, signed_in) {
        (StatusCode::UNAUTHORIZED, Some(used)) => ScmError::Refused(format!(
            "{host} does not accept {used}; it may have expired or been revoked"
        )),
        (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, None) => ScmError::Refused(format!(
            "{host} wants to know who asks; set {key}.token or {key}.apps to one with {wanted} \
             on {repository}"
        )),
        (StatusCode::FORBIDDEN, Some(used)) => ScmError::Refused(format!(
            "{used} may not do this on {repository}: it lacks the permission {wanted}; {host} \
             says: {said}"
        )),
        (StatusCode::NOT_FOUND, Some(used)) => ScmError::NotFound(format!(
            "what was asked of {repository} on {host} (or {used} may not see it, or lacks the \
             permission {wanted})"
        )),
        (StatusCode::NOT_FOUND, None) => ScmError::NotFound(format!(
            "{repository} on {host} (if it is private, set {key}.token or {key}.apps)"
        )),
        (StatusCode::CONFLICT, _) => ScmError::conflict(format!("{host} says: {said}")),
        (status, _) if status.is_client_error() => {
            ScmError::invalid(format!("{host} refuses this for {repository}: {said}"))
        }
        (status, _) => ScmError::Unavailable(format!("{host} answered {status}: {said}")),
    }
}

/// What the answer says: its message, and what is wrong with which field.
pub(super) fn said(answer: &Answer) -> String {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let message = body["message"].as_str().unwrap_or("nothing");
    let errors = body["errors"].as_array().into_iter().flatten();
    let errors = errors.filter_map(|error| {
        if let Some(text) = error.as_str().or(error["message"].as_str()) {
            return Some(text.to_owned());
        }
        let (field, code) = (error["field"].as_str()?, error["code"].as_str()?);
        Some(format!("{field} {}", code.replace('_', " ")))
    });
    let parts: Vec<String> = std::iter::once(message.to_owned()).chain(errors).collect();
    parts.join("; ")
}
