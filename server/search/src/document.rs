//! What of an entity is searched.

use portico_model::Entity;

use crate::{
    field::Field,
    tokens::{parts, words},
};

/// The searched text of one entity. A field that it lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchDocument {
    /// `metadata.title`, or what a person or group is called.
    pub title: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.description`, with a person's e-mail address.
    pub description: String,
    /// `spec.owner` as written.
    pub owner: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.namespace`.
    pub namespace: String,
    /// `spec.type`.
    pub spec_type: String,
    /// `spec.lifecycle`.
    pub lifecycle: String,
    /// `metadata.tags`.
    pub tags: Vec<String>,
}

impl SearchDocument {
    /// The searched text of an entity.
    pub fn from_entity(entity: &Entity) -> Self {
        let spec = |field| entity.spec_text(field).unwrap_or_default().to_owned();
        let profile = |field| entity.spec()?.get("profile")?.get(field)?.as_str();
        let tags = entity
            .metadata()
            .and_then(|metadata| metadata.get("tags")?.as_array());
        let email = profile("email");
        let description: Vec<&str> = entity.description().into_iter().chain(email).collect();
        Self {
            title: entity
                .title()
                .or(profile("displayName"))
                .unwrap_or_default()
                .to_owned(),
            name: entity.name().to_owned(),
            description: description.join("\n"),
            owner: spec("owner"),
            kind: entity.kind().to_owned(),
            namespace: entity.namespace().to_owned(),
            spec_type: spec("type"),
            lifecycle: spec("lifecycle"),
            tags: tags
                .into_iter()
                .flatten()
                .filter_map(|tag| tag.as_str().map(ToOwned::to_owned))
                .collect(),
        }
    }

    /// Visits each word with the field it is in, as written.
    pub(crate) fn for_each_word(&self, mut visit: impl FnMut(&str, Field)) {
        let texts = [
            (&self.name, Field::Name),
            (&self.title, Field::Title),
            (&self.spec_type, Field::Type),
            (&self.kind, Field::Kind),
            (&self.lifecycle, Field::Lifecycle),
            (&self.namespace, Field::Namespace),
            (&self.description, Field::Description),
        ];
        let tags = self.tags.iter().map(|tag| (tag, Field::Tag));
        for (text, field) in texts.into_iter().chain(tags) {
            cut(text, |word| visit(word, field));
        }
        // A full reference is one word: what `group:default/team-orders` owns
        // is not about orders. A short name is how people call the team.
        if self.owner.contains('/') {
            visit(&self.owner, Field::Owner);
        } else {
            cut(&self.owner, |word| visit(word, Field::Owner));
        }
    }
}

/// Visits the words of a text, and the parts of those in `CamelCase`.
fn cut(text: &str, mut visit: impl FnMut(&str)) {
    for word in words(text) {
        let word = &text[word];
        visit(word);
        for part in parts(word).filter(|part| part.len() < word.len()) {
            visit(&word[part]);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_are_found_by_what_they_are_called() {
        let entity = json!({
            "kind": "User",
            "metadata": {"name": "alice", "tags": ["dotnet"]},
            "spec": {
                "profile": {"displayName": "Alice Ångström", "email": "alice@contoso.test"},
                "memberOf": ["team-orders"],
            },
        });
        let document = SearchDocument::from_entity(&serde_json::from_value(entity).unwrap());
        assert_eq!(
            document,
            SearchDocument {
                title: "Alice Ångström".to_owned(),
                name: "alice".to_owned(),
                description: "alice@contoso.test".to_owned(),
                kind: "User".to_owned(),
                namespace: "default".to_owned(),
                tags: vec!["dotnet".to_owned()],
                ..SearchDocument::default()
            }
        );
    }
}
