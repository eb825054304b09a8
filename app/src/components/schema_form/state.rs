//! What a form holds while it is filled in.

use std::collections::BTreeMap;

use leptos::prelude::*;
use portico_model::form::{Draft, Field, Outcome, Problem, Shape, check, has_secret, take_secrets};
use serde_json::{Map, Value};

use super::patterns;
use crate::platform;

/// A form that is filled in. All copies are one.
#[derive(Clone, Copy, Debug)]
pub struct FormState {
    id: StoredValue<String>,
    shape: StoredValue<Shape>,
    draft: RwSignal<Draft>,
    outcome: Memo<Outcome>,
    /// Texts that only the server knows to be wrong, and why they are, by path.
    refused: RwSignal<BTreeMap<Vec<usize>, Refusal>>,
    /// Whether somebody tried to send it: then what is missing is said, too.
    insisted: RwSignal<bool>,
    /// What is written instead of filled in, while it is.
    json: RwSignal<Option<String>>,
    /// Counts values put in from outside, for which fields are drawn anew.
    replaced: RwSignal<u32>,
}

/// A text that will not do where it is, in whatever case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub text: String,
    pub why: String,
}

/// Where in the form a field is, and what it is called there.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub path: Vec<usize>,
    pub label: String,
}

impl Place {
    pub(super) fn root() -> Self {
        Self {
            path: Vec::new(),
            label: "Value".to_owned(),
        }
    }

    pub(super) fn inside(&self, at: usize, label: String) -> Self {
        let path = self.path.iter().copied().chain([at]).collect();
        Self { path, label }
    }
}

impl FormState {
    /// The form of a schema, filled in with a value. `id` is unique on the page.
    pub fn new(id: impl Into<String>, schema: &Value, value: &Value) -> Self {
        let (shape, draft) = Shape::new(schema, value);
        let (shape, draft) = (StoredValue::new(shape), RwSignal::new(draft));
        let refused = RwSignal::new(BTreeMap::<Vec<usize>, Refusal>::new());
        let outcome = Memo::new(move |_| {
            let outcome = shape.with_value(|shape| {
                draft.with(|draft| check(shape.field(), draft, &patterns::matches))
            });
            refused.with(|refused| draft.with(|draft| with_refusals(outcome, draft, refused)))
        });
        Self {
            id: StoredValue::new(id.into()),
            shape,
            draft,
            outcome,
            refused,
            insisted: RwSignal::new(false),
            json: RwSignal::new(None),
            replaced: RwSignal::new(0),
        }
    }

    /// The value, when it is valid. Otherwise what is wrong is shown, and the first of it
    /// has the focus.
    pub fn submit(self) -> Option<Value> {
        self.insisted.set(true);
        if let Some(text) = self.json.get_untracked() {
            let value = serde_json::from_str(&text).ok();
            if value.is_none() {
                platform::focus_first(&format!("#{}", self.id_of(&[])));
            }
            return value;
        }
        let outcome = self.outcome.get_untracked();
        match outcome.problems.first() {
            None => outcome.value,
            Some(problem) => {
                let id = self.id_of(&problem.path);
                // A group cannot have the focus, but the first control in it can.
                platform::focus_first(&format!(
                    "input#{id}, textarea#{id}, select#{id}, #{id} input, #{id} button"
                ));
                None
            }
        }
    }

    /// Puts in another value.
    pub fn replace(self, value: &Value) {
        let schema = self.shape.with_value(|it| it.schema().clone());
        let (shape, draft) = Shape::new(&schema, value);
        self.shape.set_value(shape);
        self.draft.set(draft);
        self.json.set(None);
        self.insisted.set(false);
        self.replaced.update(|count| *count += 1);
    }

    /// The value as it is, be it valid or not, and however it is being edited.
    pub fn value(self) -> Value {
        let json = self
            .json
            .with(|text| serde_json::from_str(text.as_deref()?).ok());
        let value = json.or_else(|| self.outcome.with(|it| it.value.clone()));
        value.unwrap_or_default()
    }

    /// The value with stars for its secrets, and these.
    pub fn apart(self) -> (Value, Map<String, Value>) {
        let mut value = self.value();
        let secrets = self
            .shape
            .with_value(|shape| take_secrets(shape.schema(), &mut value));
        (value, secrets)
    }

    /// Whether a part of it is for no eye: a text with everything in it would show that.
    pub(super) fn has_secret(self) -> bool {
        self.shape.with_value(|shape| has_secret(shape.schema()))
    }

