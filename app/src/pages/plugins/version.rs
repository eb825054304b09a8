//! One version: what it is, what was found out, and what was said of it.

use leptos::prelude::*;
use serde_json::Value;

use super::super::ago::ago;
use super::report::findings;
use super::review::review;
use crate::components::{Alert, Badge, StatusDot, Tone};
use crate::data::plugins::VersionView;
use crate::paths;

/// What all versions of a plugin have in common.
#[derive(Clone)]
pub(super) struct Shown {
    /// The plugin.
    pub id: String,
    /// Whether there is another version to compare with.
    pub several: bool,
    /// The form of limits, for those who decide.
    pub limits_form: Option<Value>,
    /// The server's clock.
    pub now: i64,
    /// Called when something was decided.
    pub reload: Callback<()>,
}

/// A version with its report; the forms for those who decide.
pub(super) fn version_card(version: VersionView, shown: &Shown) -> AnyView {
    let now = shown.now;
    let tone = match version.status.as_str() {
        "approved" => Tone::Success,
        "submitted" => Tone::Warning,
        _ => Tone::Danger,
    };
    let open = version.status == "submitted";
    let limits = shown.limits_form.as_ref();
    let forms = limits.map(|limits| review(&version, limits, shown.reload));
    let compare = shown
        .several
        .then(|| paths::plugin_compare(&shown.id, &version.digest));
    let facts = format!(
        "{} kB, {}, handed in by {} ",
        version.size / 1000,
        version.signature,
        version.submitted_by
    );
    view! {
        <details open=open>
            <summary class="disclosure">
                <span class="font-medium">{version.version}</span>
                " "
                <StatusDot tone label=version.status/>
                {version.active.then(|| view! { " " <Badge tone=Tone::Accent>"runs"</Badge> })}
            </summary>
            <div class="stack mt-3 ml-4">
                <p class="note">{facts} {ago(version.submitted_at, now)}</p>
                {version.decision.map(|decision| view! { <p class="note">{decision}</p> })}
                <p class="mono text-xs break">{version.digest}</p>
                {version.origin.map(|origin| view! {
                    <p class="note break">"Fetched from " <span class="mono">{origin}</span></p>
                })}
                {(!version.wider.is_empty()).then(|| view! {
                    <Alert tone=Tone::Warning title="It asks for more than the active version">
                        <ul>
                            {version.wider.into_iter().map(|it| view! { <li>{it}</li> }).collect_view()}
                        </ul>
                    </Alert>
                })}
                {compare.map(|href| view! {
                    <p><a class="link" href=href>"Compare side by side"</a></p>
                })}
                {findings(version.findings)}
                <ul class="stack">
                    {version
                        .comments
                        .into_iter()
                        .map(|(author, at, body)| view! {
                            <li>
                                <p class="note">{author} " " {ago(at, now)}</p>
                                <p class="whitespace-pre-wrap">{body}</p>
                            </li>
                        })
                        .collect_view()}
                </ul>
                {forms}
            </div>
        </details>
    }
    .into_any()
}
