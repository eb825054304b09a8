//! How far something is: progress bar, steps, meter.

use leptos::prelude::*;

use super::{Icon, Tone};

/// How much of something is done, from 0 to 1.
#[component]
pub fn Progress(
    /// What is being done.
    #[prop(into)]
    label: String,
    /// From 0 to 1; `None` while it cannot be known.
    #[prop(into)]
    value: Signal<Option<f64>>,
) -> impl IntoView {
    let percent = move || {
        value
            .get()
            .map(|value| (value.clamp(0.0, 1.0) * 100.0).round())
    };
    view! {
        <div class="progress">
            <div class="progress-label">
                <span>{label.clone()}</span>
                <span class="tabular">{move || percent().map(|percent| format!("{percent} %"))}</span>
            </div>
            <div
                class="progress-track"
                role="progressbar"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || percent().map(|percent| percent.to_string())
            >
                <div
                    class="progress-bar"
                    class:indeterminate=move || value.get().is_none()
                    style:width=move || percent().map_or_else(|| "30%".to_owned(), |percent| format!("{percent}%"))
                ></div>
            </div>
        </div>
    }
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Where we are.
    Current,
    /// Before us.
    Waiting,
    /// Went wrong.
    Failed,
}

impl StepState {
    fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
        }
    }

    fn icon(self) -> Option<Icon> {
        match self {
            Self::Done => Some(Icon::Check),
            Self::Failed => Some(Icon::X),
            Self::Current | Self::Waiting => None,
        }
    }
}

/// The steps of a longer task.
#[component]
pub fn Steps(
    /// Name and state of each.
    steps: Vec<(String, StepState)>,
) -> impl IntoView {
    view! {
        <ol class="steps">
            {steps
                .into_iter()
                .enumerate()
                .map(|(at, (label, state))| {
                    let current = (state == StepState::Current).then_some("step");
                    let mark = match state.icon() {
                        Some(icon) => view! { <Icon icon size=12/> }.into_any(),
                        None => (at + 1).into_any(),
                    };
                    view! {
                        <li class="step" data-state=state.key() aria-current=current>
                            <span class="step-mark">{mark}</span>
                            {label}
                            <span class="sr-only">" ("{state.key()}")"</span>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
    }
}

/// A value between none and all, such as a score.
#[component]
pub fn Meter(
    /// What is measured.
    #[prop(into)]
    label: String,
    /// From 0 to 1.
    value: f64,
    /// What the value says.
    #[prop(default = Tone::Accent)]
    tone: Tone,
) -> impl IntoView {
    let percent = (value.clamp(0.0, 1.0) * 100.0).round();
    view! {
        <div class="meter" data-tone=tone.as_str()>
            <div
                class="meter-track"
                role="meter"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent.to_string()
            >
                <div class="meter-bar" style:width=format!("{percent}%")></div>
            </div>
            <span class="tabular">{format!("{percent} %")}</span>
        </div>
    }
}
