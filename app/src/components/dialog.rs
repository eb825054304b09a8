//! What asks for attention over the page: dialog, drawer, confirmation.
//!
//! All are native `<dialog>`s: the browser traps the focus, makes the page
//! behind inert, closes on Escape and gives the focus back.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::{Button, ButtonKind, Icon, IconButton};

/// A modal dialog that is open while `open` is true.
#[component]
pub fn Dialog(
    /// Its `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// Its heading.
    #[prop(into)]
    title: String,
    /// Whether it is open; set to false when the person closes it.
    open: RwSignal<bool>,
    /// Slides in from the right instead, for details beside the page.
    #[prop(optional)]
    drawer: bool,
    /// Buttons at the end.
    #[prop(optional, into)]
    footer: ViewFn,
    /// The content.
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let element = modal(open);
    view! {
        <dialog
            node_ref=element
            class="dialog"
            class:drawer=drawer
            id=id
            aria-labelledby=title_id
            on:close=move |_| open.set(false)
            on:click=move |event| close_on_backdrop(&event, element)
        >
            <div class="dialog-inner">
                <header class="dialog-header">
                    <h2 class="dialog-title" id=title_id.clone()>{title}</h2>
                    <IconButton icon=Icon::X label="Close" tooltip="left" on:click=move |_| open.set(false)/>
                </header>
                <div class="dialog-body">{children()}</div>
                <footer class="dialog-footer">{footer.run()}</footer>
            </div>
        </dialog>
    }
}

/// Asks before something is done.
#[component]
pub fn ConfirmDialog(
    /// Its `id`, unique on the page.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    title: String,
    /// The button that does it, as a verb: `Unregister`.
    #[prop(into)]
    confirm: String,
    /// How the button looks: destructive, unless said otherwise.
    #[prop(default = ButtonKind::Danger)]
    kind: ButtonKind,
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Whether it is being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// Called when confirmed; the caller closes the dialog when it is done.
    #[prop(into)]
    on_confirm: Callback<()>,
    /// What will happen.
    children: Children,
) -> impl IntoView {
    let footer = move || {
        let confirm = confirm.clone();
        view! {
            <Button on:click=move |_| open.set(false)>"Cancel"</Button>
            <Button kind loading=busy on:click=move |_| on_confirm.run(())>
                {confirm}
            </Button>
        }
    };
    view! {
        <Dialog id title open footer>
            {children()}
        </Dialog>
    }
}

/// Whether a dialog about something is open: while there is something. Closing it forgets that.
pub fn open_while<T: Send + Sync + 'static>(subject: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    Effect::new(move || {
        let wanted = subject.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    Effect::new(move || {
        if !open.get() && subject.with_untracked(Option::is_some) {
            subject.set(None);
        }
    });
    open
}

/// A `<dialog>` reference that follows `open`.
pub(super) fn modal(open: RwSignal<bool>) -> NodeRef<html::Dialog> {
    let element = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let open = open.get();
        let Some(dialog) = element.get() else { return };
        if open && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !open && dialog.open() {
            dialog.close();
        }
    });
    element
}

/// Closes when the click was on the backdrop, which belongs to the dialog itself.
pub(super) fn close_on_backdrop(event: &ev::MouseEvent, element: NodeRef<html::Dialog>) {
    let Some(dialog) = element.get_untracked() else {
        return;
    };
    if event.target().as_ref() == Some(dialog.unchecked_ref()) {
        dialog.close();
    }
}
