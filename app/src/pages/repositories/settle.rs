//! Merging and closing: two buttons that ask before they do it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Button, ButtonKind, ConfirmDialog, Icon, Toaster, Tone};
use crate::data::repositories::settle_change_request;

/// One way to end a change request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Merge,
    Close,
}

/// A button that ends a change request when the person confirms it.
#[component]
pub(super) fn EndButton(
    /// How it ends.
    end: End,
    /// The repository's name.
    repository: String,
    /// Which change request.
    number: i64,
    /// The branch it is for.
    base: String,
    /// Called when it has ended.
    done: Callback<()>,
) -> impl IntoView {
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let toaster = use_context::<Toaster>();
    let on_confirm = Callback::new(move |()| {
        busy.set(true);
        let answer = settle_change_request(repository.clone(), number, end == End::Merge);
        spawn_local(async move {
            let answer = answer.await;
            busy.set(false);
            open.set(false);
            let (tone, message) = match answer {
                Ok(()) if end == End::Merge => (Tone::Success, "Merged".to_owned()),
                Ok(()) => (Tone::Success, "Closed".to_owned()),
                Err(error) => (Tone::Danger, error.message),
            };
            if let Some(toaster) = toaster {
                toaster.show(tone, message);
            }
            // What could not be done may have changed meanwhile, too.
            done.run(());
        });
    });
    let (id, verb, title, kind, button, icon) = match end {
        End::Merge => (
            "merge",
            "Merge",
            "Merge this change request",
            ButtonKind::Primary,
            ButtonKind::Primary,
            Icon::GitMerge,
        ),
        End::Close => (
            "close",
            "Close",
            "Close this change request",
            ButtonKind::Danger,
            ButtonKind::Secondary,
            Icon::GitPullRequestClosed,
        ),
    };
    let text = match end {
        End::Merge => format!("Its changes come into {base} with a merge commit, at once."),
        End::Close => "Nothing is merged. Its branch stays; it cannot be opened again.".to_owned(),
    };
    view! {
        <Button kind=button icon on:click=move |_| open.set(true)>{verb}</Button>
        <ConfirmDialog id title confirm=verb kind open busy on_confirm>
            <p>{text}</p>
        </ConfirmDialog>
    }
}
