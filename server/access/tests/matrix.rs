//! Who may do what while the default policies hold: every action, as one table.

use std::{collections::BTreeSet, sync::Arc};

use portico_access::{Action, Authorizer, Principal, Resource, ResourceType, Restriction};

/// Columns: nobody, a guest, a reader (a user with no part in it), an owner of the entity or
/// repository (who also registered the location), who created the task, who is asked to
/// approve, a service restricted to reading the catalog, a workload, the platform team.
const TABLE: &str = "
                                     nobody guest reader owner creator approver service workload platform
catalog.entity.read                  .      .     x      x     x       x        x       .        x
catalog.entity.refresh               .      .     x      x     x       x        .       .        x
catalog.entity.delete                .      .     .      x     .       .        .       .        x
catalog.entity.validate              .      .     x      x     x       x        x       .        x
catalog.location.read                .      .     x      x     x       x        x       .        x
catalog.location.create              .      .     x      x     x       x        .       .        x
catalog.location.delete              .      .     .      x     .       .        .       .        x
catalog.ingestion.read               .      .     x      x     x       x        x       .        x
settings.own                         .      .     x      x     x       x        .       .        x
audit.read                           .      .     .      .     .       .        .       .        x
scm.read                             .      .     x      x     x       x        .       .        x
scm.propose                          .      .     x      x     x       x        .       .        x
scm.merge                            .      .     .      x     .       .        .       .        x
plugin.read                          .      .     x      x     x       x        .       .        x
plugin.submit                        .      .     x      x     x       x        .       .        x
plugin.run                           .      .     x      x     x       x        .       .        x
plugin.manage                        .      .     .      .     .       .        .       .        x
scm.create                           .      .     x      x     x       x        .       .        x
scm.configure                        .      .     .      x     .       .        .       .        x
scaffolder.template.parameter.read   .      .     x      x     x       x        .       .        x
scaffolder.task.create               .      .     x      x     x       x        .       .        x
scaffolder.template.dry-run          .      .     x      x     x       x        .       .        x
scaffolder.task.read                 .      .     x      x     x       x        .       .        x
scaffolder.task.cancel               .      .     .      .     x       .        .       .        x
scaffolder.task.retry                .      .     .      .     x       .        .       .        x
scaffolder.task.approve              .      .     .      .     .       x        .       .        x
scorecard.manage                     .      .     .      .     .       .        .       .        x
session.own                          .      x     x      x     x       x        .       .        x
session.manage                       .      .     .      .     .       .        .       .        x
token.own                            .      .     x      x     x       x        .       .        x
token.manage                         .      .     .      .     .       .        .       .        x
policy.read                          .      .     .      .     .       .        .       .        x
policy.manage                        .      .     .      .     .       .        .       .        x
";

const OWNERS: &str = "group:default/owners";
const APPROVERS: &str = "group:default/approvers";
const CREATOR: &str = "user:default/creator";

fn user(name: &str, groups: &[&str]) -> Principal {
    let own = format!("user:default/{name}");
    let groups = groups.iter().map(|&it| it.to_owned());
    Principal::User {
        user_ref: own.as_str().into(),
        owns: std::iter::once(own.clone()).chain(groups).collect(),
        roles: Arc::default(),
    }
}

fn principal(column: &str) -> Principal {
    match column {
        "nobody" => Principal::Anonymous,
        "guest" => Principal::Guest {
            subject: "oidc:1".into(),
            roles: Arc::default(),
        },
        "owner" => user("owner", &[OWNERS]),
        "creator" => user("creator", &[]),
        "approver" => user("approver", &[APPROVERS]),
        "service" => Principal::Service {
            subject: "reports".into(),
            restrictions: [Restriction {
                plugin: "catalog".to_owned(),
                permissions: vec![],
                verbs: vec!["read".to_owned()],
            }]
            .into(),
        },
        "workload" => Principal::Workload {
            subject: "oidc/ci".into(),
            roles: Arc::default(),
        },
        "platform" => user("platform", &["group:default/platform"]),
        _ => user("reader", &["group:default/others"]),
    }
}

fn may(authorizer: &Authorizer, who: &Principal, action: Action) -> bool {
    let (owners, by) = ([OWNERS.to_owned()], [APPROVERS.to_owned()]);
    let resource = match action.on()[0] {
        ResourceType::Entity => Resource::Entity {
            entity_ref: "component:default/a",
            owners: &owners,
        },
        ResourceType::Location => Resource::Location {
            target: "url:https://example.com/a.yaml",
            created_by: Some("user:default/owner"),
            goes: &[],
        },
        ResourceType::Repository => Resource::Repository {
            url: "local:a",
            owners: &owners,
        },
        ResourceType::Plugin => Resource::Plugin("a"),
        ResourceType::Task => Resource::Task {
            id: "1",
            created_by: CREATOR,
        },
        ResourceType::Approval => Resource::Approval {
            task: "1",
            created_by: CREATOR,
            by: &by,
            four_eyes: true,
        },
        ResourceType::Connection => Resource::Connection("a"),
        ResourceType::PublisherKey => Resource::PublisherKey("a"),
        ResourceType::Portal => Resource::Any,
    };
    authorizer.allows(who, action, &resource)
}

#[test]
fn the_table_says_who_may_do_what() {
    let authorizer = Authorizer::new(Some("group:default/platform".to_owned()));
    let mut lines = TABLE.trim_matches('\n').lines();
    let columns: Vec<_> = lines.next().unwrap().split_whitespace().collect();
    let mut told = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in lines {
        let mut cells = line.split_whitespace();
        let name = cells.next().unwrap();
        let action = Action::parse(name).unwrap();
        told.insert(name);
        let cells: Vec<_> = cells.collect();
        assert_eq!(cells.len(), columns.len(), "{line}");
        for (column, cell) in columns.iter().zip(cells) {
            let may = may(&authorizer, &principal(column), action);
            if may != (cell == "x") {
                wrong.push(format!("{column} {name}: {may}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let all: BTreeSet<_> = Action::ALL.iter().map(|it| it.as_str()).collect();
    assert_eq!(told, all, "an action is missing in the table");
}
