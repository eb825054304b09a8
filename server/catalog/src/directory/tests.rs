//! Lists hold exactly what single questions allow.

use std::sync::Arc;

use portico_access::{Action, Authorizer, DEFAULT_POLICIES, Policies, Principal, Resource};
use portico_model::Entity;
use serde_json::{Value, json};
use uuid::Uuid;

use super::*;

/// Conditions on what is hidden, or, after `only`, on what is seen.
const CONDITIONS: [&str; 12] = [
    "resource.kind == \"api\"",
    "resource.ref == \"component:default/e3\"",
    "resource.ref like \"api:default/e*\"",
    "resource.name like \"e1*\"",
    "resource has type && resource.type == \"service\"",
    "!(resource has lifecycle && resource.lifecycle == \"production\")",
    "resource.owners.isEmpty()",
    "resource.owners.containsAny(principal.owns)",
    "resource.systems.contains(\"system:default/shop\")",
    "resource.tagged.containsAll([\"java\", \"public\"])",
    "resource.hasTag(\"tier\") && resource.getTag(\"tier\") == \"gold\"",
    "if resource.tagged.contains(\"java\") then resource.hasTag(\"tier\") else resource.kind != \"api\"",
];

/// The next of a row of numbers that is the same in every run.
fn draw(seed: &mut u64, below: usize) -> usize {
    *seed = seed
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 33) as usize % below
}

fn some(seed: &mut u64, texts: &[&str]) -> Vec<String> {
    let mut chosen: Vec<_> = texts.iter().map(|&it| it.to_owned()).collect();
    chosen.retain(|_| draw(seed, 2) == 0);
    chosen
}

fn entity(seed: &mut u64, at: usize) -> Entity {
    let mut spec = json!({});
    let mut metadata =
        json!({"name": format!("E{at}"), "tags": some(seed, &["java", "Public", "x"])});
    let mut put = |into: &mut Value, key: &str, texts: &[&str]| {
        let at = draw(seed, texts.len() + 1);
        if let Some(text) = texts.get(at) {
            into[key] = json!(text);
        }
    };
    put(&mut spec, "type", &["Service", "service", "library"]);
    put(
        &mut spec,
        "lifecycle",
        &["production", "Production", "experimental"],
    );
    put(&mut spec, "owner", &["orders", "group:default/Payments"]);
    put(&mut spec, "system", &["Shop", "other"]);
    let mut labels = json!({});
    put(&mut labels, "Tier", &["gold", "GOLD", "silver"]);
    metadata["labels"] = labels;
    let kind = ["Component", "API"][draw(seed, 2)];
    serde_json::from_value(json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec,
    }))
    .unwrap()
}

fn catalog(seed: u64) -> (Arc<ReadModel>, Vec<String>) {
    let model = Arc::new(ReadModel::new(0));
    let mut seed = seed;
    let mut refs = Vec::new();
    model.change(|state| {
        for at in 0..40 {
            let entity = entity(&mut seed, at);
            refs.push(entity.entity_ref().to_string());
            state.index.upsert(Uuid::from_u128(at as u128), &entity);
        }
    });
    (model, refs)
}

fn ada() -> Principal {
    Principal::User {
        user_ref: "user:default/ada".into(),
        owns: ["user:default/ada", "group:default/orders"]
            .map(str::to_owned)
            .into(),
        roles: Arc::default(),
    }
}

fn policies(condition: &str, hides: bool) -> String {
    let read = "action == Action::\"catalog.entity.read\"";
    match hides {
        true => format!(
            "{DEFAULT_POLICIES}\n@id(\"hidden\") forbid (principal, {read}, resource) when {{ {condition} }};"
        ),
        false => {
            format!("@id(\"seen\") permit (principal, {read}, resource) when {{ {condition} }};")
        }
    }
}

#[test]
fn a_list_holds_exactly_what_single_questions_allow() {
    let ada = ada();
    let (mut seen, mut hidden) = (0, 0);
    for seed in 1..=3 {
        let (model, refs) = catalog(seed);
        let authorizer = Authorizer::new(None);
        authorizer.informed_by(Arc::new(Directory(Arc::clone(&model))));
        for condition in CONDITIONS {
            for hides in [true, false] {
                let text = policies(condition, hides);
                authorizer.put_in_force(Policies::parse(&text).unwrap());
                let scope = authorizer.scope(&ada, Action::EntityRead);
                for entity_ref in &refs {
                    let facts = model.read(|state| facts(state, entity_ref)).unwrap();
                    let single = Resource::Entity {
                        entity_ref,
                        owners: &facts.owners,
                    };
                    let allowed = authorizer.allows(&ada, Action::EntityRead, &single);
                    let listed = model.read(|state| state.seen(&scope, entity_ref).is_some());
                    assert_eq!(
                        listed, allowed,
                        "{entity_ref} {facts:?}, {condition}, hides: {hides}, {scope:?}"
                    );
                    match allowed {
                        true => seen += 1,
                        false => hidden += 1,
                    }
                }
            }
        }
    }
    assert!(seen > 500 && hidden > 500, "{seen} seen, {hidden} hidden");
}

#[test]
fn what_is_visible_follows_the_catalog() {
    let (model, _) = catalog(1);
    let authorizer = Authorizer::new(None);
    let text = policies("resource.kind == \"api\"", false);
    authorizer.put_in_force(Policies::parse(&text).unwrap());
    let scope = authorizer.scope(&ada(), Action::EntityRead);
    let count = || {
        model.read(|state| {
            state
                .visible(&scope)
                .within()
                .map(roaring::RoaringBitmap::len)
        })
    };
    let before = count().unwrap();
    assert_eq!(count(), Some(before), "from the cache");
    model.change(|state| {
        let entity = serde_json::from_value(json!({
            "apiVersion": "backstage.io/v1alpha1", "kind": "API", "metadata": {"name": "new"},
        }));
        state.index.upsert(Uuid::from_u128(99), &entity.unwrap());
    });
    assert_eq!(count(), Some(before + 1));
}
