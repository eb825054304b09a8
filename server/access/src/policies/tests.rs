use std::sync::Arc;

use portico_model::Predicate;

use super::*;
use crate::{Authorizer, EntityDirectory, EntityFacts, Principal, Resource};

fn user(name: &str, owns: &[&str]) -> Principal {
    let own = format!("user:default/{name}");
    let owns = std::iter::once(own.clone()).chain(owns.iter().map(|&it| it.to_owned()));
    Principal::User {
        user_ref: own.into(),
        owns: owns.collect(),
        roles: Arc::default(),
    }
}

fn with(policies: &str) -> Authorizer {
    let text = format!("{DEFAULT_POLICIES}\n{policies}");
    let authorizer = Authorizer::new(Some("group:default/platform".to_owned()));
    authorizer.put_in_force(Policies::parse(&text).unwrap());
    authorizer
}

fn problems(policies: &str) -> Vec<String> {
    let problems = Policies::parse(policies).unwrap_err();
    problems.iter().map(ToString::to_string).collect()
}

fn is(key: &str, values: &[&str]) -> Predicate {
    let values = values.iter().map(|&it| it.to_owned());
    Predicate::In(key.to_owned(), values.collect())
}

#[test]
fn the_schema_and_the_default_policies_are_valid() {
    assert_eq!(Policies::default().text(), DEFAULT_POLICIES);
    for action in Action::ALL {
        assert!(schema_text().contains(&format!("action \"{}\"", action.as_str())));
        assert!(!action.about().is_empty());
    }
}

#[test]
fn mistakes_name_their_place_and_what_to_write() {
    let missing = problems("permit (principal, action, resource);");
    assert!(missing[0].contains("@id("), "{missing:?}");
    let syntax = problems("@id(\"a\")\npermit (principal, action resource);");
    assert!(syntax[0].starts_with("line 2, column 27"), "{syntax:?}");
    let twice = problems(
        "@id(\"a\") permit (principal is User, action, resource);\n\
         @id(\"a\") forbid (principal is User, action, resource);",
    );
    assert!(
        twice[0].contains("line 2") && twice[0].contains("two policies"),
        "{twice:?}"
    );
    let unknown = problems(
        "@id(\"a\") permit (principal, action == Action::\"catalog.entity.raed\", resource);",
    );
    assert!(unknown[0].contains("catalog.entity.raed"), "{unknown:?}");
    let attribute = problems(
        "@id(\"a\")\npermit (principal, action == Action::\"catalog.entity.delete\", resource)\n\
         when { resource.sort == \"x\" };",
    );
    assert!(attribute[0].contains("line 3"), "{attribute:?}");
}

#[test]
fn what_lists_cannot_be_filtered_by_is_refused_when_it_is_written() {
    let policy = |condition: &str| {
        format!(
            "@id(\"a\") permit (principal, action == Action::\"catalog.entity.read\", resource) \
             when {{ {condition} }};"
        )
    };
    let contains = problems(&policy("resource.name like \"*secret*\""));
    assert!(
        contains[0].contains("lists are filtered by catalog.entity.read"),
        "{contains:?}"
    );
    let capitals = problems(&policy("resource.kind == \"API\""));
    assert!(capitals[0].contains("write \"api\""), "{capitals:?}");
    for fine in [
        "resource.name like \"orders-*\"",
        "principal.name like \"*admin*\"",
        "resource.kind == \"api\" && !(resource.owners.containsAny(principal.owns))",
        "resource.hasTag(\"tier\") && resource.getTag(\"tier\") == \"gold\"",
        "if principal in Group::\"group:default/a\" then true else resource has type && resource.type == \"website\"",
        "[\"api\", \"component\"].contains(resource.kind)",
        "resource.tagged.containsAll([\"java\", \"public\"]) || resource.systems.isEmpty()",
    ] {
        Policies::parse(&policy(fine)).unwrap_or_else(|problems| panic!("{fine}: {problems:?}"));
    }
}

