//! What a batch of commits changes: pure comparison, no SQL.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use uuid::Uuid;

use super::Accepted;
use crate::{
    CommitSummary, EntityDocument, Problem, Severity, SourceKey, StoreError,
    engine::{bulk::EntityRow, json, storable},
};

/// An entity that one of the sources holds.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Existing {
    id: Uuid,
    entity_ref: String,
    source_id: String,
    hash: String,
    problems: Option<String>,
    doc_index: i32,
    line: i32,
    orphan: bool,
}

/// Who holds a ref that one of the sources delivers and does not hold itself.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Holder {
    id: Uuid,
    entity_ref: String,
    pub(super) source_id: String,
    orphan: bool,
    kind: String,
    target: String,
}

/// An entity that keeps its document.
#[derive(Debug, Serialize)]
pub(super) struct Patch<'a> {
    entity_ref: &'a str,
    problems: Option<String>,
    orphan: bool,
    doc_index: i32,
    line: i32,
    /// Whether followers of the feed must see it; a new line number is not worth it.
    pub(super) visible: bool,
}

/// A problem as it is stored.
#[derive(Debug, Serialize)]
pub(super) struct ProblemRow {
    source_id: String,
    code: String,
    entity_ref: Option<String>,
    body: String,
}

/// Everything a batch changes.
pub(super) struct Plan<'a> {
    pub(super) upserts: Vec<EntityRow<'a>>,
    pub(super) patches: Vec<Patch<'a>>,
    pub(super) deleted: Vec<&'a str>,
    pub(super) orphaned: Vec<&'a str>,
    pub(super) problems: Vec<ProblemRow>,
    pub(super) summaries: HashMap<String, CommitSummary>,
    /// Documents that were accepted, with their source.
    pub(super) delivered: Vec<(&'a Accepted, &'a EntityDocument)>,
    /// Sources that entities were taken over from.
    pub(super) taken_from: Vec<&'a str>,
}

/// The refs that sources deliver and do not hold already.
pub(super) fn refs_of_others<'a>(
    accepted: &'a [Accepted],
    existing: &'a [Existing],
) -> Vec<&'a str> {
    let own: HashSet<(&str, &str)> = existing
        .iter()
        .map(|entity| (entity.source_id.as_str(), entity.entity_ref.as_str()))
        .collect();
    accepted
        .iter()
        .flat_map(|source| {
            documents(source)
                .iter()
                .map(move |document| (source, document))
        })
        .map(|(source, document)| {
            (
                source.commit.source_id.as_str(),
                document.entity_ref.as_str(),
            )
        })
        .filter(|pair| !own.contains(pair))
        .map(|(_, entity_ref)| entity_ref)
        .collect()
}

/// What is needed while a plan is made.
struct Context<'a> {
    own: HashMap<&'a str, HashMap<&'a str, &'a Existing>>,
    holders: HashMap<&'a str, &'a Holder>,
    /// Refs that their source no longer delivers, in this very batch.
    dropped: HashSet<&'a str>,
    /// Refs given away so far, with the key of the source that has them now.
    taken: HashMap<&'a str, &'a SourceKey>,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        accepted: &'a [Accepted],
        existing: &'a [Existing],
        holders: &'a [Holder],
        new_id: impl Fn() -> Uuid,
    ) -> Result<Self, StoreError> {
        let mut context = Context::new(accepted, existing, holders);
        let mut plan = Self {
            upserts: Vec::new(),
            patches: Vec::new(),
            deleted: Vec::new(),
            orphaned: Vec::new(),
            problems: Vec::new(),
            summaries: HashMap::new(),
            delivered: Vec::new(),
            taken_from: Vec::new(),
        };
        for source in accepted {
            let mut summary = CommitSummary::default();
            plan.deliver(source, &mut context, &mut summary, &new_id)?;
            plan.summaries
                .insert(source.commit.source_id.clone(), summary);
        }
        for source in accepted {
            plan.keep_or_drop(source, &context)?;
            plan.note_problems(source)?;
        }
        for summary in plan.summaries.values_mut() {
            let visible = summary.added + summary.changed + summary.removed > 0;
            // Any number: the position is known when the transaction ends.
            summary.seq = visible.then_some(0);
        }
        Ok(plan)
    }

    /// The documents a source delivers.
    fn deliver(
        &mut self,
        source: &'a Accepted,
        context: &mut Context<'a>,
        summary: &mut CommitSummary,
        new_id: &impl Fn() -> Uuid,
    ) -> Result<(), StoreError> {
        let problems = problems_by_ref(&source.commit.problems);
        for document in documents(source) {
            let entity_ref = document.entity_ref.as_str();
            let own = context.own_entity(source, entity_ref);
            let holder = context.holders.get(entity_ref).filter(|_| own.is_none());
            if let Some(other) = context.refusal(entity_ref, holder.copied()) {
                self.problems.push(conflict(source, document, &other)?);
                summary.conflicts.push((entity_ref.to_owned(), other));
                continue;
            }
            context.taken.insert(entity_ref, &source.key);
            self.delivered.push((source, document));
            let problems = encode_problems(problems.get(entity_ref))?;
            if let Some(own) = own.filter(|own| own.hash == document.hash) {
                let visible = own.orphan || own.problems != problems;
                summary.changed += usize::from(visible);
                if visible || own.line != document.line || own.doc_index != document.doc_index {
                    self.patches.push(Patch {
                        entity_ref,
                        problems,
                        orphan: false,
                        doc_index: document.doc_index,
                        line: document.line,
                        visible,
                    });
                }
                continue;
            }
            let id = own.map(|own| own.id).or(holder.map(|holder| holder.id));
            match id {
                Some(_) => summary.changed += 1,
                None => summary.added += 1,
            }
            self.taken_from
                .extend(holder.map(|holder| holder.source_id.as_str()));
            self.upserts.push(EntityRow {
                id: id.unwrap_or_else(new_id),
                entity_ref,
                source_id: &source.commit.source_id,
                doc_index: document.doc_index,
                line: document.line,
                document: &document.document,
                hash: &document.hash,
                problems,
            });
        }
        Ok(())
    }

    /// What becomes of the entities a source holds and did not deliver now.
    fn keep_or_drop(
        &mut self,
        source: &'a Accepted,
        context: &Context<'a>,
    ) -> Result<(), StoreError> {
        let commit = &source.commit;
        let summary = self.summaries.entry(commit.source_id.clone()).or_default();
        let problems = problems_by_ref(&commit.problems);
        for (entity_ref, own) in context
            .own
            .get(commit.source_id.as_str())
            .into_iter()
            .flatten()
        {
            if context.taken.contains_key(entity_ref) {
                continue;
            }
            let dropped = context.dropped.contains(entity_ref);
            if dropped && commit.delete_orphans {
                self.deleted.push(entity_ref);
                summary.removed += 1;
                continue;
            }
            let orphan = own.orphan || dropped;
            let problems = encode_problems(problems.get(entity_ref))?;
            if orphan && !own.orphan {
                self.orphaned.push(entity_ref);
            }
            if orphan != own.orphan || problems != own.problems {
                summary.changed += 1;
                self.patches.push(Patch {
                    entity_ref,
                    problems,
                    orphan,
                    doc_index: own.doc_index,
                    line: own.line,
                    visible: true,
                });
            }
        }
        Ok(())
    }

    fn note_problems(&mut self, source: &'a Accepted) -> Result<(), StoreError> {
        for problem in &source.commit.problems {
            self.problems
                .push(ProblemRow::new(&source.commit.source_id, problem)?);
        }
        Ok(())
    }
}

