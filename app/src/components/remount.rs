//! Drawing something anew instead of changing what is there.

use leptos::either::Either;
use leptos::prelude::*;

/// A view whose elements are never those of the last time.
///
/// Leptos (tachys 0.2.19, with erased types) keeps the old event handlers of a component's
/// element when a view of the same shape is drawn in its place: `<Button on:click=…>` would go
/// on doing what it did for the entity or the form that was shown before. So whatever is drawn
/// again for something else goes through here.
#[derive(Clone, Copy, Debug)]
pub struct Remount(StoredValue<bool>);

impl Remount {
    /// Nothing has been drawn yet.
    pub fn new() -> Self {
        Self(StoredValue::new(false))
    }

    /// The view, as another than the last one.
    pub fn draw(self, view: impl FnOnce() -> AnyView) -> AnyView {
        let odd = !self.0.get_value();
        self.0.set_value(odd);
        let view = view();
        let view: Either<AnyView, AnyView> = match odd {
            true => Either::Left(view),
            false => Either::Right(view),
        };
        view.into_any()
    }
}

impl Default for Remount {
    fn default() -> Self {
        Self::new()
    }
}
