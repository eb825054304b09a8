//! Where a page is, read from its URL.

use crate::components::Crumb;
use crate::kind::KindStyle;
use crate::paths;

/// The way to the page at `path`.
pub(super) fn crumbs_of(path: &str) -> Vec<Crumb> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        [] => vec![Crumb::here("Home")],
        ["catalog", _, kind, name, ..] => {
            let style = KindStyle::of(kind);
            let plural = if style.key == "other" {
                (*kind).to_owned()
            } else {
                style.plural.to_owned()
            };
            vec![
                Crumb::link("Catalog", paths::CATALOG),
                Crumb::link(plural, format!("{}?kind={kind}", paths::CATALOG)),
                Crumb::here(*name),
            ]
        }
        ["create", "actions"] => vec![
            Crumb::link("Create", paths::CREATE),
            Crumb::here(title_of("actions")),
        ],
        ["create", "new"] => vec![
            Crumb::link("Create", paths::CREATE),
            Crumb::here("New template"),
        ],
        ["create", namespace, name, "edit"] => vec![
            Crumb::link("Create", paths::CREATE),
            Crumb::link(*name, format!("{}/{namespace}/{name}", paths::CREATE)),
            Crumb::here("Edit"),
        ],
        ["create", _, name] => vec![Crumb::link("Create", paths::CREATE), Crumb::here(*name)],
        ["tasks", id] => vec![
            Crumb::link("Tasks", paths::TASKS),
            Crumb::here(id.split('-').next_back().unwrap_or(id)),
        ],
        ["plugins", page @ ("submit" | "connections" | "publishers")] => vec![
            Crumb::link("Plugins", paths::PLUGINS),
            Crumb::here(title_of(page)),
        ],
        ["plugins", id, "compare"] => vec![
            Crumb::link("Plugins", paths::PLUGINS),
            Crumb::link(*id, paths::plugin(id)),
            Crumb::here("Versions"),
        ],
        ["plugins", id] => vec![Crumb::link("Plugins", paths::PLUGINS), Crumb::here(*id)],
        ["repositories", name, rest @ ..] => {
            let list = Crumb::link("Repositories", paths::REPOSITORIES);
            match rest {
                [] => vec![list, Crumb::here(*name)],
                ["change-requests", number] => vec![
                    list,
                    Crumb::link(*name, paths::repository(name)),
                    Crumb::link(
                        "Change requests",
                        paths::repository_tab(name, "change-requests"),
                    ),
                    Crumb::here(format!("#{number}")),
                ],
                [tab, ..] => vec![
                    list,
                    Crumb::link(*name, paths::repository(name)),
                    Crumb::here(title_of(tab)),
                ],
            }
        }
        ["settings", page, ..] | [page, ..] => vec![Crumb::here(title_of(page))],
    }
}

fn title_of(page: &str) -> &'static str {
    match page {
        "catalog" => "Catalog",
        "register" => "Register",
        "create" => "Create",
        "actions" => "Actions",
        "tasks" => "Tasks",
        "approvals" => "Approvals",
        "search" => "Search",
        "sources" => "Sources",
        "plugins" => "Plugins",
        "submit" => "Submit a plugin",
        "connections" => "Connections",
        "publishers" => "Publisher keys",
        "repositories" => "Repositories",
        "branches" => "Branches",
        "change-requests" => "Change requests",
        "audit" => "Audit log",
        "sessions" => "Sessions",
        "tokens" => "Access tokens",
        "service-tokens" => "Service tokens",
        "policies" => "Policies",
        "versions" => "Versions",
        "why" => "Why?",
        "docs" => "REST API",
        "_components" => "Components",
        _ => "Not found",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_is_under_its_kind() {
        let labels: Vec<String> = crumbs_of("/catalog/default/api/orders")
            .into_iter()
            .map(|crumb| crumb.label)
            .collect();
        assert_eq!(labels, ["Catalog", "APIs", "orders"]);
    }

    #[test]
    fn every_way_ends_at_the_page_itself() {
        for path in [
            "/repositories/a/branches",
            "/repositories/a/change-requests/1",
            "/",
            "/catalog",
            "/catalog/a/b/c/source",
            "/nowhere",
        ] {
            assert!(
                crumbs_of(path)
                    .last()
                    .is_some_and(|crumb| crumb.href.is_none()),
                "{path}"
            );
        }
    }
}
