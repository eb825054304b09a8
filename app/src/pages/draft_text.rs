//! Text that is checked as it is typed: templates and policies.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlTextAreaElement;

use crate::components::{Badge, Card, Tone};
use crate::data::UiError;
use crate::platform;

/// How long after the last key the text is checked.
const PAUSE: Duration = Duration::from_millis(350);

/// Checks the text at once, and whenever it has not changed for a moment. Only what is said about
/// the newest text counts.
pub(super) fn check_as_typed<T, F>(
    text: RwSignal<String>,
    said: RwSignal<T>,
    check: impl Fn(String) -> F + Copy + 'static,
) where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, UiError>> + 'static,
{
    let latest = StoredValue::new(0_u64);
    Effect::new(move |before: Option<()>| {
        let written = text.get();
        latest.update_value(|number| *number += 1);
        let mine = latest.get_value();
        let ask = move || {
            if latest.try_get_value() != Some(mine) {
                return;
            }
            spawn_local(async move {
                // A check that fails is made up for by the next one.
                if let Ok(now) = check(written).await
                    && latest.try_get_value() == Some(mine)
                {
                    said.try_set(now);
                }
            });
        };
        match before {
            None => ask(),
            Some(()) => set_timeout(ask, PAUSE),
        }
    });
}

/// What is wrong with the text of `area`, by line (0 when it is about all of it). A line leads
/// to its place.
pub(super) fn line_problems(
    area: &'static str,
    problems: &[(usize, String)],
    none: &'static str,
) -> impl IntoView + use<> {
    let count = problems.len();
    let items = problems.iter().map(|(line, text)| {
        let (line, text) = (*line, text.clone());
        view! {
            <li class="draft-problem">
                {(line > 0).then(|| view! {
                    <button type="button" class="link mono" on:click=move |_| go_to(area, line)>
                        "Line " {line}
                    </button>
                })}
                <span class="break">{text}</span>
            </li>
        }
    });
    let items = items.collect_view();
    view! {
        <Card title="Problems" count=count as u64>
            <div aria-live="polite">
                {match count {
                    0 => view! { <p class="note"><Badge tone=Tone::Success>"None"</Badge> " " {none}</p> }.into_any(),
                    _ => view! { <ul class="stack-sm">{items}</ul> }.into_any(),
                }}
            </div>
        </Card>
    }
}

/// Selects a line of the text area with this `id`.
fn go_to(area: &str, line: usize) {
    let Some(area) = platform::element_by_id::<HtmlTextAreaElement>(area) else {
        return;
    };
    let text = area.value();
    let from = beginning_of(&text, line) as u32;
    let until = beginning_of(&text, line + 1) as u32;
    let _ = area.focus();
    let _ = area.set_selection_range(from, until.max(from));
    // Browsers do not scroll to a selection that was set.
    let lines = text.lines().count().max(1) as f64;
    let height = f64::from(area.scroll_height()) * (line.saturating_sub(3) as f64 / lines);
    area.set_scroll_top(height as i32);
}

/// Where a line begins, as browsers count: from 0 in UTF-16.
fn beginning_of(text: &str, line: usize) -> usize {
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1));
    lines.map(|it| it.encode_utf16().count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_count_in_utf_16() {
        assert_eq!(beginning_of("a😀\nb\nc", 3), 6);
        assert_eq!(beginning_of("a", 1), 0);
    }
}
