//! Audit events as files: CSV for people's tables, JSON lines for programs.

use bytes::Bytes;
use futures::{Stream, stream};
use jiff::Timestamp;
use portico_access::{Action, Principal, Resource};
use portico_store::{AuditEvent, AuditFilter, AuditRecord, Store};
use serde::Serialize;
use serde_json::Value;

use crate::{Catalog, error::Result};

/// Events in one piece of a file.
const PAGE: usize = 500;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFormat {
    /// Comma-separated values with a header line.
    Csv,
    /// One JSON object a line.
    NdJson,
    /// One JSON array.
    Json,
}

/// An event as it is written.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Its place in the log, from 1.
    pub position: i64,
    /// When, in RFC 3339, UTC.
    pub time: String,
    /// Who.
    pub principal: String,
    /// What.
    pub action: String,
    /// On what.
    pub resource: String,
    /// `allow` or `deny`.
    pub decision: String,
    /// The rule that decided.
    pub reason: String,
    /// The policy that decided.
    pub policy: Option<String>,
    /// From which address.
    pub source: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// Anything more.
    pub details: Value,
    /// Its hash.
    pub hash: Option<String>,
}

impl From<AuditRecord> for AuditLine {
    fn from(record: AuditRecord) -> Self {
        let AuditRecord {
            position,
            hash,
            event,
        } = record;
        let AuditEvent {
            at,
            principal,
            action,
            resource,
            decision,
            reason,
            policy,
            source,
            request_id,
            details,
        } = event;
        Self {
            position,
            time: Timestamp::from_millisecond(at)
                .unwrap_or(Timestamp::UNIX_EPOCH)
                .to_string(),
            principal,
            action,
            resource,
            decision,
            reason,
            policy,
            source,
            request_id,
            details,
            hash,
        }
    }
}

impl Catalog {
    /// The audit events that match, newest first, piece by piece.
    pub fn export_audit(
        &self,
        who: &Principal,
        filter: AuditFilter,
        format: AuditFormat,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + 'static> {
        self.require(who, Action::AuditRead, &Resource::Any)?;
        Ok(export_audit(self.store().clone(), filter, format))
    }
}

/// The audit events that match, newest first, piece by piece, for who has the database itself.
pub fn export_audit(
    store: Store,
    filter: AuditFilter,
    format: AuditFormat,
) -> impl Stream<Item = Result<Bytes>> + Send + 'static {
    let begin = Place {
        before: None,
        first: true,
    };
    stream::try_unfold(Some(begin), move |place| {
        let (store, filter) = (store.clone(), filter.clone());
        async move {
            let Some(place) = place else {
                return Ok(None);
            };
            let page = store.audit_page(&filter, place.before, 0, PAGE);
            let records = page.await?;
            let next = (records.len() == PAGE).then(|| Place {
                before: records.last().map(|last| last.position),
                first: false,
            });
            let piece = piece(records, format, place.first, next.is_none());
            Ok(Some((piece, next)))
        }
    })
}

struct Place {
    before: Option<i64>,
    first: bool,
}

fn piece(records: Vec<AuditRecord>, format: AuditFormat, first: bool, last: bool) -> Bytes {
    let lines: Vec<_> = records.into_iter().map(AuditLine::from).collect();
    let json = |line: &AuditLine| serde_json::to_string(line).unwrap_or_default();
    let text = match format {
        AuditFormat::Csv => csv(&lines, first),
        AuditFormat::NdJson => lines.iter().map(|line| json(line) + "\n").collect(),
        AuditFormat::Json => {
            let items: Vec<_> = lines.iter().map(json).collect();
            let begin = if first { "[" } else { "," };
            let end = if last { "]\n" } else { "" };
            format!("{begin}{}{end}", items.join(",\n"))
        }
    };
    text.into()
}

const COLUMNS: [&str; 12] = [
    "position",
    "time",
    "principal",
    "action",
    "resource",
    "decision",
    "reason",
    "policy",
    "source",
    "requestId",
    "details",
    "hash",
];

fn csv(lines: &[AuditLine], first: bool) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    if first {
        // Writing to memory cannot fail, here and below.
        let _ = writer.write_record(COLUMNS);
    }
    for line in lines {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let cells = [
            line.position.to_string(),
            line.time.clone(),
            line.principal.clone(),
            line.action.clone(),
            line.resource.clone(),
            line.decision.clone(),
            line.reason.clone(),
            text(&line.policy),
            text(&line.source),
            text(&line.request_id),
            line.details.to_string(),
            text(&line.hash),
        ];
        let _ = writer.write_record(cells.map(no_formula));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// Programs for tables take a text that begins like this for a formula, and run it.
fn no_formula(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(no_formula(formula.to_owned()), format!("'{formula}"));
        }
        assert_eq!(no_formula("component:a".to_owned()), "component:a");
    }
}
