//! What registering would bring.

use leptos::prelude::*;

use crate::components::{Alert, Badge, Card, Column, DataTable, EntityLink, Row, Tone};
use crate::data::reference;
use crate::data::register::{PreviewEntity, PreviewView};
use crate::pages::problem::problem_list;

/// The entities that would appear, and everything wrong.
pub(super) fn preview(view: PreviewView) -> impl IntoView {
    let count = view.entities.len() as u64;
    let problems = view.problems.len() as u64;
    let rows = view.entities.into_iter().map(row).collect_view();
    let columns = vec![Column::new("Entity"), Column::new("File"), Column::new("")];
    view! {
        {view.exists.then(|| view! {
            <Alert tone=Tone::Info title="This location is registered already">
                "Registering it again reads it now."
            </Alert>
        })}
        {(problems > 0).then(|| view! {
            <Card title="Problems" count=problems>{problem_list(view.problems, true)}</Card>
        })}
        {match count {
            0 => view! {
                <Alert tone=Tone::Warning title="No entity would appear">
                    "Fix the problems above, or check that the location is a catalog file."
                </Alert>
            }.into_any(),
            count => view! {
                <Card title="Entities" count=count flush=true>
                    <DataTable caption="Entities that would appear" columns>{rows}</DataTable>
                </Card>
            }.into_any(),
        }}
        {view.truncated.then(|| view! {
            <Alert tone=Tone::Info title="There are more files than the preview reads">
                "All of them are read once the location is registered."
            </Alert>
        })}
    }
}

fn row(entity: PreviewEntity) -> impl IntoView {
    let place = format!("{}:{}", entity.source, entity.line);
    view! {
        <Row>
            <td>
                <EntityLink entity_ref=reference(&entity.entity_ref) title=entity.title.clone()/>
                <p class="mono relation-kind">{entity.entity_ref.clone()}</p>
            </td>
            <td class="mono break text-sm">{place}</td>
            <td>
                {match entity.exists {
                    true => view! { <Badge tone=Tone::Info>"in the catalog"</Badge> }.into_any(),
                    false => view! { <Badge tone=Tone::Success>"new"</Badge> }.into_any(),
                }}
            </td>
        </Row>
    }
}
