//! Suggestions while one types: debounced, and never an older answer over a newer one.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::data::UiError;

const DEBOUNCE: Duration = Duration::from_millis(80);

type Loading<T> = Pin<Box<dyn Future<Output = Result<Vec<T>, UiError>> + Send>>;

/// Loads what matches a text, usually by a server function.
#[derive(Clone)]
pub struct Loader<T>(Arc<dyn Fn(String) -> Loading<T> + Send + Sync>);

impl<T> Loader<T> {
    /// A loader from an async function of the text.
    pub fn new<F, Fut>(load: F) -> Self
    where
        F: Fn(String) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Vec<T>, UiError>> + Send + 'static,
    {
        Self(Arc::new(move |text| Box::pin(load(text))))
    }
}

/// What a text has found so far.
#[derive(Clone, Debug)]
pub(super) struct Found<T> {
    pub items: Vec<T>,
    pub error: Option<UiError>,
    pub loading: bool,
}

/// What the loader finds for a text, for those who show no list to choose from.
pub fn found_for<T>(text: RwSignal<String>, loader: Loader<T>) -> Signal<Vec<T>>
where
    T: Clone + Send + Sync + 'static,
{
    let found = follow(text, loader, Signal::stored(false));
    Signal::derive(move || found.with(|found| found.items.clone()))
}

/// Follows `text` with what the loader finds for it, for no text only where `eager`. Works in
/// the browser only.
pub(super) fn follow<T>(
    text: RwSignal<String>,
    loader: Loader<T>,
    eager: Signal<bool>,
) -> RwSignal<Found<T>>
where
    T: Clone + Send + Sync + 'static,
{
    let found = RwSignal::new(Found {
        items: Vec::new(),
        error: None,
        loading: false,
    });
    let timer = StoredValue::<Option<TimeoutHandle>>::new(None);
    Effect::new(move || {
        let asked = text.get();
        if let Some(timer) = timer.get_value() {
            timer.clear();
        }
        if asked.trim().is_empty() && !eager.get() {
            found.set(Found {
                items: Vec::new(),
                error: None,
                loading: false,
            });
            return;
        }
        found.update(|found| found.loading = true);
        let loader = loader.clone();
        let load = move || {
            spawn_local(async move {
                let answer = (loader.0)(asked.clone()).await;
                if text.try_get_untracked().as_ref() != Some(&asked) {
                    return;
                }
                let (items, error) = match answer {
                    Ok(items) => (items, None),
                    Err(error) => (Vec::new(), Some(error)),
                };
                found.set(Found {
                    items,
                    error,
                    loading: false,
                });
            });
        };
        timer.set_value(set_timeout_with_handle(load, DEBOUNCE).ok());
    });
    found
}
