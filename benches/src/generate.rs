//! A synthetic organisation: seeded, with realistic sizes and relation fan-out.
//!
//! 60 % components, 15 % APIs with an inline `OpenAPI` text of 2–10 kB, 10 % resources,
//! 5 % systems, 1 % domains, 4 % groups, 5 % users. References follow a power law, and
//! above 20,000 entities one shared resource has 10,000 dependants.

use std::{fmt::Write as _, fs, path::Path};

use anyhow::{Context as _, Result};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// Entities a file holds, as in a large monorepo.
const PER_FILE: usize = 200;

/// Dependants of the most shared resource, when there are enough components.
const HUB_DEPENDANTS: usize = 10_000;

const NOUNS: [&str; 40] = [
    "orders",
    "payments",
    "catalog",
    "inventory",
    "shipping",
    "customer",
    "billing",
    "pricing",
    "search",
    "checkout",
    "cart",
    "account",
    "identity",
    "profile",
    "email",
    "loyalty",
    "fraud",
    "risk",
    "ledger",
    "refunds",
    "returns",
    "warehouse",
    "delivery",
    "tracking",
    "analytics",
    "reporting",
    "metrics",
    "events",
    "scheduler",
    "workflow",
    "document",
    "media",
    "content",
    "feature",
    "tax",
    "audit",
    "consent",
    "partner",
    "gateway",
    "session",
];
const PARTS: [&str; 12] = [
    "service", "worker", "ui", "gateway", "consumer", "producer", "adapter", "sync", "library",
    "bff", "job", "indexer",
];
const TAGS: [&str; 24] = [
    "dotnet",
    "java",
    "typescript",
    "python",
    "go",
    "rust",
    "react",
    "rest",
    "grpc",
    "kafka",
    "postgres",
    "redis",
    "azure",
    "kubernetes",
    "tier-1",
    "tier-2",
    "tier-3",
    "pci",
    "gdpr",
    "internal",
    "public",
    "legacy",
    "batch",
    "realtime",
];
const TYPES: [&str; 6] = [
    "service",
    "service",
    "service",
    "website",
    "library",
    "data-pipeline",
];
const LIFECYCLES: [&str; 4] = ["production", "production", "production", "experimental"];
const RESOURCES: [&str; 5] = ["database", "queue", "cache", "storage", "topic"];

/// What was written.
pub(crate) struct Organisation {
    pub(crate) entities: usize,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    /// Refs of components, for requests.
    pub(crate) components: Vec<String>,
    /// Refs of entities of all kinds, for requests.
    pub(crate) refs: Vec<String>,
}

struct Names {
    domains: Vec<String>,
    systems: Vec<String>,
    groups: Vec<String>,
    users: Vec<String>,
    components: Vec<String>,
    apis: Vec<String>,
    resources: Vec<String>,
}

/// Writes an organisation of `entities` entities below `folder`, with a Location
/// `all.yaml` that names every file.
pub(crate) fn organisation(folder: &Path, entities: usize, seed: u64) -> Result<Organisation> {
    let mut rng = StdRng::seed_from_u64(seed ^ entities as u64);
    let names = names(&mut rng, entities);
    let mut documents = documents(&mut rng, &names);
    shuffle(&mut rng, &mut documents);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut all = String::from(
        "apiVersion: backstage.io/v1alpha1\nkind: Location\nmetadata:\n  name: all\nspec:\n  \
         type: file\n  targets:\n",
    );
    let mut bytes = 0;
    let mut files = 0;
    for (at, chunk) in documents.chunks(PER_FILE).enumerate() {
        let name = format!("entities-{at:05}.yaml");
        let text = chunk
            .iter()
            .map(|(_, text)| text.as_str())
            .collect::<Vec<_>>()
            .join("---\n");
        bytes += text.len() as u64;
        fs::write(folder.join(&name), text)?;
        let _ = writeln!(all, "    - ./{name}");
        files += 1;
    }
    fs::write(folder.join("all.yaml"), all)?;
    Ok(Organisation {
        entities: documents.len(),
        files,
        bytes,
        components: names
            .components
            .iter()
            .map(|name| format!("component:default/{name}"))
            .collect(),
        refs: documents
            .into_iter()
            .map(|(entity_ref, _)| entity_ref)
            .collect(),
    })
}

