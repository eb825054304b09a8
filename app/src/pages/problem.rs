//! How problems of sources look.

use leptos::prelude::*;

use crate::components::{Badge, EntityLink, Icon, Tone};
use crate::data::{ProblemView, reference};

/// Problems, each with file, line, message and hint.
pub(super) fn problem_list(problems: Vec<ProblemView>, with_entity: bool) -> impl IntoView {
    let items = problems
        .into_iter()
        .map(|problem| item(problem, with_entity))
        .collect_view();
    view! { <ul class="problems">{items}</ul> }
}

fn item(problem: ProblemView, with_entity: bool) -> impl IntoView {
    let (tone, icon, word) = match problem.error {
        true => (Tone::Danger, Icon::CircleX, "Error"),
        false => (Tone::Warning, Icon::TriangleAlert, "Warning"),
    };
    let place = place(&problem);
    let entity = problem.entity_ref.filter(|_| with_entity);
    view! {
        <li class="problem">
            <div class="problem-head">
                <Badge tone icon=icon>{word} " · " {problem.code}</Badge>
                {entity.map(|entity| view! { <EntityLink entity_ref=reference(&entity)/> })}
                {problem.pointer.map(|pointer| view! { <code class="mono">{pointer}</code> })}
            </div>
            <p class="problem-message">{with_code(&problem.message)}</p>
            {problem.hint.map(|hint| view! { <p class="problem-hint">{with_code(&hint)}</p> })}
            <p class="problem-place mono">{place}</p>
        </li>
    }
}

/// A text whose parts in backticks are code.
fn with_code(text: &str) -> impl IntoView + use<> {
    text.split('`')
        .enumerate()
        .map(|(at, part)| match at % 2 {
            0 => part.to_owned().into_any(),
            _ => view! { <code class="inline-code">{part.to_owned()}</code> }.into_any(),
        })
        .collect_view()
}

/// `file:line:column` of a problem.
fn place(problem: &ProblemView) -> String {
    let mut place = problem.source.clone();
    for number in [problem.line, problem.column].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    place
}
