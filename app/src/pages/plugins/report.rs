//! What inspection found.

use leptos::prelude::*;

use crate::components::{Badge, Tone};

/// Findings: severity, message, and help.
pub(super) fn findings(findings: Vec<(String, String, String)>) -> impl IntoView {
    (!findings.is_empty()).then(|| {
        let findings = findings.into_iter().map(|(severity, message, help)| {
            let tone = match severity.as_str() {
                "error" => Tone::Danger,
                "warning" => Tone::Warning,
                _ => Tone::Info,
            };
            view! {
                <li class="break text-sm">
                    <Badge tone>{severity}</Badge>
                    " "
                    {message}
                    {(!help.is_empty()).then(|| format!(" — {help}"))}
                </li>
            }
        });
        view! { <ul class="grid gap-2" aria-label="Findings">{findings.collect_view()}</ul> }
    })
}
