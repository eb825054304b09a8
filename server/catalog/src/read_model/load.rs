//! Deriving the whole read model at once, on all cores: it is what a start waits for.

use std::{
    sync::mpsc::{Receiver, SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use portico_index::Slot;
use portico_model::Entity;
use portico_search::{SearchDocument, TextIndex};
use portico_store::StoredEntity;

use super::State;

/// Chunks that may wait between two threads: enough to keep both busy, few enough
/// that little memory is held.
const WAITING: usize = 2;

/// A read model in the making. Dropping it ends its threads.
pub(super) struct Builder {
    rows: SyncSender<Vec<StoredEntity>>,
    state: JoinHandle<State>,
}

impl Builder {
    pub(super) fn start() -> Self {
        let (rows, incoming) = sync_channel(WAITING);
        let (parsed, to_index) = sync_channel(WAITING);
        thread::spawn(move || parse(&incoming, &parsed));
        let state = thread::spawn(move || derive(&to_index));
        Self { rows, state }
    }

    /// Takes some rows, which waits while the threads have enough to do.
    pub(super) fn add(&self, rows: Vec<StoredEntity>) {
        // It fails when a thread panicked, which `finish` tells.
        let _ = self.rows.send(rows);
    }

    /// The state, once everything is in it; `None` when a thread panicked.
    pub(super) fn finish(self) -> Option<State> {
        drop(self.rows);
        self.state.join().ok()
    }
}

type Parsed = Vec<(StoredEntity, Entity)>;

fn parse(rows: &Receiver<Vec<StoredEntity>>, parsed: &SyncSender<Parsed>) {
    for rows in rows {
        let chunk = rows.into_iter().filter_map(|row| {
            let entity = State::entity(&row)?;
            Some((row, entity))
        });
        if parsed.send(chunk.collect()).is_err() {
            return;
        }
    }
}

fn derive(parsed: &Receiver<Parsed>) -> State {
    let (documents, to_text) = sync_channel(WAITING);
    let text = thread::spawn(move || index_text(&to_text));
    let mut state = State::default();
    for chunk in parsed {
        let mut texts = Vec::with_capacity(chunk.len());
        for (row, entity) in chunk {
            let slot = state.insert(&row, &entity);
            texts.push((slot, SearchDocument::from_entity(&entity)));
        }
        if documents.send(texts).is_err() {
            break;
        }
    }
    drop(documents);
    match text.join() {
        Ok(text) => state.text = text,
        Err(panic) => std::panic::resume_unwind(panic),
    }
    state
}

fn index_text(documents: &Receiver<Vec<(Slot, SearchDocument)>>) -> TextIndex {
    let mut text = TextIndex::new();
    for (slot, document) in documents.iter().flatten() {
        text.upsert(slot, &document);
    }
    text
}
