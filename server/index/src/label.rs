//! What a list shows of an entity.

use std::{borrow::Cow, sync::Arc};

use portico_model::{Entity, EntityRef};
use uuid::Uuid;

use crate::interner::Interner;

/// The longest description a label keeps, in characters.
const DESCRIPTION: usize = 200;

/// The few fields of an entity that tables, cards and links show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The entity's stable id, `metadata.uid` in the API.
    pub id: Uuid,
    /// The full reference, lower-case.
    pub entity_ref: Arc<str>,
    /// `kind` as written.
    pub kind: Arc<str>,
    /// `metadata.namespace`.
    pub namespace: Arc<str>,
    /// `metadata.name` as written.
    pub name: Box<str>,
    /// `metadata.title`, or for people and groups `spec.profile.displayName`.
    pub title: Option<Box<str>>,
    /// `spec.type`.
    pub spec_type: Option<Arc<str>>,
    /// The start of `metadata.description`, at most 200 characters.
    pub description: Option<Box<str>>,
    /// `spec.lifecycle`.
    pub lifecycle: Option<Arc<str>>,
    /// The full reference that `spec.owner` means, lower-case.
    pub owner: Option<Arc<str>>,
}

impl Label {
    pub(crate) fn new(
        id: Uuid,
        entity_ref: Arc<str>,
        entity: &Entity,
        texts: &mut Interner,
    ) -> Self {
        let owner = entity
            .spec_text("owner")
            .and_then(|owner| EntityRef::parse(owner, Some("group"), entity.namespace()).ok());
        Self {
            id,
            entity_ref,
            kind: texts.get(entity.kind()),
            namespace: texts.get(entity.namespace()),
            name: entity.name().into(),
            title: title(entity).map(Into::into),
            spec_type: entity.spec_text("type").map(|text| texts.get(text)),
            description: entity.description().map(|text| shortened(text).into()),
            lifecycle: entity.spec_text("lifecycle").map(|text| texts.get(text)),
            owner: owner.map(|owner| texts.get(&owner.to_string())),
        }
    }

    /// What to call the entity: its title, or its name.
    pub fn display_name(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

fn title(entity: &Entity) -> Option<&str> {
    let profile = || entity.spec()?.get("profile")?.get("displayName")?.as_str();
    entity.title().or_else(profile)
}

/// What fits, up to the end of a word.
fn shortened(text: &str) -> Cow<'_, str> {
    if text.chars().nth(DESCRIPTION).is_none() {
        return Cow::Borrowed(text);
    }
    let end = text.char_indices().nth(DESCRIPTION - 1);
    let cut = end.map_or(text, |(at, _)| &text[..at]);
    let words = cut.rsplit_once(char::is_whitespace).map(|(words, _)| words);
    let whole = words.filter(|words| words.len() > cut.len() / 2);
    Cow::Owned(format!("{}…", whole.unwrap_or(cut).trim_end()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn holds_the_fields_a_table_shows() {
        let entity: Entity = serde_json::from_value(json!({
            "kind": "Component",
            "metadata": {"name": "Orders", "namespace": "shop", "description": "é".repeat(300)},
            "spec": {"type": "service", "lifecycle": "production", "owner": "Team-Orders"},
        }))
        .unwrap();
        let entity_ref = "component:shop/orders".into();
        let label = Label::new(Uuid::nil(), entity_ref, &entity, &mut Interner::default());
        assert_eq!(&*label.kind, "Component");
        assert_eq!(label.display_name(), "Orders");
        assert_eq!(label.owner.as_deref(), Some("group:shop/team-orders"));
        assert_eq!(label.description.unwrap().chars().count(), DESCRIPTION);
        assert_eq!(
            shortened(&"word ".repeat(60)),
            format!("{}…", "word ".repeat(39).trim_end())
        );
        assert_eq!(shortened("short"), "short");
    }
}
