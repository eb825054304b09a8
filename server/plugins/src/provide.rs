//! Active providers, as the catalog reads them: a complete pass at a time.

use async_trait::async_trait;
use portico_catalog::EntityProviders;
use portico_plugin_host::{CallContext, CallError, Position};
use portico_sources::ReadError;

use crate::Plugins;

/// More batches than this are no end.
const MOST_BATCHES: usize = 1_000;

/// More entities than this one plugin does not bring.
const MOST_ENTITIES: usize = 100_000;

pub(crate) struct Provider(pub(crate) Plugins);

#[async_trait]
impl EntityProviders for Provider {
    async fn read(&self, id: &str) -> Result<String, ReadError> {
        let plugin = self.0.running(id).map_err(|error| failed(id, &error))?;
        let mut text = String::new();
        let mut entities = 0;
        let mut position = Position::Start;
        for _ in 0..MOST_BATCHES {
            let context = CallContext::default();
            let outcome = self
                .0
                .host()
                .call_provider(&plugin, context, position)
                .await;
            let batch = outcome.result.map_err(|error| refused(id, &error))?;
            entities += batch.entities.len();
            if entities > MOST_ENTITIES {
                break;
            }
            for entity in &batch.entities {
                text.push_str("---\n");
                text.push_str(&entity.to_string());
                text.push('\n');
            }
            match batch.next {
                Some(next) => position = Position::Next(next),
                None => return Ok(text),
            }
        }
        Err(failed(
            id,
            &format!("it brings more than {MOST_ENTITIES} entities or {MOST_BATCHES} batches"),
        ))
    }
}

fn failed(id: &str, reason: &impl ToString) -> ReadError {
    ReadError::Failed {
        target: format!("plugin:{id}"),
        reason: reason.to_string(),
    }
}

fn refused(id: &str, error: &CallError) -> ReadError {
    match error {
        CallError::Busy { retry_after }
        | CallError::Quarantined {
            retry_after: Some(retry_after),
            ..
        } => ReadError::RateLimited {
            target: format!("plugin:{id}"),
            host: "the sandbox".to_owned(),
            retry_at: std::time::SystemTime::now() + *retry_after,
        },
        error => failed(id, error),
    }
}
