//! Whoever did something.

use leptos::prelude::*;

use crate::components::OwnerChip;
use crate::data::repositories::Author;

/// A person leads to their page; other names are text.
pub(super) fn author(author: Author) -> AnyView {
    match author.entity {
        Some(label) => {
            view! { <OwnerChip entity_ref=label.reference() title=label.title/> }.into_any()
        }
        None => view! { <span class="mono text-sm">{author.name}</span> }.into_any(),
    }
}
