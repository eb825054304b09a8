//! Prints what the text index costs at 1,000, 10,000 and 100,000 synthetic documents.
//!
//! `cargo run --release -p portico-search --example speed`

use std::{hint::black_box, time::Instant};

use portico_search::{SearchDocument, TextIndex};
use rand::{RngExt, SeedableRng, rngs::StdRng, seq::IndexedRandom};

const NOUNS: [&str; 15] = [
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
    "account",
    "analytics",
    "audit",
    "auction",
];
const ROLES: [&str; 8] = [
    "service",
    "api",
    "worker",
    "ui",
    "gateway",
    "consumer",
    "adapter",
    "aggregator",
];
const VERBS: [&str; 8] = [
    "handles",
    "manages",
    "exposes",
    "aggregates",
    "publishes",
    "validates",
    "enriches",
    "archives",
];

fn main() {
    for count in [1_000, 10_000, 100_000] {
        measure(count);
    }
}

fn measure(count: u32) {
    println!("\n{count} documents");
    let mut random = StdRng::seed_from_u64(1);
    let documents: Vec<SearchDocument> = (0..count)
        .map(|number| document(&mut random, number, count))
        .collect();
    let before = resident_bytes();
    let mut index = TextIndex::new();
    let started = Instant::now();
    for (doc, document) in (0..).zip(&documents) {
        index.upsert(doc, document);
    }
    println!(
        "  upsert                    {:>9.1} µs",
        micros(started) / f64::from(count)
    );
    println!(
        "  memory a document         {:>9} B",
        (resident_bytes() - before) / count as usize
    );
    for term in [
        "orders",
        "Orders Service",
        "a",
        "s",
        "invoice-api-000007",
        "nowhere",
    ] {
        let total = index.search(term, None, 0, 25).total;
        timed(&format!("\"{term}\" ({total})"), || {
            index.search(term, None, 0, 25)
        });
    }
    let mut replaced = documents.iter().enumerate().cycle().skip(1);
    timed("replace a document", || {
        if let Some((doc, document)) = replaced.next() {
            index.upsert((doc as u32 + 1) % count, document);
        }
    });
}

fn document(random: &mut StdRng, number: u32, count: u32) -> SearchDocument {
    let (noun, role) = (one(random, &NOUNS), one(random, &ROLES));
    let sentence: Vec<&str> = (0..12)
        .map(|at| {
            if at % 2 == 0 {
                one(random, &VERBS)
            } else {
                one(random, &NOUNS)
            }
        })
        .collect();
    SearchDocument {
        title: format!("{} {role} {number}", noun.to_uppercase()),
        name: format!("{noun}-{role}-{number:06}"),
        description: sentence.join(" "),
        owner: format!("team-{}", random.random_range(0..count / 25 + 1)),
        kind: one(random, &["Component", "API", "Resource", "System"]).to_owned(),
        namespace: "default".to_owned(),
        spec_type: one(random, &["service", "website", "library"]).to_owned(),
        lifecycle: one(random, &["production", "experimental"]).to_owned(),
        tags: (0..4)
            .map(|_| format!("tag-{}", random.random_range(0..60)))
            .collect(),
    }
}

fn one<'a>(random: &mut StdRng, choices: &[&'a str]) -> &'a str {
    choices.choose(random).copied().unwrap_or_default()
}

fn timed<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut times: Vec<f64> = (0..200)
        .map(|_| {
            let started = Instant::now();
            black_box(run());
            micros(started)
        })
        .collect();
    times.sort_unstable_by(f64::total_cmp);
    println!(
        "  {what:<25} {:>9.1} µs median, {:>9.1} µs fastest",
        times[100], times[0]
    );
}

fn micros(started: Instant) -> f64 {
    started.elapsed().as_secs_f64() * 1e6
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
