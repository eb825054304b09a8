//! One source: read, process, commit.

use std::sync::Arc;

use portico_sources::{ReadError, ReadFile, ReadOutcome};
use portico_store::{ClaimedSource, Millis, Problem, SourceCommit, SourceKey};

use super::{
    placeholders::{self, Resolved},
    process::{Processed, SourceContext, process, sha256},
    schedule,
};
use crate::{Catalog, CatalogError, error::Result, millis, now, providers};

/// What a read of a source led to.
#[derive(Debug)]
pub(crate) enum Refreshed {
    /// The source holds what it held; no entity is to be written.
    Unchanged {
        /// What the reader returned, when it returned something new.
        fingerprint: Option<String>,
    },
    /// The host asks to come back at this time.
    Later(Millis),
    /// This is to be committed.
    Changed(Box<SourceCommit>),
}

/// The content of a source and what it holds.
struct Content {
    processed: Processed,
    text: Option<String>,
    hash: String,
    fingerprint: Option<String>,
}

impl Content {
    /// The fingerprint, unless what placeholders read can change while the file does not.
    fn lasting_fingerprint(&self) -> Option<String> {
        let alone = self.processed.refresh_keys.is_empty();
        self.fingerprint.clone().filter(|_| alone)
    }
}

impl Catalog {
    /// Reads a claimed source and says what to commit. A failed read keeps
    /// everything that was there and records why.
    pub(crate) async fn refresh_source(
        &self,
        source: &ClaimedSource,
        owner: &str,
    ) -> Result<Refreshed> {
        let context = SourceContext {
            key: source.key.clone(),
            origin: source.origin.clone(),
            root: source.origin == source.key.to_string(),
        };
        let commit = match self.read(&source.key, source.fingerprint.as_deref()).await {
            Ok(ReadOutcome::Unchanged) => {
                metrics::counter!("portico_sources_read_total", "outcome" => "unchanged")
                    .increment(1);
                return Ok(Refreshed::Unchanged { fingerprint: None });
            }
            Ok(outcome) => {
                let content = self.content(&context, outcome).await?;
                if source.content_hash.as_deref() == Some(content.hash.as_str())
                    && source.failures == 0
                {
                    metrics::counter!("portico_sources_read_total", "outcome" => "same")
                        .increment(1);
                    return Ok(Refreshed::Unchanged {
                        fingerprint: content.lasting_fingerprint(),
                    });
                }
                metrics::counter!("portico_sources_read_total", "outcome" => "changed")
                    .increment(1);
                self.commit_of(source, owner, content)
            }
            Err(ReadError::RateLimited { retry_at, .. }) => {
                metrics::counter!("portico_sources_read_total", "outcome" => "limited")
                    .increment(1);
                return Ok(Refreshed::Later(millis(retry_at)));
            }
            Err(error) => {
                metrics::counter!("portico_sources_read_total", "outcome" => "failed").increment(1);
                self.failed_commit(source, owner, error)
            }
        };
        Ok(Refreshed::Changed(Box::new(commit)))
    }

    /// Reads and processes a source without storing it, for previews.
    pub(crate) async fn read_and_process(&self, context: &SourceContext) -> Result<Processed> {
        let outcome = self.read(&context.key, None).await?;
        Ok(self.content(context, outcome).await?.processed)
    }

    async fn read(
        &self,
        key: &SourceKey,
        fingerprint: Option<&str>,
    ) -> Result<ReadOutcome, ReadError> {
        match key.kind.as_str() {
            providers::KIND => self.read_provider(key, fingerprint).await,
            kind => self.sources().read(kind, &key.target, fingerprint).await,
        }
    }

    async fn content(&self, context: &SourceContext, outcome: ReadOutcome) -> Result<Content> {
        match outcome {
            ReadOutcome::Unchanged => Err(CatalogError::Inconsistent {
                what: context.label(),
                detail: "a source read for the first time cannot be unchanged".to_owned(),
            }),
            ReadOutcome::Expanded {
                targets,
                fingerprint,
            } => {
                let hash = self.hashed(targets.join("\n").as_bytes());
                Ok(Content {
                    processed: context.expanded(&targets),
                    text: None,
                    hash,
                    fingerprint,
                })
            }
            ReadOutcome::File(ReadFile { text, fingerprint }) => {
                let resolved = placeholders::resolve(self.sources(), &context.key, &text).await;
                let text = Arc::new(text);
                let hash = self.hashed(with_placeholders(&text, &resolved).as_bytes());
                let processed = {
                    let config = Arc::clone(self.config_arc());
                    let context = context.clone();
                    let text = Arc::clone(&text);
                    tokio::task::spawn_blocking(move || {
                        process(&config, &context, &text, &resolved)
                    })
                    .await
                    .map_err(|error| CatalogError::Inconsistent {
                        what: "the processing of a source".to_owned(),
                        detail: error.to_string(),
                    })?
                };
                let text = Some(Arc::unwrap_or_clone(text));
                Ok(Content {
                    processed,
                    text,
                    hash,
                    fingerprint,
                })
            }
        }
    }

    /// The hash of a source's content, by the rules it was processed with.
    fn hashed(&self, content: &[u8]) -> String {
        format!("{}{}", self.processing(), sha256(content))
    }

    fn commit_of(&self, source: &ClaimedSource, owner: &str, content: Content) -> SourceCommit {
        let fingerprint = content.lasting_fingerprint();
        let Content {
            processed,
            text,
            hash,
            ..
        } = content;
        let now = now();
        SourceCommit {
            source_id: source.id.clone(),
            owner: owner.to_owned(),
            fingerprint,
            content_hash: Some(hash),
            content: text,
            documents: Some(processed.documents),
            keep_refs: processed.keep_refs,
            keep_missing: processed.keep_missing,
            delete_orphans: self.deletes_orphans(),
            problems: processed.problems,
            refresh_keys: processed.refresh_keys,
            next_read_at: schedule::next_read(now, self.interval_of(&source.origin)),
            now,
            failed: false,
        }
    }

    fn failed_commit(&self, source: &ClaimedSource, owner: &str, error: ReadError) -> SourceCommit {
        let now = now();
        let missing = source.optional && matches!(error, ReadError::NotFound { .. });
        let problems: Vec<Problem> = match missing {
            true => Vec::new(),
            false => vec![Self::read_problem(&error.into())],
        };
        let failures = u32::try_from(source.failures).unwrap_or(0);
        let interval = self.interval_of(&source.origin);
        SourceCommit {
            source_id: source.id.clone(),
            owner: owner.to_owned(),
            fingerprint: None,
            content_hash: None,
            content: None,
            documents: None,
            keep_refs: Vec::new(),
            keep_missing: true,
            delete_orphans: false,
            problems,
            refresh_keys: Vec::new(),
            next_read_at: match missing {
                true => schedule::next_read(now, interval),
                false => schedule::next_retry(now, interval, failures),
            },
            now,
            failed: !missing,
        }
    }
}

/// Changes when the text or anything its placeholders brought in changes.
fn with_placeholders(text: &str, resolved: &Resolved) -> String {
    let mut all = text.to_owned();
    resolved.digest_into(&mut all);
    all
}