    /// Whether it is being written instead of filled in.
    pub fn is_json(self) -> bool {
        self.json.with_untracked(Option::is_some)
    }

    /// Looks at the fields that hold now.
    pub fn with_field<T>(self, show: impl FnOnce(&Field) -> T) -> T {
        self.shape.with_value(|shape| show(shape.field()))
    }

    pub(super) fn json(self) -> RwSignal<Option<String>> {
        self.json
    }

    pub(super) fn track_replaced(self) {
        self.replaced.track();
    }

    /// From fields to JSON, and back when it can be read.
    pub(super) fn toggle_json(self) {
        let Some(text) = self.json.get_untracked() else {
            let value = self.outcome.with_untracked(|it| it.value.clone());
            let text = serde_json::to_string_pretty(&value.unwrap_or_default());
            return self.json.set(Some(text.unwrap_or_default()));
        };
        if let Ok(value) = serde_json::from_str(&text) {
            self.replace(&value);
        }
    }

    pub(super) fn json_problem(self) -> Signal<String> {
        Signal::derive(move || {
            let problem = self.json.with(|text| {
                let read = serde_json::from_str::<Value>(text.as_deref()?);
                read.err().map(|error| format!("This is not JSON: {error}"))
            });
            problem.unwrap_or_default()
        })
    }

    /// The `id` of the control at a path.
    pub(super) fn id_of(self, path: &[usize]) -> String {
        let mut id = self.id.get_value();
        for at in path {
            id.push_str(&format!("-{at}"));
        }
        id
    }

    /// What is wrong at a path, as far as it is time to say so.
    pub(super) fn problem(self, path: &[usize]) -> Signal<String> {
        let path = path.to_vec();
        Signal::derive(move || {
            let insisted = self.insisted.get();
            let problem = self.outcome.with(|outcome| {
                let mut problems = outcome.problems.iter();
                let problem = problems.find(|it| it.path == path && (insisted || !it.missing));
                problem.map(|it| it.text.clone())
            });
            problem.unwrap_or_default()
        })
    }

    /// Takes down what the server found out about the text at a path. It holds while the text is
    /// there, and no longer.
    pub(super) fn refuse(self, path: &[usize], refusal: Option<Refusal>) {
        // The form may be gone before a field of it.
        let _ = self.refused.try_update(|refused| match refusal {
            Some(refusal) => refused.insert(path.to_vec(), refusal),
            None => refused.remove(path),
        });
    }

    /// Something of the draft at a path; its default once that is gone.
    pub(super) fn part<T>(
        self,
        path: &[usize],
        part: impl Fn(&Draft) -> T + Send + Sync + 'static,
    ) -> Memo<T>
    where
        T: Default + PartialEq + Send + Sync + 'static,
    {
        let path = path.to_vec();
        let draft = self.draft;
        Memo::new(move |_| {
            draft
                .with(|draft| draft.at(&path).map(&part))
                .unwrap_or_default()
        })
    }

    /// Changes the draft at a path.
    pub(super) fn change(self, path: &[usize], change: impl FnOnce(&mut Draft)) {
        self.draft.update(|draft| {
            if let Some(draft) = draft.at_mut(path) {
                change(draft);
            }
        });
        let adapted = self
            .shape
            .try_update_value(|shape| self.draft.with_untracked(|draft| shape.adapt(draft)));
        if let Some(draft) = adapted.flatten() {
            self.draft.set(draft);
            self.redraw();
        }
    }

    /// Draws the fields anew; who was in one of them stays there.
    fn redraw(self) {
        let focused = platform::focused().map(|element| element.id());
        self.replaced.update(|count| *count += 1);
        if let Some(id) = focused.filter(|id| !id.is_empty()) {
            request_animation_frame(move || {
                platform::focus_first(&format!("[id='{id}']"));
            });
        }
    }
}

fn with_refusals(
    mut outcome: Outcome,
    draft: &Draft,
    refused: &BTreeMap<Vec<usize>, Refusal>,
) -> Outcome {
    for (path, refusal) in refused {
        if draft
            .at(path)
            .is_some_and(|it| it.text().eq_ignore_ascii_case(&refusal.text))
        {
            outcome.problems.push(Problem {
                path: path.clone(),
                text: refusal.why.clone(),
                missing: false,
            });
        }
    }
    outcome
}
