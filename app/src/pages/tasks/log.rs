//! What a task says.

use leptos::prelude::*;

use crate::components::{Card, Icon, Input, Switch};
use crate::data::tasks::{LogLine, TaskView};
use crate::platform;

/// The log of a task: live, searched, kept at its end.
#[component]
pub(super) fn TaskLog(
    /// The task.
    task: RwSignal<TaskView>,
) -> impl IntoView {
    const BODY: &str = "task-log";
    let sought = RwSignal::new(String::new());
    let following = RwSignal::new(true);
    Effect::new(move || {
        let lines = task.with(|task| task.lines.len());
        if following.get() && lines > 0 {
            request_animation_frame(|| {
                if let Some(body) = platform::element_by_id::<web_sys::Element>(BODY) {
                    body.set_scroll_top(body.scroll_height());
                }
            });
        }
    });
    let shown = move || {
        let sought = sought.get().to_lowercase();
        task.with(|task| {
            let lines = task.lines.iter();
            let lines = lines.filter(|line| line.message.to_lowercase().contains(&sought));
            lines.cloned().collect::<Vec<_>>()
        })
    };
    let text = Memo::new(move |_| task.with(|task| as_text(&task.lines)));
    let actions = move || {
        let name = task.with_untracked(|task| format!("task-{}.log", task.row.id));
        view! {
            <a
                class="btn btn-ghost btn-sm"
                download=name
                href=move || format!("data:text/plain;charset=utf-8,{}", escaped(&text.get()))
            >
                <Icon icon=Icon::Download size=14/>
                "Download"
            </a>
        }
    };
    view! {
        <Card title="Log" actions>
            <div class="task-log-tools">
                <Input
                    name="log"
                    r#type="search"
                    label="Search the log"
                    placeholder="Search the log"
                    value=sought
                    on:input=move |event| sought.set(event_target_value(&event))
                />
                <Switch label="Follow" on=following/>
            </div>
            <div id=BODY class="task-log" tabindex="0" role="log" aria-label="Log">
                {move || log_lines(&shown())}
                {move || shown().is_empty().then(|| view! { <p class="note">"Nothing yet."</p> })}
            </div>
        </Card>
    }
}

/// Lines of a log.
pub(in crate::pages) fn log_lines(lines: &[LogLine]) -> impl IntoView + use<> {
    let lines = lines.iter().map(|line| {
        let (level, step) = (line.level.clone(), line.step.clone());
        view! {
            <p class="log-line" data-level=level>
                {step.map(|step| view! { <span class="log-step">{step}</span> })}
                <span class="log-text">{line.message.clone()}</span>
            </p>
        }
    });
    lines.collect_view()
}

fn as_text(lines: &[LogLine]) -> String {
    let line = |line: &LogLine| {
        let step = line.step.as_deref().unwrap_or("-");
        format!("{} {step} {}\n", line.level, line.message)
    };
    lines.iter().map(line).collect()
}

/// A text for an address: a browser's own rules for data are stricter than those of queries.
fn escaped(text: &str) -> String {
    crate::paths::encode(text).replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_can_be_an_address() {
        assert_eq!(escaped("a b+c\n"), "a%20b%2Bc%0A");
    }
}
