//! Audit events as a file.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use jiff::Timestamp;
use portico_access::Principal;
use portico_catalog::{AuditFilter, AuditFormat};

use crate::{AppState, error::ApiError};

/// The events that match as a download, sent while it is read.
pub(super) fn file(
    state: &AppState,
    who: &Principal,
    filter: AuditFilter,
    format: &str,
) -> Result<Response, ApiError> {
    let (format, kind) = match format {
        "csv" => (AuditFormat::Csv, "text/csv; charset=utf-8"),
        "ndjson" => (AuditFormat::NdJson, "application/x-ndjson"),
        "json" => (AuditFormat::Json, "application/json; charset=utf-8"),
        other => {
            return Err(ApiError::Input(format!(
                "\"format\" must be csv, ndjson or json, not {other}"
            )));
        }
    };
    let events = state.catalog().export_audit(who, filter, format)?;
    let extension = match format {
        AuditFormat::Csv => "csv",
        AuditFormat::NdJson => "ndjson",
        AuditFormat::Json => "json",
    };
    let today = Timestamp::now().strftime("%Y-%m-%d");
    let disposition = format!("attachment; filename=\"audit-{today}.{extension}\"");
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}