#[test]
fn a_scope_is_everything_nothing_or_a_filter() {
    let ada = user("ada", &["group:default/orders"]);
    let authorizer = Authorizer::new(None);
    assert_eq!(
        authorizer.scope(&ada, Action::EntityRead),
        Scope::Everything
    );
    assert_eq!(
        authorizer.scope(&Principal::Anonymous, Action::EntityRead),
        Scope::Nothing
    );
    let guest = Principal::Guest {
        subject: "oidc:1".into(),
        roles: Arc::default(),
    };
    assert_eq!(authorizer.scope(&guest, Action::EntityRead), Scope::Nothing);
    let Scope::Where(filter) = authorizer.scope(&ada, Action::EntityDelete) else {
        panic!("owners delete what they own");
    };
    assert_eq!(
        *filter,
        is(
            "relations.ownedby",
            &["group:default/orders", "user:default/ada"]
        )
    );
    let hidden = with(
        "@id(\"hidden\") forbid (principal, action == Action::\"catalog.entity.read\", resource)
         when { resource.hasTag(\"visibility\") && resource.getTag(\"visibility\") == \"restricted\" }
         unless { resource.owners.containsAny(principal.owns) };",
    );
    let Scope::Where(filter) = hidden.scope(&ada, Action::EntityRead) else {
        panic!("some are hidden");
    };
    let text = format!("{filter:?}");
    assert!(
        text.contains("metadata.labels.visibility") && text.contains("group:default/orders"),
        "{text}"
    );
}

#[test]
fn policies_that_are_replaced_hold_at_once() {
    let ada = user("ada", &[]);
    let authorizer = with("");
    assert_eq!(
        authorizer.scope(&ada, Action::EntityRead),
        Scope::Everything
    );
    let none = "@id(\"none\") forbid (principal is User, action, resource);";
    authorizer.put_in_force(Policies::parse(none).unwrap());
    assert_eq!(authorizer.scope(&ada, Action::EntityRead), Scope::Nothing);
    assert!(!authorizer.allows(&ada, Action::EntityRead, &Resource::Any));
    assert!(!authorizer.allows(&ada, Action::OwnSettings, &Resource::Any));
}

#[test]
fn decisions_name_the_policies_behind_them() {
    let ada = user("ada", &["group:default/orders"]);
    let owners = ["group:default/orders".to_owned()];
    let mine = Resource::Entity {
        entity_ref: "component:default/a",
        owners: &owners,
    };
    let decision = with("").decide(&ada, Action::EntityDelete, &mine);
    assert_eq!(decision.grounds().policy.as_deref(), Some("owners-manage"));
    assert_eq!(decision.grounds().reason, "owners manage what they own");
    let frozen = with(
        "@id(\"freeze\") @description(\"the catalog is frozen\")
         forbid (principal, action in Action::\"delete\", resource);",
    );
    let decision = frozen.decide(&ada, Action::EntityDelete, &mine);
    assert!(!decision.is_allow());
    assert_eq!(decision.grounds().reason, "the catalog is frozen");
    let admin = user("grace", &["group:default/platform"]);
    assert!(!frozen.allows(&admin, Action::EntityDelete, &mine));
}

#[test]
fn what_is_known_of_an_entity_decides_too() {
    struct Directory;
    impl EntityDirectory for Directory {
        fn facts(&self, entity_ref: &str) -> Option<EntityFacts> {
            Some(EntityFacts {
                kind_type: Some("service".to_owned()),
                tags: vec![entity_ref.ends_with("gold").to_string()],
                ..EntityFacts::default()
            })
        }
    }
    let authorizer = with(
        "@id(\"gold\") forbid (principal, action == Action::\"scaffolder.task.create\", resource is Entity)
         when { resource has type && resource.type == \"service\" && resource.tagged.contains(\"true\") };",
    );
    authorizer.informed_by(Arc::new(Directory));
    let ada = user("ada", &[]);
    let runs =
        |template| authorizer.allows(&ada, Action::TemplateExecute, &Resource::Template(template));
    assert!(runs("template:default/plain"));
    assert!(!runs("template:default/gold"));
}

#[test]
fn a_personal_token_does_no_more_than_its_scopes_and_its_holder() {
    let token = |permission: &str, holder: Principal| Principal::Token {
        holder: Arc::new(holder),
        id: "1".into(),
        restrictions: [crate::Restriction {
            plugin: "catalog".to_owned(),
            permissions: vec![permission.to_owned()],
            verbs: vec![],
        }]
        .into(),
    };
    let authorizer = with("");
    let reading = token("catalog.entity.read", user("ada", &[]));
    assert!(authorizer.allows(&reading, Action::EntityRead, &Resource::Any));
    assert!(!authorizer.allows(&reading, Action::TaskRead, &Resource::Any));
    let nobody = token("catalog.entity.read", Principal::Anonymous);
    assert!(!authorizer.allows(&nobody, Action::EntityRead, &Resource::Any));
}

#[test]
fn a_role_that_a_provider_gave_makes_nobody_administrator() {
    let roles: Arc<[String]> = ["administrator".to_owned(), "auditor".to_owned()].into();
    let subject: Arc<str> = "oidc:1".into();
    let person = Principal::User {
        user_ref: "user:default/mallory".into(),
        owns: ["user:default/mallory".to_owned()].into(),
        roles: Arc::clone(&roles),
    };
    let guest = Principal::Guest {
        subject: Arc::clone(&subject),
        roles: Arc::clone(&roles),
    };
    let workload = Principal::Workload { subject, roles };
    let token = Principal::Token {
        holder: Arc::new(person.clone()),
        id: "t".into(),
        restrictions: Arc::default(),
    };
    let portal = with(
        "@id(\"auditors\") permit (principal in Role::\"auditor\", action == \
         Action::\"policy.read\", resource);",
    );
    for who in [&person, &guest, &workload, &token] {
        let may = |action| portal.allows(who, action, &Resource::Any);
        assert!(!may(Action::AuditRead), "{who:?}");
        assert!(may(Action::PolicyRead), "other roles count: {who:?}");
        let scope = portal.scope(who, Action::EntityDelete);
        assert_ne!(scope, Scope::Everything, "{who:?}");
    }
}
