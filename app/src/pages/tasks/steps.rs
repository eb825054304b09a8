//! The steps of a task, and how long each took.

use leptos::prelude::*;

use super::duration;
use crate::components::{Badge, Icon, Tone};
use crate::data::tasks::{TaskStep, TaskView};

pub(super) fn steps(task: &TaskView) -> impl IntoView + use<> {
    let now = task.now;
    let ended = task.ended;
    let items = task
        .steps
        .iter()
        .map(|step| item(step, now, ended))
        .collect_view();
    view! { <ol class="task-steps" aria-label="Steps">{items}</ol> }
}

fn item(step: &TaskStep, now: i64, ended: bool) -> impl IntoView + use<> {
    let status = match step.status.as_str() {
        // Whoever worked on it is gone.
        "processing" if ended => "cancelled",
        status => status,
    };
    let (icon, tone, said) = match status {
        "completed" => (Icon::Check, Tone::Success, "completed"),
        "failed" => (Icon::X, Tone::Danger, "failed"),
        "processing" => (Icon::RefreshCw, Tone::Accent, "running"),
        "cancelled" => (Icon::CircleX, Tone::Warning, "cancelled"),
        "skipped" => (Icon::Minus, Tone::Neutral, "skipped"),
        _ => (Icon::CircleDashed, Tone::Neutral, "waiting"),
    };
    let took = step.started_at.map(|from| {
        let until = step.ended_at.unwrap_or(if ended { from } else { now });
        duration(until - from)
    });
    let (name, action) = (step.name.clone(), step.action.clone());
    view! {
        <li class="task-step" data-status=said>
            <span class="timeline-mark" data-tone=tone.as_str()><Icon icon size=14/></span>
            <div class="task-step-text">
                <p>{name} <span class="sr-only">" ("{said}")"</span></p>
                <p class="note mono">{action}</p>
            </div>
            {(said == "skipped").then(|| view! { <Badge>"skipped"</Badge> })}
            <span class="note tabular">{took}</span>
        </li>
    }
}
