//! People and groups, small.

use leptos::prelude::*;
use portico_model::EntityRef;

use crate::paths;

/// A picture, or the initials on a hue made from the name.
#[component]
pub fn Avatar(
    /// The full name.
    #[prop(into)]
    name: String,
    /// The picture's URL.
    #[prop(optional, into)]
    picture: Option<String>,
    /// Groups are square, people are round.
    #[prop(optional)]
    square: bool,
    /// Width and height in px.
    #[prop(default = 20)]
    size: u8,
) -> impl IntoView {
    let style = format!("--avatar-size:{size}px;--avatar-hue:{}", hue(&name));
    view! {
        <span class="avatar" class:avatar-square=square style=style aria-hidden="true">
            {match picture {
                Some(url) => view! { <img src=url alt="" width=size height=size loading="lazy"/> }.into_any(),
                None => initials(&name).into_any(),
            }}
        </span>
    }
}

/// An owner: avatar and name, leading to the owner's page.
#[component]
pub fn OwnerChip(
    /// The owner's full reference.
    entity_ref: EntityRef,
    /// The owner's title; the reference's name when there is none.
    #[prop(optional, into)]
    title: Option<String>,
) -> impl IntoView {
    let name = title.unwrap_or_else(|| entity_ref.name().to_owned());
    let square = entity_ref.kind() == "group";
    view! {
        <a class="owner" href=paths::entity(&entity_ref) data-entity-ref=entity_ref.to_string()>
            <Avatar name=name.clone() square/>
            <span class="truncate">{name}</span>
        </a>
    }
}

fn initials(name: &str) -> String {
    let mut words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

/// A hue of the circle, the same for the same name everywhere.
fn hue(name: &str) -> u32 {
    name.bytes().fold(7_u32, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u32::from(byte))
    }) % 360
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_last_word() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("team-payments"), "TP");
        assert_eq!(initials("örjan"), "Ö");
        assert_eq!(initials(""), "");
    }
}