impl<'a> Context<'a> {
    fn new(accepted: &'a [Accepted], existing: &'a [Existing], holders: &'a [Holder]) -> Self {
        let mut own: HashMap<&str, HashMap<&str, &Existing>> = HashMap::new();
        for entity in existing {
            own.entry(&entity.source_id)
                .or_default()
                .insert(&entity.entity_ref, entity);
        }
        let mut dropped = HashSet::new();
        for source in accepted {
            let commit = &source.commit;
            if commit.documents.is_none() || commit.keep_missing {
                continue;
            }
            let kept: HashSet<&str> = documents(source)
                .iter()
                .map(|document| document.entity_ref.as_str())
                .chain(commit.keep_refs.iter().map(String::as_str))
                .collect();
            let held = own
                .get(commit.source_id.as_str())
                .into_iter()
                .flat_map(HashMap::keys);
            dropped.extend(
                held.copied()
                    .filter(|entity_ref| !kept.contains(entity_ref)),
            );
        }
        let holders = holders
            .iter()
            .map(|holder| (holder.entity_ref.as_str(), holder))
            .collect();
        Self {
            own,
            holders,
            dropped,
            taken: HashMap::new(),
        }
    }

    fn own_entity(&self, source: &Accepted, entity_ref: &str) -> Option<&'a Existing> {
        self.own
            .get(source.commit.source_id.as_str())?
            .get(entity_ref)
            .copied()
    }

    /// The key of the source that keeps a ref from being delivered. What is an orphan, or is
    /// let go by its source in this batch, is free: the entity moves, with its id.
    fn refusal(&self, entity_ref: &str, holder: Option<&Holder>) -> Option<String> {
        if let Some(key) = self.taken.get(entity_ref) {
            return Some(key.to_string());
        }
        let holder =
            holder.filter(|holder| !holder.orphan && !self.dropped.contains(entity_ref))?;
        Some(format!("{}:{}", holder.kind, holder.target))
    }
}

impl ProblemRow {
    fn new(source_id: &str, problem: &Problem) -> Result<Self, StoreError> {
        Ok(Self {
            source_id: source_id.to_owned(),
            code: problem.code.clone(),
            // The ref of a broken document may hold anything.
            entity_ref: problem
                .entity_ref
                .as_deref()
                .map(|text| storable(text).into_owned()),
            body: json(problem)?,
        })
    }
}

fn conflict(
    source: &Accepted,
    document: &EntityDocument,
    holder: &str,
) -> Result<ProblemRow, StoreError> {
    let entity_ref = &document.entity_ref;
    let message = if holder == source.key.to_string() {
        format!("{entity_ref} is in this source twice; only the first is used")
    } else {
        format!("{entity_ref} is already provided by {holder}; this document is not used")
    };
    let problem = Problem {
        code: "conflict".to_owned(),
        severity: Severity::Error,
        entity_ref: Some(entity_ref.clone()),
        doc_index: Some(document.doc_index),
        pointer: Some("/metadata/name".to_owned()),
        line: Some(document.line),
        column: None,
        message,
        hint: Some("Give one of them another name or namespace, or remove one.".to_owned()),
    };
    ProblemRow::new(&source.commit.source_id, &problem)
}

fn documents(source: &Accepted) -> &[EntityDocument] {
    source.commit.documents.as_deref().unwrap_or_default()
}

fn problems_by_ref(problems: &[Problem]) -> HashMap<&str, Vec<&Problem>> {
    let mut by_ref: HashMap<&str, Vec<&Problem>> = HashMap::new();
    for problem in problems {
        if let Some(entity_ref) = &problem.entity_ref {
            by_ref.entry(entity_ref).or_default().push(problem);
        }
    }
    by_ref
}

fn encode_problems(problems: Option<&Vec<&Problem>>) -> Result<Option<String>, StoreError> {
    problems.map(json).transpose()
}
