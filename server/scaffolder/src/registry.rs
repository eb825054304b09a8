//! The actions there are.

use std::{collections::BTreeMap, sync::Arc};

use crate::{Action, actions};

/// Actions by id. Cheap to clone.
#[derive(Clone, Default)]
pub struct Registry(Arc<BTreeMap<String, Arc<dyn Action>>>);

impl Registry {
    /// No actions.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The actions that need nothing but a workspace, a fetcher and the catalog.
    pub fn native() -> Self {
        Self::default().with(actions::native())
    }

    /// These as well; the last one of an id counts.
    #[must_use]
    pub fn with(self, more: impl IntoIterator<Item = Arc<dyn Action>>) -> Self {
        let mut actions = (*self.0).clone();
        actions.extend(
            more.into_iter()
                .map(|action| (action.id().to_owned(), action)),
        );
        Self(Arc::new(actions))
    }

    /// The action of this id.
    pub fn get(&self, id: &str) -> Option<&Arc<dyn Action>> {
        self.0.get(id)
    }

    /// All of them, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<dyn Action>> {
        self.0.values()
    }

    /// The id that was probably meant.
    pub(crate) fn nearest(&self, id: &str) -> Option<String> {
        let near = self.0.keys().map(|it| (strsim::osa_distance(it, id), it));
        near.filter(|(distance, _)| *distance <= 3)
            .min()
            .map(|(_, it)| it.clone())
    }
}
