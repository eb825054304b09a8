//! Short ways to write sources, documents and commits.

use portico_store::{
    AuditEvent, ClaimedSource, CommitSummary, EntityDocument, Millis, Problem, Severity,
    SourceCommit, SourceKey, Store, UnchangedSource,
};

/// The clock of the tests.
pub const NOW: Millis = 1_000_000;
/// When a source is read again after [`NOW`].
pub const LATER: Millis = NOW + 60_000;
/// The lease owner.
pub const ME: &str = "me";

pub fn key(target: &str) -> SourceKey {
    SourceKey {
        kind: "file".to_owned(),
        target: target.to_owned(),
    }
}

pub fn unchanged(target: &str, next_read_at: Millis) -> UnchangedSource {
    UnchangedSource {
        id: key(target).id(),
        next_read_at,
        fingerprint: None,
    }
}

pub fn document(entity_ref: &str, text: &str) -> EntityDocument {
    EntityDocument {
        entity_ref: entity_ref.to_owned(),
        doc_index: 0,
        line: 1,
        document: format!(r#"{{"text":"{text}"}}"#),
        hash: text.to_owned(),
        children: Vec::new(),
    }
}

/// A Location entity that names these sources.
pub fn location(entity_ref: &str, children: &[&str]) -> EntityDocument {
    let children = children.iter().map(|target| (key(target), false)).collect();
    EntityDocument {
        children,
        ..document(entity_ref, "location")
    }
}

/// A commit of [`ME`] that delivers these documents.
pub fn commit(target: &str, documents: Vec<EntityDocument>) -> SourceCommit {
    SourceCommit {
        source_id: key(target).id(),
        owner: ME.to_owned(),
        fingerprint: Some("fingerprint".to_owned()),
        content_hash: Some("content".to_owned()),
        content: None,
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

/// A commit after a failed read.
pub fn failed(target: &str, message: &str) -> SourceCommit {
    SourceCommit {
        fingerprint: None,
        content_hash: None,
        documents: None,
        problems: vec![problem("read", None, message)],
        failed: true,
        ..commit(target, Vec::new())
    }
}

pub fn problem(code: &str, entity_ref: Option<&str>, message: &str) -> Problem {
    Problem {
        code: code.to_owned(),
        severity: Severity::Error,
        entity_ref: entity_ref.map(str::to_owned),
        doc_index: None,
        pointer: None,
        line: Some(3),
        column: None,
        message: message.to_owned(),
        hint: None,
    }
}

pub fn audit(action: &str) -> AuditEvent {
    AuditEvent {
        at: NOW,
        principal: "user:default/ada".to_owned(),
        action: action.to_owned(),
        resource: "thing".to_owned(),
        decision: "allow".to_owned(),
        reason: "owner".to_owned(),
        policy: None,
        source: None,
        request_id: None,
        details: serde_json::json!({"n": 1}),
    }
}

/// Makes these the configured roots.
pub async fn roots(store: &Store, targets: &[&str]) -> bool {
    let keys = targets.iter().map(|target| key(target)).collect();
    store.sync_roots(keys, NOW).await.unwrap()
}

/// Claims whatever is due now.
pub async fn claim(store: &Store) -> Vec<ClaimedSource> {
    store.claim_due(ME, NOW, 30_000, 100).await.unwrap()
}

/// The targets that are due now; they are given back.
pub async fn due(store: &Store) -> Vec<String> {
    let mut targets: Vec<String> = claim(store)
        .await
        .into_iter()
        .map(|source| source.key.target)
        .collect();
    store.release_all(ME).await.unwrap();
    targets.sort();
    targets
}

/// Reads a source again, whenever it is due, and commits these documents.
pub async fn deliver(store: &Store, target: &str, documents: Vec<EntityDocument>) -> CommitSummary {
    commit_now(store, commit(target, documents)).await
}

/// Claims the source of a commit, whenever it is due, and commits.
pub async fn commit_now(store: &Store, commit: SourceCommit) -> CommitSummary {
    store
        .make_due(vec![commit.source_id.clone()], false, NOW)
        .await
        .unwrap();
    let claimed = claim(store).await;
    assert!(
        claimed.iter().any(|source| source.id == commit.source_id),
        "no such source"
    );
    let others = claimed
        .into_iter()
        .filter(|source| source.id != commit.source_id)
        .map(|source| source.id)
        .collect();
    let summary = store.commit_source(commit).await.unwrap();
    store.release_all(ME).await.unwrap();
    // Claiming forgot that they were wanted.
    store.make_due(others, false, NOW).await.unwrap();
    summary
}

/// The refs of all entities, sorted.
pub async fn refs(store: &Store) -> Vec<String> {
    let mut refs = Vec::new();
    store
        .load_all(|chunk| refs.extend(chunk.into_iter().map(|entity| entity.entity_ref)))
        .await
        .unwrap();
    refs.sort();
    refs
}
