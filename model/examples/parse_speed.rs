//! Prints how fast catalog YAML is read, on one core.
//!
//! `cargo run --release -p portico-model --example parse_speed [FILE…]` reads
//! the given files, or a generated one of 10,000 entities.

use std::{fmt::Write as _, time::Instant};

use portico_model::yaml::{self, Limits};

fn main() -> std::io::Result<()> {
    let mut texts = std::env::args()
        .skip(1)
        .map(std::fs::read_to_string)
        .collect::<Result<Vec<_>, _>>()?;
    if texts.is_empty() {
        texts.push(generate(10_000));
    }
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut documents = 0;
    let mut entities = Vec::new();
    let started = Instant::now();
    for text in &texts {
        let parsed = yaml::parse_documents(text, &Limits::default());
        documents += parsed.len();
        entities.extend(
            parsed
                .into_iter()
                .filter_map(|document| document.outcome.ok()),
        );
    }
    report("parse", bytes, documents, started);
    Ok(())
}

fn report(step: &str, bytes: usize, documents: usize, started: Instant) {
    let seconds = started.elapsed().as_secs_f64();
    let mib = bytes as f64 / (1024.0 * 1024.0);
    println!(
        "{step}: {documents} documents, {mib:.1} MiB, {seconds:.3} s, {:.0} MiB/s",
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
