//! What floats.

use leptos::prelude::*;

use super::{Side, Specimen};
use crate::components::{
    Button, ButtonKind, ConfirmDialog, DensitySwitch, Dialog, Icon, Menu, MenuItem, Popover,
    ThemeSwitch, Toaster, Tone,
};

pub(super) fn section() -> impl IntoView {
    view! {
        <Specimen title="Dialog, drawer, popover, menu, toast">{overlays()}</Specimen>
        <section class="gallery-specimen">
            <h2 class="gallery-title">"Preferences"</h2>
            <div class="gallery-row">
                <ThemeSwitch name="gallery-theme"/>
                <DensitySwitch name="gallery-density"/>
            </div>
        </section>
    }
}

fn overlays() -> impl IntoView {
    let side = Side::current();
    let toaster = expect_context::<Toaster>();
    let (dialog, drawer, confirm) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(false),
    );
    view! {
        <div class="gallery-row">
            <Button on:click=move |_| dialog.set(true)>"Dialog"</Button>
            <Button on:click=move |_| drawer.set(true)>"Drawer"</Button>
            <Button on:click=move |_| confirm.set(true)>"Confirmation"</Button>
            <Popover id=side.id("popover") label="Popover" icon=Icon::Info>
                <p class="text-muted">"A panel beside its button."</p>
            </Popover>
            <Menu id=side.id("menu") label="Actions">
                <a class="menu-item" href="#"><Icon icon=Icon::Code/>"View source"</a>
                <MenuItem label="Refresh" icon=Icon::RefreshCw/>
                <MenuItem label="Unregister" icon=Icon::Trash2 danger=true/>
            </Menu>
            <Button on:click=move |_| toaster.show(Tone::Success, "Refresh asked for")>"Toast"</Button>
            <Button on:click=move |_| toaster.show(Tone::Danger, "The location could not be read")>
                "Failure toast"
            </Button>
        </div>
        <Dialog
            id=side.id("dialog")
            title="Where this comes from"
            open=dialog
            footer=move || view! {
                <Button kind=ButtonKind::Primary on:click=move |_| dialog.set(false)>"Done"</Button>
            }
        >
            "Read from a file in the repository of the team."
        </Dialog>
        <Dialog id=side.id("drawer") title="Details" open=drawer drawer=true>
            "A drawer keeps the page in sight."
        </Dialog>
        <ConfirmDialog
            id=side.id("confirm")
            title="Unregister this location?"
            confirm="Unregister"
            open=confirm
            on_confirm=move |()| confirm.set(false)
        >
            "Its 14 entities leave the catalog. The files stay as they are."
        </ConfirmDialog>
    }
}