fn names(rng: &mut StdRng, entities: usize) -> Names {
    let share = |percent: usize| (entities * percent / 100).max(1);
    let (apis, resources, systems) = (share(15), share(10), share(5));
    let (domains, groups, users) = (share(1), share(4), share(5));
    let components = entities
        .saturating_sub(apis + resources + systems + domains + groups + users)
        .max(1);
    let mut many = |count: usize, kind: &str| -> Vec<String> {
        (0..count)
            .map(|at| {
                let noun = NOUNS[rng.random_range(0..NOUNS.len())];
                match kind {
                    "component" => {
                        let part = PARTS[rng.random_range(0..PARTS.len())];
                        format!("{noun}-{part}-{at:06}")
                    }
                    kind => format!("{noun}-{kind}-{at:05}"),
                }
            })
            .collect()
    };
    Names {
        domains: many(domains, "domain"),
        systems: many(systems, "system"),
        groups: many(groups, "team"),
        users: many(users, "person"),
        components: many(components, "component"),
        apis: many(apis, "api"),
        resources: many(resources, "resource"),
    }
}

fn documents(rng: &mut StdRng, names: &Names) -> Vec<(String, String)> {
    let mut documents = Vec::new();
    let mut add = |kind: &str, name: &str, text: String| {
        documents.push((format!("{}:default/{name}", kind.to_lowercase()), text));
    };
    for name in &names.domains {
        let spec = format!("spec:\n  owner: {}\n", skewed(rng, &names.groups));
        add("Domain", name, head(rng, "Domain", name) + &spec);
    }
    for name in &names.systems {
        let (owner, domain) = (skewed(rng, &names.groups), skewed(rng, &names.domains));
        let spec = format!("spec:\n  owner: {owner}\n  domain: {domain}\n");
        add("System", name, head(rng, "System", name) + &spec);
    }
    for (at, name) in names.groups.iter().enumerate() {
        let parent = match at {
            0 => String::new(),
            at => format!(
                "  parent: {}\n",
                names.groups[rng.random_range(0..at.min(40))]
            ),
        };
        let spec = format!("spec:\n  type: team\n{parent}  children: []\n");
        add("Group", name, head(rng, "Group", name) + &spec);
    }
    for name in &names.users {
        let groups = [skewed(rng, &names.groups), skewed(rng, &names.groups)].join(", ");
        let spec = format!(
            "spec:\n  profile:\n    displayName: {}\n    email: {name}@example.com\n  memberOf: [{groups}]\n",
            name.replace('-', " ")
        );
        add("User", name, head(rng, "User", name) + &spec);
    }
    for name in &names.resources {
        let kind = RESOURCES[rng.random_range(0..RESOURCES.len())];
        let (owner, system) = (skewed(rng, &names.groups), skewed(rng, &names.systems));
        let spec = format!("spec:\n  type: {kind}\n  owner: {owner}\n  system: {system}\n");
        add("Resource", name, head(rng, "Resource", name) + &spec);
    }
    for name in &names.apis {
        let (owner, system) = (skewed(rng, &names.groups), skewed(rng, &names.systems));
        let spec = format!(
            "spec:\n  type: openapi\n  lifecycle: production\n  owner: {owner}\n  system: {system}\n  definition: |\n{}",
            definition(rng, name)
        );
        add("API", name, head(rng, "API", name) + &spec);
    }
    let hub = names.components.len() >= HUB_DEPENDANTS * 2;
    for (at, name) in names.components.iter().enumerate() {
        let spec = component_spec(rng, names, hub && at < HUB_DEPENDANTS);
        add("Component", name, head(rng, "Component", name) + &spec);
    }
    documents
}

fn component_spec(rng: &mut StdRng, names: &Names, on_hub: bool) -> String {
    let mut spec = format!(
        "spec:\n  type: {}\n  lifecycle: {}\n  owner: {}\n  system: {}\n",
        TYPES[rng.random_range(0..TYPES.len())],
        LIFECYCLES[rng.random_range(0..LIFECYCLES.len())],
        skewed(rng, &names.groups),
        skewed(rng, &names.systems),
    );
    if rng.random_bool(0.3) {
        let _ = writeln!(spec, "  providesApis: [{}]", skewed(rng, &names.apis));
    }
    let consumed = list(rng, 4, &names.apis);
    if !consumed.is_empty() {
        let _ = writeln!(spec, "  consumesApis: [{}]", consumed.join(", "));
    }
    let mut depends: Vec<String> = list(rng, 3, &names.resources)
        .iter()
        .map(|name| format!("resource:{name}"))
        .collect();
    depends.extend(
        list(rng, 2, &names.components)
            .iter()
            .map(|name| format!("component:{name}")),
    );
    if on_hub && let Some(hub) = names.resources.first() {
        depends.push(format!("resource:{hub}"));
    }
    if !depends.is_empty() {
        let _ = writeln!(spec, "  dependsOn: [{}]", depends.join(", "));
    }
    spec
}

