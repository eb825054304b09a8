//! What is wrong with sources, and where an entity's text comes from.

use portico_access::{Action, Principal, Resource};
use portico_model::{EntityRef, LocationRef};
use portico_store::{EntityOrigin, Problem, ProblemFilter, SourceStatus};

use crate::{Catalog, CatalogError, error::Result};

/// A problem with the file it is in.
#[derive(Clone, Debug)]
pub struct SourceProblem {
    /// `type:target` of the file.
    pub source: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// The text an entity was read from.
#[derive(Clone, Debug)]
pub struct EntitySource {
    /// Where it is.
    pub origin: EntityOrigin,
    /// The entity's own document, when the content is at hand.
    pub text: Option<String>,
}

impl Catalog {
    /// Problems, newest sources first, and how many there are in all.
    pub async fn problems(
        &self,
        who: &Principal,
        entity_ref: Option<&EntityRef>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceProblem>, u64)> {
        self.require(who, Action::IngestionRead, &Resource::Any)?;
        if let Some(entity_ref) = entity_ref
            && !self.sees(who, &entity_ref.to_string())
        {
            return Ok((Vec::new(), 0));
        }
        let hidden = match entity_ref {
            None => self.hidden_sources(who).await?,
            Some(_) => None,
        };
        let filter = ProblemFilter {
            entity_ref: entity_ref.map(ToString::to_string),
            hidden: hidden.map_or_else(Vec::new, |it| it.names),
            ..ProblemFilter::default()
        };
        let (rows, total) = self.store().problems(&filter, offset, limit).await?;
        let problems = rows
            .into_iter()
            .map(|(key, problem)| SourceProblem {
                source: key.to_string(),
                problem,
            })
            .collect();
        Ok((problems, total))
    }

    /// Sources with their state, and how many there are in all.
    pub async fn source_statuses(
        &self,
        who: &Principal,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceStatus>, u64)> {
        self.require(who, Action::IngestionRead, &Resource::Any)?;
        let Some(hidden) = self.hidden_sources(who).await? else {
            return Ok(self.store().source_statuses(offset, limit).await?);
        };
        let found = self
            .store()
            .source_statuses_but(&hidden.names, offset, limit);
        let (mut statuses, total) = found.await?;
        for status in &mut statuses {
            hidden.count(status);
        }
        Ok((statuses, total))
    }

    /// The text the entity was read from.
    pub async fn entity_source(
        &self,
        who: &Principal,
        entity_ref: &EntityRef,
    ) -> Result<EntitySource> {
        let name = entity_ref.to_string();
        self.slot_of(&self.sight(who)?, &name)?;
        let origin = self
            .store()
            .origin(&name)
            .await?
            .ok_or(CatalogError::NotFound(name))?;
        let text = origin.content.as_deref().and_then(|content| {
            let line = usize::try_from(origin.line).ok()?;
            portico_model::yaml::parse_documents(content, &portico_model::yaml::Limits::default())
                .into_iter()
                .find(|document| document.first_line == line)
                .map(|document| document.text.to_owned())
        });
        Ok(EntitySource { origin, text })
    }

    /// Refs of the entities that brought `name` in.
    pub(crate) async fn parents(&self, name: &str) -> Result<Vec<String>> {
        let parents = self.store().parents(name).await?;
        Ok(parents
            .into_iter()
            .map(|parent| match parent.entity_ref {
                Some(entity_ref) => entity_ref,
                // A root source is stood for by its generated Location entity.
                None => LocationRef::new(&parent.key.kind, &parent.key.target).map_or_else(
                    |_| parent.key.to_string(),
                    |location| location.to_entity().entity_ref().to_string(),
                ),
            })
            .filter(|parent| parent != name)
            .collect())
    }

    /// The problem that stands for a source that could not be read.
    pub(crate) fn read_problem(error: &CatalogError) -> Problem {
        Problem {
            code: "read".to_owned(),
            severity: portico_store::Severity::Error,
            entity_ref: None,
            doc_index: None,
            pointer: None,
            line: None,
            column: None,
            message: error.to_string(),
            hint: None,
        }
    }
}
