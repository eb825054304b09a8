//! What was in force.

use leptos::prelude::*;

use super::super::{ago::ago, load::loaded};
use crate::components::{Badge, ButtonLink, Column, DataTable, Row, Tone};
use crate::data::policies::{VersionRow, load_policy_versions};
use crate::paths;

#[component]
pub(super) fn Versions() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_policy_versions());
    loaded(data, |(versions, now)| content(versions, now))
}

fn content(versions: Vec<VersionRow>, now: i64) -> AnyView {
    let newest = versions.first().map_or(0, |version| version.number);
    let mut columns = ["Version", "What changed", "Who", "When", "Actions"].map(Column::new);
    columns[2].wide_only = true;
    let rows = versions.into_iter().map(|version| {
        let number = version.number;
        let open = format!("{}?from={number}", paths::POLICIES);
        view! {
            <Row>
                <td>
                    {number}
                    {(number == newest).then(|| view! { " " <Badge tone=Tone::Success>"in force"</Badge> })}
                </td>
                <td class="cell-main break">{version.note}</td>
                <td class="mono text-sm wide-only">{version.created_by}</td>
                <td class="note">{(version.created_at > 0).then(|| ago(version.created_at, now))}</td>
                <td class="cell-actions">
                    <ButtonLink small=true href=open>
                        {if number == newest { "Open" } else { "Compare and restore" }}
                    </ButtonLink>
                </td>
            </Row>
        }
    });
    let rows = rows.collect_view();
    view! { <DataTable caption="Versions" columns=columns.to_vec()>{rows}</DataTable> }.into_any()
}