fn head(rng: &mut StdRng, kind: &str, name: &str) -> String {
    let mut text = format!(
        "apiVersion: backstage.io/v1alpha1\nkind: {kind}\nmetadata:\n  name: {name}\n  description: {}\n",
        sentence(rng)
    );
    if rng.random_bool(0.5) {
        let _ = writeln!(text, "  title: {}", name.replace('-', " "));
    }
    let tags: Vec<&str> = (0..rng.random_range(0..6))
        .map(|_| TAGS[rng.random_range(0..TAGS.len())])
        .collect();
    let mut tags = tags;
    tags.sort_unstable();
    tags.dedup();
    if !tags.is_empty() {
        let _ = writeln!(text, "  tags: [{}]", tags.join(", "));
    }
    let _ = write!(
        text,
        "  labels:\n    example.com/cost-center: cc-{}\n    example.com/tier: tier-{}\n  \
         annotations:\n    github.com/project-slug: example-org/{name}\n",
        rng.random_range(100..999),
        rng.random_range(1..4),
    );
    if rng.random_bool(0.6) {
        let _ = writeln!(
            text,
            "    backstage.io/source-location: url:https://github.com/example-org/{name}/tree/main/"
        );
    }
    if rng.random_bool(0.5) {
        let _ = writeln!(text, "    backstage.io/kubernetes-id: {name}");
    }
    if rng.random_bool(0.4) {
        let _ = writeln!(
            text,
            "    dev.azure.com/project-repo: example-project/{name}"
        );
    }
    if rng.random_bool(0.6) {
        let _ = write!(
            text,
            "  links:\n    - url: https://dashboards.example.com/{name}\n      title: Dashboard\n      icon: dashboard\n"
        );
    }
    text
}

fn sentence(rng: &mut StdRng) -> String {
    let words: Vec<&str> = (0..rng.random_range(6..18))
        .map(|_| NOUNS[rng.random_range(0..NOUNS.len())])
        .collect();
    format!("Handles {} for the team", words.join(" "))
}

fn definition(rng: &mut StdRng, name: &str) -> String {
    let target = rng.random_range(2_000..10_000);
    let mut text = format!(
        "    openapi: 3.0.3\n    info:\n      title: {name}\n      version: 1.0.0\n    paths:\n"
    );
    let mut at = 0;
    while text.len() < target {
        let noun = NOUNS[rng.random_range(0..NOUNS.len())];
        let _ = write!(
            text,
            "      /{noun}/{at}/{{id}}:\n        get:\n          operationId: get{noun}{at}\n          \
             summary: One of the {noun}\n          parameters:\n            - name: id\n              \
             in: path\n              required: true\n              schema: {{type: string}}\n          \
             responses:\n            '200': {{description: Found}}\n            '404': {{description: Not found}}\n"
        );
        at += 1;
    }
    text
}

/// One of `from`, the first ones far more often than the last.
fn skewed<'a>(rng: &mut StdRng, from: &'a [String]) -> &'a str {
    let spread: f64 = rng.random();
    let at = (from.len() as f64 * spread * spread) as usize;
    from.get(at)
        .or_else(|| from.last())
        .map_or("", String::as_str)
}

fn list(rng: &mut StdRng, most: usize, from: &[String]) -> Vec<String> {
    let mut list: Vec<String> = (0..rng.random_range(0..=most))
        .map(|_| skewed(rng, from).to_owned())
        .collect();
    list.sort_unstable();
    list.dedup();
    list
}

fn shuffle<T>(rng: &mut StdRng, items: &mut [T]) {
    for at in (1..items.len()).rev() {
        items.swap(at, rng.random_range(0..=at));
    }
}
