//! The branches of a repository.

use leptos::prelude::*;

use super::{super::ago::ago, author::author};
use crate::components::{Badge, Column, DataTable, Icon, Row};
use crate::data::repositories::{BranchView, RepositoryView};
use crate::paths;

/// The Branches tab.
pub(super) fn branches(repository: RepositoryView) -> impl IntoView {
    let RepositoryView {
        name,
        default_branch,
        branches,
        now,
        ..
    } = repository;
    let mut columns = ["Branch", "Newest commit", "By", "When"].map(Column::new);
    columns[1].wide_only = true;
    columns[2].wide_only = true;
    let rows = branches
        .into_iter()
        .map(|branch| row(&name, &default_branch, branch, now))
        .collect_view();
    view! { <DataTable caption="Branches" columns=columns.to_vec()>{rows}</DataTable> }
}

fn row(repository: &str, default: &str, branch: BranchView, now: i64) -> impl IntoView + use<> {
    let is_default = branch.name == default;
    let named = (!is_default).then_some(branch.name.as_str());
    let href = paths::repository_file(repository, named, "");
    let tip = branch.tip;
    view! {
        <Row>
            <td class="cell-main">
                <div class="cell-title">
                    <span data-row-link="">
                        <a class="entity-link" href=href>
                            <Icon icon=Icon::GitBranch/>
                            <span class="truncate mono">{branch.name}</span>
                        </a>
                    </span>
                    {is_default.then(|| view! { <Badge>"default"</Badge> })}
                </div>
            </td>
            <td class="commit-cell wide-only">
                <p class="truncate">{tip.title}</p>
                <p class="row-detail mono">{tip.short_id}</p>
            </td>
            <td class="wide-only">{author(tip.author)}</td>
            <td class="note">{ago(tip.at, now)}</td>
        </Row>
    }
}
