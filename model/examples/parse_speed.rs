//! Prints how fast catalog YAML is read, on one core.
//!
//! `cargo run --release -p portico-model --example parse_speed [FILE…]` reads
//! the given files, or a generated one of 10,000 entities.

use std::{fmt::Write as _, time::Instant};

use portico_model::{
    KnownKinds, emitted_relations, flatten, validate_entity,
    yaml::{self, Limits},
};

fn main() -> std::io::Result<()> {
    let mut texts = std::env::args()
        .skip(1)
        .map(std::fs::read_to_string)
        .collect::<Result<Vec<_>, _>>()?;
    if texts.is_empty() {
        texts.push(generate(10_000));
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let started = Instant::now();
    let values: Vec<_> = texts
        .iter()
        .flat_map(|text| yaml::parse_documents(text, &Limits::default()))
        .filter_map(|document| document.outcome.ok())
        .collect();
    report("parse", bytes, values.len(), started);

    let known = KnownKinds::default();
    let started = Instant::now();
    let entities: Vec<_> = values
        .into_iter()
        .filter_map(|value| validate_entity(value, &known).ok())
        .collect();
    report("validate", bytes, entities.len(), started);

    let started = Instant::now();
    let relations: usize = entities
        .iter()
        .map(|entity| emitted_relations(entity).len())
        .sum();
    report("relations", bytes, relations, started);

    let mut rows = 0;
    let started = Instant::now();
    for entity in &entities {
        flatten(entity, |key, value| {
            rows += usize::from(!key.is_empty() || value.is_some());
        });
    }
    report("flatten", bytes, rows, started);
    Ok(())
}

fn report(step: &str, bytes: usize, results: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let mib = bytes as f64 / (1024.0 * 1024.0);
    println!(
        "{step:>9}: {seconds:.3} s, {:>5.0} MiB/s, {results} results",
        mib / seconds
    );
}

/// Components with an API definition each, like a large organisation's.
fn generate(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let written = write!(
            text,
            "---\napiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: orders-api-{number}\n  \
             description: Handles orders for the checkout journey and keeps their state\n  \
             tags: [dotnet, rest, tier-1]\n  labels:\n    example.com/tier: gold\n  annotations:\n    \
             github.com/project-slug: contoso/orders-{number}\n  links:\n    - url: https://wiki.example.com/{number}\n      \
             title: Runbook\nspec:\n  type: openapi\n  lifecycle: production\n  owner: group:default/orders\n  \
             system: commerce\n  definition: |\n"
        );
        debug_assert!(written.is_ok());
        for path in 0..24 {
            let written = writeln!(
                text,
                "    /orders/{path}/{{id}}:\n      get: {{summary: Get one order, operationId: get{path}}}"
            );
            debug_assert!(written.is_ok());
        }
    }
    text
}
