//! The rows.

use leptos::prelude::*;

use super::url::{COLUMNS, TableState};
use crate::components::{
    Column, ColumnChoice, ColumnMenu, DataTable, EntityLink, OwnerChip, Pagination, Row,
    SortDirection, StarButton,
};
use crate::data::EntitySummary;
use crate::data::catalog::PAGE_SIZE;
use crate::pages::lifecycle::Lifecycle;

/// The table with its paging and column choice.
pub(super) fn table(
    state: &TableState,
    rows: Vec<EntitySummary>,
    total: u64,
    range: String,
) -> impl IntoView + use<> {
    let page = state.query.page;
    let previous = (page > 0).then(|| state.on_page(page - 1).href());
    let more = ((page + 1) * PAGE_SIZE) as u64;
    let next = (more < total).then(|| state.on_page(page + 1).href());
    let choices = COLUMNS
        .iter()
        .map(|&(id, label)| {
            let shown = state.shows(id);
            ColumnChoice {
                label: label.to_owned(),
                shown,
                href: state.with_column(id, !shown).href(),
            }
        })
        .collect();
    let shown: Vec<&'static str> = COLUMNS
        .iter()
        .map(|&(id, _)| id)
        .filter(|id| state.shows(id))
        .collect();
    let rows = rows
        .into_iter()
        .map(|row| self::row(row, &shown))
        .collect_view();
    view! {
        <div class="list-bar">
            <p class="list-total tabular">{total} {if total == 1 { " entity" } else { " entities" }}</p>
            <ColumnMenu columns=choices/>
        </div>
        <DataTable caption="Entities of the catalog" columns=columns(state)>{rows}</DataTable>
        <Pagination range previous=previous next=next/>
    }
}

fn columns(state: &TableState) -> Vec<Column> {
    let sortable = |id: &str, label: &str| {
        let sorted = (state.sort_column() == id).then_some(match state.query.descending {
            true => SortDirection::Descending,
            false => SortDirection::Ascending,
        });
        Column::new(label).sortable(state.sorted_by(id).href(), sorted)
    };
    let mut columns = vec![sortable("name", "Name")];
    for (id, label) in COLUMNS {
        if state.shows(id) {
            let mut column = match id {
                "system" => Column::new(label),
                id => sortable(id, label),
            };
            column.wide_only = id != "owner";
            columns.push(column);
        }
    }
    columns
}

fn row(entity: EntitySummary, shown: &[&str]) -> impl IntoView + use<> {
    let reference = entity.reference();
    let cells = shown
        .iter()
        .map(|&column| match column {
            "type" => view! { <td class="wide-only">{entity.spec_type.clone()}</td> }.into_any(),
            "owner" => view! {
                <td>{entity.owner.as_ref().map(|owner| view! {
                    <OwnerChip entity_ref=owner.reference() title=owner.title.clone()/>
                })}</td>
            }
            .into_any(),
            "system" => view! {
                <td class="wide-only">{entity.system.as_ref().map(|system| view! {
                    <EntityLink entity_ref=system.reference() title=system.title.clone() plain=true/>
                })}</td>
            }
            .into_any(),
            _ => view! {
                <td class="wide-only">{entity.lifecycle.clone().map(|stage| view! { <Lifecycle stage/> })}</td>
            }
            .into_any(),
        })
        .collect_view();
    view! {
        <Row>
            <td class="cell-main">
                <div class="cell-title">
                    <span data-row-link="">
                        <EntityLink entity_ref=reference.clone() title=entity.title.clone()/>
                    </span>
                    <StarButton entity_ref=entity.entity_ref.clone() title=entity.title.clone() starred=entity.starred/>
                </div>
                {entity.description.clone().map(|text| view! { <p class="cell-description truncate">{text}</p> })}
            </td>
            {cells}
        </Row>
    }
}
