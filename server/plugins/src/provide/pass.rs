//! One pass of a provider: batches until there is no next one.

use portico_plugin_host::{Batch, CallError, Position};

use super::held::Held;

/// More batches than this are no end.
const MOST_BATCHES: usize = 1_000;

/// More entities than this one plugin does not hold.
const MOST_ENTITIES: usize = 100_000;

/// Why a pass came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    /// A call failed.
    #[error(transparent)]
    Call(CallError),
    /// It does not end, or not soon enough.
    #[error("it brings more than {MOST_ENTITIES} entities or {MOST_BATCHES} batches")]
    TooMuch,
}

/// Reads from `position` to the end, on top of what is `held`. What is held then, and the
/// checkpoint of the last batch. What an incomplete pass brought is dropped with it.
pub(super) async fn pass<R>(
    mut held: Held,
    mut position: Position,
    mut read: impl FnMut(Position) -> R,
) -> Result<(Held, Option<String>), Broken>
where
    R: Future<Output = Result<Batch, CallError>>,
{
    for _ in 0..MOST_BATCHES {
        let batch = read(position).await.map_err(Broken::Call)?;
        for entity_ref in &batch.removed {
            held.remove(entity_ref);
        }
        for entity in batch.entities {
            held.put(entity);
        }
        if held.len() > MOST_ENTITIES {
            break;
        }
        match batch.next {
            Some(next) => position = Position::Next(next),
            None => return Ok((held, batch.checkpoint)),
        }
    }
    Err(Broken::TooMuch)
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use serde_json::{Value, json};

    use super::*;

    fn server(name: &str, owner: &str) -> Value {
        json!({"kind": "Resource", "metadata": {"name": name}, "spec": {"owner": owner}})
    }

    #[tokio::test]
    async fn what_changed_is_put_on_top_of_what_is_held() {
        let complete = pass(Held::default(), Position::Start, |position| {
            let (names, next, checkpoint) = match position {
                Position::Start => (vec!["a", "b"], Some("2".into()), None),
                position => {
                    assert_eq!(position, Position::Next("2".into()));
                    (vec!["c"], None, Some("monday".into()))
                }
            };
            let entities = names.into_iter().map(|it| server(it, "ann"));
            ready(Ok(Batch {
                entities: entities.collect(),
                next,
                checkpoint,
                ..Batch::default()
            }))
        });
        let (held, checkpoint) = complete.await.unwrap();
        assert_eq!((held.len(), checkpoint.as_deref()), (3, Some("monday")));

        let changed = pass(held, Position::Since("monday".into()), |position| {
            assert_eq!(position, Position::Since("monday".into()));
            ready(Ok(Batch {
                entities: vec![server("b", "bob")],
                removed: vec!["resource:default/c".into()],
                checkpoint: Some("tuesday".into()),
                ..Batch::default()
            }))
        });
        let (held, checkpoint) = changed.await.unwrap();
        assert_eq!(checkpoint.as_deref(), Some("tuesday"));
        let mut expected = Held::default();
        expected.put(server("a", "ann"));
        expected.put(server("b", "bob"));
        assert_eq!(held, expected);
    }

    #[tokio::test]
    async fn a_pass_without_an_end_ends() {
        // 36
        for (size, most) in [(0, MOST_BATCHES), (5_000, MOST_ENTITIES / 5_000 + 1)] {
            let mut calls = 0;
            let endless = pass(Held::default(), Position::Start, |_| {
                calls += 1;
                let names = (0..size).map(|it| server(&format!("s-{calls}-{it}"), "ann"));
                ready(Ok(Batch {
                    entities: names.collect(),
                    next: Some("more".into()),
                    ..Batch::default()
                }))
            });
            assert!(matches!(endless.await, Err(Broken::TooMuch)));
            assert_eq!(calls, most);
        }
    }

    #[tokio::test]
    async fn a_failed_batch_is_a_failed_pass() {
        // 20: what the first batch brought is not there either.
        let failed = pass(Held::default(), Position::Start, |position| {
            ready(match position {
                Position::Start => Ok(Batch {
                    entities: vec![server("a", "ann")],
                    next: Some("2".into()),
                    ..Batch::default()
                }),
                _ => Err(CallError::OutOfTime { limit_ms: 1 }),
            })
        });
        let expected = CallError::OutOfTime { limit_ms: 1 };
        assert!(matches!(failed.await, Err(Broken::Call(error)) if error == expected));
    }
}
