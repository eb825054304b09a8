//! Prints what the index costs at 1,000, 10,000 and 100,000 synthetic entities.
//!
//! `cargo run --release -p portico-index --example speed`

use std::{
    hint::black_box,
    sync::LazyLock,
    time::{Duration, Instant},
};

use portico_index::{Direction, FullText, Index, Query, Start};
use portico_model::{Entity, Predicate, RelationType};
use rand::{Rng, RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value, json};
use uuid::Uuid;

const NOUNS: [&str; 24] = [
    "orders",
    "payments",
    "catalog",
    "inventory",
    "shipping",
    "customer",
    "billing",
    "invoice",
    "pricing",
    "search",
    "checkout",
    "cart",
    "account",
    "identity",
    "profile",
    "loyalty",
    "fraud",
    "ledger",
    "refunds",
    "returns",
    "warehouse",
    "routing",
    "tracking",
    "analytics",
];
const ROLES: [&str; 10] = [
    "service",
    "api",
    "worker",
    "ui",
    "gateway",
    "consumer",
    "adapter",
    "sync",
    "scheduler",
    "bff",
];
const TAGS: [&str; 24] = [
    "java",
    "kotlin",
    "go",
    "rust",
    "typescript",
    "dotnet",
    "csharp",
    "react",
    "graphql",
    "rest",
    "grpc",
    "kafka",
    "postgres",
    "redis",
    "azure",
    "kubernetes",
    "serverless",
    "terraform",
    "tier-1",
    "tier-2",
    "pci",
    "gdpr",
    "internal",
    "legacy",
];

fn main() {
    for count in [1_000, 10_000, 100_000] {
        measure(count);
    }
}

fn measure(count: usize) {
    println!("\n{count} entities");
    let mut random = StdRng::seed_from_u64(1);
    let before = resident_bytes();
    let mut index = Index::new();
    let (mut rows, mut text, mut writing) = (0_usize, 0, Duration::ZERO);
    for chunk in (0..count).collect::<Vec<_>>().chunks(1000) {
        let entities: Vec<(usize, Entity)> = chunk
            .iter()
            .map(|&number| (number, entity(&mut random, number, count)))
            .collect();
        for (_, entity) in &entities {
            portico_model::flatten(entity, |_, value| {
                rows += 1;
                text += value.map_or(0, str::len);
            });
        }
        let started = cpu_time();
        for (number, entity) in &entities {
            index.upsert(Uuid::from_u128(*number as u128), entity);
        }
        writing += cpu_time().saturating_sub(started);
    }
    let bytes = resident_bytes().saturating_sub(before);
    println!(
        "  rows an entity               {:>9.1}",
        rows as f64 / count as f64
    );
    println!("  memory an entity             {:>9} B", bytes / count);
    println!("  value text an entity         {:>9} B", text / count);
    println!(
        "  upsert while loading         {:>9.1} µs",
        micros(writing) / count as f64
    );
    reads(&index);
    writes(&mut index, &mut random, count);
}

fn reads(index: &Index) {
    let components = Predicate::In("kind".to_owned(), vec!["component".to_owned()]);
    let by_name = |predicate: &Predicate, start, term: Option<&str>| Query {
        predicate: predicate.clone(),
        full_text: term.map(|term| FullText {
            term: term.to_owned(),
            fields: vec!["metadata.name".to_owned(), "metadata.title".to_owned()],
        }),
        order: vec![("metadata.name".to_owned(), Direction::Asc)],
        start,
        limit: 20,
        within: None,
    };
    let first = by_name(&components, Start::Offset(0), None);
    once("first use of an order", || index.query(&first));
    timed("page of components by name", || index.query(&first));
    let Some(last) = index.query(&first).last else {
        return;
    };
    timed("next page", || {
        index.query(&by_name(&components, Start::After(last.clone()), None))
    });
    timed("page at offset 50 %", || {
        index.query(&by_name(
            &components,
            Start::Offset(index.len() * 3 / 10),
            None,
        ))
    });
    for term in ["orders", "rs", "a", "nowhere"] {
        timed(&format!("full text \"{term}\""), || {
            index.query(&by_name(&components, Start::Offset(0), Some(term)))
        });
    }
    let team = || vec!["group:default/team-0".to_owned()];
    let owned = Predicate::HasRelation {
        kind: RelationType::OwnedBy,
        targets: portico_model::Targets::In(team()),
    };
    timed("page of what a team owns", || {
        index.query(&by_name(&owned, Start::Offset(0), None))
    });
    let keys = ["kind", "spec.type", "metadata.tags"];
    timed("3 facets", || index.facets(&keys, None));
    let service = Predicate::In("spec.type".to_owned(), vec!["service".to_owned()]);
    timed("3 facets of services", || {
        index.facets(&keys, Some(&index.select(&service)))
    });
    timed("facet of owners", || {
        index.facets(&["relations.ownedBy"], None)
    });
    let Some(slot) = index.slot("group:default/team-0") else {
        return;
    };
    let (_, total) = index.relation_page(slot, RelationType::OwnerOf, (0, 0), None);
    timed(&format!("20 of {total} relations"), || {
        index
            .relation_page(slot, RelationType::OwnerOf, (total as usize / 2, 20), None)
            .0
            .len()
    });
}

