//! What a call has to look like.

use serde_json::Value;

use super::{Call, Refusal, refuse};

/// Refuses a call without a version of the API that it exists in.
pub(super) fn api_version(call: &Call) -> Result<(), Refusal> {
    let version = call.query.get("api-version").map(String::as_str);
    match version {
        Some("6.0" | "7.0" | "7.1" | "6.0-preview.1" | "7.1-preview.1") => Ok(()),
        Some(other) => refuse(
            400,
            "VssVersionOutOfRangeException",
            format!("version {other} is not supported"),
        ),
        None => refuse(
            400,
            "VssVersionNotSpecifiedException",
            "No api-version was supplied for the request.",
        ),
    }
}

/// Refuses a body that is no object, lacks a field, or has one that is not known there.
pub(super) fn fields(body: &Value, required: &[&str], optional: &[&str]) -> Result<(), Refusal> {
    let Value::Object(given) = body else {
        return refuse(
            400,
            "VssRequestContentTypeNotSupportedException",
            "the body is no object",
        );
    };
    let missing = required.iter().find(|name| !given.contains_key(**name));
    if let Some(name) = missing {
        return refuse(
            400,
            "InvalidArgumentValueException",
            format!("{name} is missing"),
        );
    }
    let unknown = given
        .keys()
        .find(|name| !required.contains(&name.as_str()) && !optional.contains(&name.as_str()));
    match unknown {
        Some(name) => refuse(
            400,
            "InvalidArgumentValueException",
            format!("{name} is not known"),
        ),
        None => Ok(()),
    }
}
