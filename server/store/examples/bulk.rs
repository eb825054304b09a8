//! Prints how fast sources are committed and entities read back, on both engines.
//!
//! `cargo run --release -p portico-store --example bulk -- [ENTITIES] [PER_SOURCE]`

use std::{error::Error, fmt::Write as _, time::Instant};

use portico_store::{
    Changes, EntityDocument, Millis, Seq, SourceCommit, SourceKey, StoredEntity, UnchangedSource,
};
use portico_testkit::Database;
use sha1::{Digest, Sha1};

const NOW: Millis = 1;
const LATER: Millis = 1_000_000;
const OWNER: &str = "bulk";
/// Sources claimed and committed together.
const BATCH: usize = 16;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let entities: usize = arguments.next().map_or(Ok(10_000), |text| text.parse())?;
    let per_source: usize = arguments.next().map_or(Ok(200), |text| text.parse())?;
    println!("{entities} entities, {per_source} a source");
    measure(Database::sqlite(), entities, per_source).await?;
    match Database::postgres().await {
        Some(database) => measure(database, entities, per_source).await?,
        None => println!("no PostgreSQL server"),
    }
    Ok(())
}

async fn measure(
    database: Database,
    entities: usize,
    per_source: usize,
) -> Result<(), Box<dyn Error>> {
    let store = database.store().await;
    println!("{}", store.engine_name());
    let sources = entities.div_ceil(per_source);
    let keys: Vec<SourceKey> = (0..sources)
        .map(|n| SourceKey {
            kind: "file".to_owned(),
            target: format!("/catalog/{n}.yaml"),
        })
        .collect();
    let commits: Vec<SourceCommit> = keys
        .iter()
        .enumerate()
        .map(|(n, key)| commit(n, key, per_source))
        .collect();
    store.sync_roots(keys, NOW).await?;

    let start = Instant::now();
    let claimed = store.claim_due(OWNER, NOW, 1_000_000, sources).await?.len();
    report("claim", claimed, start);

    let start = Instant::now();
    for batch in commits.chunks(BATCH) {
        store.commit_sources(batch.to_vec()).await?;
    }
    report("commit", entities, start);

    store
        .make_due(
            commits
                .iter()
                .map(|commit| commit.source_id.clone())
                .collect(),
            false,
            NOW,
        )
        .await?;
    store.claim_due(OWNER, NOW, 1_000_000, sources).await?;
    let start = Instant::now();
    for batch in commits.chunks(BATCH) {
        store.commit_sources(batch.to_vec()).await?;
    }
    report("commit, nothing changed", entities, start);

    store
        .make_due(
            commits
                .iter()
                .map(|commit| commit.source_id.clone())
                .collect(),
            false,
            NOW,
        )
        .await?;
    store.claim_due(OWNER, NOW, 1_000_000, sources).await?;
    let start = Instant::now();
    let touched = commits
        .iter()
        .map(|commit| UnchangedSource {
            id: commit.source_id.clone(),
            next_read_at: LATER,
            fingerprint: None,
        })
        .collect();
    store.touch_unchanged(touched, OWNER, NOW).await?;
    report("touch sources", sources, start);

    let start = Instant::now();
    let mut loaded: Vec<StoredEntity> = Vec::with_capacity(entities);
    store.load_all(|chunk| loaded.extend(chunk)).await?;
    report("load all", loaded.len(), start);

    let start = Instant::now();
    let mut seq: Seq = 0;
    let mut followed = 0;
    loop {
        let Changes {
            upserted,
            seq: reached,
            ..
        } = store.changes_since(seq, 1_000).await?;
        if reached == seq {
            break;
        }
        followed += upserted.len();
        seq = reached;
    }
    report("follow the feed", followed, start);

    let start = Instant::now();
    let ids: Vec<_> = loaded
        .iter()
        .map(|entity| entity.id)
        .step_by(loaded.len() / 100)
        .collect();
    for _ in 0..100 {
        store.documents(&ids).await?;
    }
    report("documents (100 at a time)", 100 * ids.len(), start);
    println!("  size {:.1} MB", store.size_bytes().await? as f64 / 1e6);

    store.close().await;
    database.remove().await;
    Ok(())
}

fn report(what: &str, count: usize, start: Instant) {
    let elapsed = start.elapsed();
    println!("  {what}: {count} in {:.3} s", elapsed.as_secs_f64());
}

fn commit(source: usize, key: &SourceKey, per_source: usize) -> SourceCommit {
    let documents: Vec<EntityDocument> = (0..per_source)
        .map(|n| document(source * per_source + n, n))
        .collect();
    let content: String = documents
        .iter()
        .map(|document| document.document.as_str())
        .collect();
    SourceCommit {
        source_id: key.id(),
        owner: OWNER.to_owned(),
        fingerprint: Some("fingerprint".to_owned()),
        content_hash: Some(hex(&content)),
        content: Some(content),
        documents: Some(documents),
        keep_refs: Vec::new(),
        keep_missing: false,
        delete_orphans: true,
        problems: Vec::new(),
        refresh_keys: Vec::new(),
        next_read_at: LATER,
        now: NOW,
        failed: false,
    }
}

/// About 2.5 kB of JSON, with words that vary so that compression does not flatter.
fn document(n: usize, index: usize) -> EntityDocument {
    let mut words = String::new();
    for word in 0..48 {
        let _ = write!(words, "{} ", hex(&format!("{n}-{word}")));
    }
    let entity_ref = format!("component:default/service-{n}");
    let document = format!(
        r#"{{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{{"name":"service-{n}","namespace":"default","description":"{words}","annotations":{{"backstage.io/managed-by-location":"file:/catalog/entities.yaml","github.com/project-slug":"contoso/service-{n}"}},"tags":["java","payments","internal"]}},"spec":{{"type":"service","lifecycle":"production","owner":"group:default/team-{}","system":"system-{}"}}}}"#,
        n % 100,
        n % 300,
    );
    EntityDocument {
        entity_ref,
        doc_index: index as i32,
        line: index as i32 * 20 + 1,
        hash: hex(&document),
        document,
        children: Vec::new(),
    }
}

fn hex(text: &str) -> String {
    Sha1::digest(text)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
