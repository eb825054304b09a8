//! Following a task: the server says when there is something new, and the page asks for it.

use leptos::prelude::*;

use crate::data::tasks::TaskView;

/// Keeps `task` up to date until it has ended. `watched` counts beginnings: it runs again when
/// somebody has the task try again.
pub(super) fn follow(task: RwSignal<TaskView>, watched: RwSignal<u32>) {
    #[cfg(feature = "hydrate")]
    browser::follow(task, watched);
    // The server shows a task as it is.
    #[cfg(not(feature = "hydrate"))]
    let _ = (task, watched);
}

#[cfg(feature = "hydrate")]
mod browser {
    use leptos::prelude::*;
    use leptos::task::spawn_local;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::EventSource;

    use crate::data::tasks::{TaskView, load_task};

    /// What the stream's events are called.
    const EVENTS: [&str; 4] = ["log", "completion", "cancelled", "recovered"];

    /// Asks for what is new, one question at a time.
    #[derive(Clone, Copy)]
    struct Looker {
        task: RwSignal<TaskView>,
        looking: StoredValue<bool>,
        again: StoredValue<bool>,
    }

    impl Looker {
        fn look(self) {
            if self.looking.try_get_value().unwrap_or(true) {
                self.again.try_update_value(|again| *again = true);
                return;
            }
            self.looking.set_value(true);
            spawn_local(async move {
                loop {
                    self.again.try_update_value(|again| *again = false);
                    let Some((id, last)) = self
                        .task
                        .try_with_untracked(|task| (task.row.id.clone(), task.last))
                    else {
                        return;
                    };
                    // A look that fails is made up for by the next one.
                    if let Ok(now) = load_task(id, last).await {
                        self.task.try_update(|task| {
                            *task = now.after(std::mem::take(task));
                        });
                    }
                    if !self.again.try_get_value().unwrap_or(false) {
                        break;
                    }
                }
                self.looking.try_update_value(|looking| *looking = false);
            });
        }
    }

    pub(super) fn follow(task: RwSignal<TaskView>, watched: RwSignal<u32>) {
        let looker = Looker {
            task,
            looking: StoredValue::new(false),
            again: StoredValue::new(false),
        };
        Effect::new(move || {
            watched.track();
            let (id, last, ended) =
                task.with_untracked(|it| (it.row.id.clone(), it.last, it.ended));
            if ended {
                return;
            }
            let address = format!("/api/scaffolder/v2/tasks/{id}/eventstream?after={last}");
            let Ok(source) = EventSource::new(&address) else {
                return;
            };
            let told = Closure::<dyn FnMut()>::new(move || looker.look());
            for event in EVENTS {
                let listener = told.as_ref().unchecked_ref();
                let _ = source.add_event_listener_with_callback(event, listener);
            }
            // The stream ends when the task does; the browser comes back once, and is told
            // so. By then the last word may not have been read.
            source.set_onerror(Some(told.as_ref().unchecked_ref()));
            let held = SendWrapper::new((source, told));
            on_cleanup(move || held.0.close());
        });
    }
}
