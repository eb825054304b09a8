//! The one table: sticky header, sorting by links, column choice, and a cursor
//! that `j`, `k` and `Enter` move (see `shortcuts`).

use leptos::prelude::*;

use super::{Icon, Menu, Skeleton};

/// One column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub label: String,
    /// The URL of the same table sorted by it, or sorted the other way round.
    pub sort_href: Option<String>,
    /// Whether the table is sorted by it now.
    pub sorted: Option<SortDirection>,
    /// Numbers stand right-aligned.
    pub numeric: bool,
    /// Hidden on phones.
    pub wide_only: bool,
}

impl Column {
    /// A column that cannot be sorted by.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Makes the heading a link that sorts.
    #[must_use]
    pub fn sortable(mut self, href: impl Into<String>, sorted: Option<SortDirection>) -> Self {
        self.sort_href = Some(href.into());
        self.sorted = sorted;
        self
    }
}

/// Which way a table is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDirection {
    /// A to Z, oldest first.
    Ascending,
    /// Z to A, newest first.
    Descending,
}

/// A table. Its children are [`Row`]s of `<td>`s.
#[component]
pub fn DataTable(
    /// What the table lists, for assistive technology.
    #[prop(into)]
    caption: String,
    /// The columns that are shown.
    columns: Vec<Column>,
    /// The rows.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="table-scroll" role="region" aria-label=caption tabindex="0">
            <table class="table">
                <caption class="sr-only">{caption.clone()}</caption>
                <thead>
                    <tr>{columns.into_iter().map(heading).collect_view()}</tr>
                </thead>
                <tbody>{children()}</tbody>
            </table>
        </div>
    }
}

fn heading(column: Column) -> impl IntoView {
    let aria_sort = column.sorted.map(|sorted| match sorted {
        SortDirection::Ascending => "ascending",
        SortDirection::Descending => "descending",
    });
    let arrow = match column.sorted {
        Some(SortDirection::Ascending) => Icon::ArrowUp,
        Some(SortDirection::Descending) => Icon::ArrowDown,
        None => Icon::ArrowUpDown,
    };
    let content = match column.sort_href {
        Some(href) => view! {
            <a class="sort" href=href>
                {column.label}
                <Icon icon=arrow size=12/>
            </a>
        }
        .into_any(),
        None => column.label.into_any(),
    };
    view! {
        <th
            scope="col"
            aria-sort=aria_sort
            class:numeric=column.numeric
            class:wide-only=column.wide_only
        >
            {content}
        </th>
    }
}

/// A row. What holds the link that opens it carries `data-row-link`; the cursor
/// stops at that link.
#[component]
pub fn Row(
    /// The cells.
    children: Children,
) -> impl IntoView {
    view! { <tr class="row">{children()}</tr> }
}

/// Rows in the shape of those that are on their way.
#[component]
pub fn SkeletonRows(
    /// How many columns the table shows.
    columns: usize,
    /// How many rows to draw.
    #[prop(default = 10)]
    rows: usize,
) -> impl IntoView {
    (0..rows)
        .map(|row| {
            let cells = (0..columns)
                .map(|column| {
                    let width = 40 + (row * 7 + column * 23) % 45;
                    view! { <td><Skeleton width=format!("{width}%")/></td> }
                })
                .collect_view();
            view! { <tr class="row" aria-hidden="true">{cells}</tr> }
        })
        .collect_view()
}

/// One column that can be shown or hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Its heading.
    pub label: String,
    /// Whether it is shown.
    pub shown: bool,
    /// The URL of the same table with it shown or hidden.
    pub href: String,
}

/// Chooses the columns of a table.
#[component]
pub fn ColumnMenu(
    /// The menu's `id`, unique on the page.
    #[prop(default = "column-menu".to_owned(), into)]
    id: String,
    /// All columns that can be hidden.
    columns: Vec<ColumnChoice>,
) -> impl IntoView {
    view! {
        <Menu id label="Columns" icon=Icon::Columns3>
            {columns
                .into_iter()
                .map(|column| view! {
                    <a class="menu-item" href=column.href aria-current=column.shown.then_some("true")>
                        <span class="menu-check">
                            {column.shown.then(|| view! { <Icon icon=Icon::Check size=14/> })}
                        </span>
                        {column.label}
                    </a>
                })
                .collect_view()}
        </Menu>
    }
}