fn writes(index: &mut Index, random: &mut StdRng, count: usize) {
    let changed: Vec<(usize, Entity)> = (0..1000)
        .map(|_| {
            let number = random.random_range(0..count);
            (number, entity(random, number, count))
        })
        .collect();
    let query = Query {
        predicate: Predicate::Always,
        full_text: None,
        order: vec![("metadata.name".to_owned(), Direction::Asc)],
        start: Start::Offset(0),
        limit: 20,
        within: None,
    };
    let started = cpu_time();
    for (number, entity) in &changed {
        index.upsert(Uuid::from_u128(*number as u128), entity);
    }
    let writing = cpu_time().saturating_sub(started);
    println!(
        "  upsert of a changed entity   {:>9.1} µs",
        micros(writing) / 1000.0
    );
    let mut changed = changed.iter().cycle();
    timed("write and page", || {
        if let Some((number, entity)) = changed.next() {
            index.upsert(Uuid::from_u128(*number as u128), entity);
        }
        index.query(&query)
    });
}

fn entity(random: &mut StdRng, number: usize, count: usize) -> Entity {
    let (noun, role) = (one(random, &NOUNS), one(random, &ROLES));
    let teams = (count / 25).max(1);
    let (kind, name, spec) = match number % 20 {
        0 => (
            "Group",
            format!("team-{}", number / 20),
            json!({"type": "team", "children": []}),
        ),
        1 => (
            "System",
            format!("system-{}", number / 20),
            json!({"owner": team(random, teams), "domain": format!("{noun}-domain")}),
        ),
        2 | 3 => (
            "Resource",
            format!("{noun}-db-{number:06}"),
            json!({"type": "database", "owner": team(random, teams), "system": system(random, count)}),
        ),
        4..7 => (
            "API",
            format!("{noun}-api-{number:06}"),
            json!({
                "type": one(random, &["openapi", "grpc", "graphql"]), "lifecycle": "production",
                "owner": team(random, teams), "system": system(random, count), "definition": "x".repeat(2000),
            }),
        ),
        _ => (
            "Component",
            format!("{noun}-{role}-{number:06}"),
            json!({
                "type": one(random, &["service", "service", "website", "library"]),
                "lifecycle": one(random, &["production", "experimental", "deprecated"]),
                "owner": team(random, teams),
                "system": system(random, count),
                "providesApis": [format!("{noun}-api-{:06}", number / 20 * 20 + 4)],
                "dependsOn": [format!("resource:{noun}-db-{:06}", random.random_range(0..count) / 20 * 20 + 2)],
            }),
        ),
    };
    let metadata = metadata(random, &name, noun, role);
    let entity = json!({
        "apiVersion": "backstage.io/v1alpha1", "kind": kind, "metadata": metadata, "spec": spec,
    });
    Entity::from_object(entity.as_object().cloned().unwrap_or_default())
}

fn metadata(random: &mut StdRng, name: &str, noun: &str, role: &str) -> Value {
    let tags: Vec<&&str> = TAGS.sample(random, 5).collect();
    json!({
        "name": name,
        "title": format!("{} {role} {}", noun.to_uppercase(), random.next_u32() % 1000),
        "description": format!("Handles {noun} {role} requests for the {} team and keeps {} entries.", name, noun),
        "labels": {"tier": one(random, &["1", "2", "3"]), "example.com/cost-centre": format!("cc-{}", random.next_u32() % 200)},
        "annotations": {
            "backstage.io/managed-by-location": format!("url:https://github.com/contoso/{name}/blob/main/catalog-info.yaml"),
            "backstage.io/managed-by-origin-location": format!("url:https://github.com/contoso/{name}/blob/main/catalog-info.yaml"),
            "backstage.io/source-location": format!("url:https://github.com/contoso/{name}/tree/main/"),
            "github.com/project-slug": format!("contoso/{name}"),
            "backstage.io/techdocs-ref": "dir:.",
        },
        "tags": tags,
        "links": [
            {"url": format!("https://runbooks.contoso.test/{name}"), "title": "Runbook", "icon": "docs"},
            {"url": format!("https://dashboards.contoso.test/{name}"), "title": "Dashboard", "icon": "dashboard"},
        ],
    })
}

fn one<'a>(random: &mut StdRng, choices: &[&'a str]) -> &'a str {
    choices.choose(random).copied().unwrap_or_default()
}

/// Mostly one of many teams; the first one owns a tenth of everything.
fn team(random: &mut StdRng, teams: usize) -> String {
    let own = if random.random_bool(0.1) {
        0
    } else {
        random.random_range(0..teams)
    };
    format!("team-{own}")
}

fn system(random: &mut StdRng, count: usize) -> String {
    format!("system-{}", random.random_range(0..count / 20))
}

fn once<T>(what: &str, run: impl FnOnce() -> T) {
    let started = cpu_time();
    black_box(run());
    println!(
        "  {what:<28} {:>9.1} µs, once",
        micros(cpu_time().saturating_sub(started))
    );
}

/// Prints the processor time of one run and the median time on the clock,
/// which are the same on a quiet machine.
fn timed<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut times = Vec::new();
    let started = cpu_time();
    while times.len() < 100 || cpu_time().saturating_sub(started).as_millis() < 50 {
        for _ in 0..20 {
            let started = Instant::now();
            black_box(run());
            times.push(started.elapsed());
        }
    }
    let mean = micros(cpu_time().saturating_sub(started)) / times.len() as f64;
    times.sort_unstable();
    println!(
        "  {what:<28} {mean:>9.1} µs, median {:>9.1} µs",
        micros(times[times.len() / 2])
    );
}

/// The processor time of this thread, or the clock where the system does not tell.
fn cpu_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|nanos| nanos.parse().ok());
    nanos.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// The memory of this process; zero where the system does not tell.
fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok())
        .unwrap_or(0)
        * 4096
}
