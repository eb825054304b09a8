//! Who sees which tasks. What somebody may not see does not exist for them.

use portico_access::{Action, Principal, Resource, Scope};
use portico_model::Predicate;
use portico_store::{TaskRow, TaskScope};
use uuid::Uuid;

use crate::{Result, Tasks, TasksError};

impl Tasks {
    /// A task that must exist for whoever asks.
    pub(crate) async fn visible_row(&self, who: &Principal, id: Uuid) -> Result<TaskRow> {
        self.require(who, Action::TaskRead, &Resource::Any)?;
        let row = self.row(id).await?;
        self.sees_row(who, &row)
            .then_some(row)
            .ok_or_else(|| missing(id))
    }

    /// A task that somebody wants to do something to. Who reads no task at all may know its
    /// id all the same.
    pub(crate) async fn row_for(
        &self,
        who: &Principal,
        id: Uuid,
        action: Action,
    ) -> Result<TaskRow> {
        self.require(who, action, &Resource::Any)?;
        let row = self.row(id).await?;
        let reads = self.catalog().authorizer().scope(who, Action::TaskRead);
        if reads != Scope::Nothing && !self.sees_row(who, &row) {
            return Err(missing(id));
        }
        Ok(row)
    }

    pub(crate) fn sees_row(&self, who: &Principal, row: &TaskRow) -> bool {
        self.sees_task(who, row.id, &row.created_by)
    }

    pub(crate) fn sees_task(&self, who: &Principal, id: Uuid, created_by: &str) -> bool {
        let id = id.to_string();
        let resource = Resource::Task {
            id: &id,
            created_by,
        };
        self.catalog()
            .authorizer()
            .allows(who, Action::TaskRead, &resource)
    }

    /// The tasks that somebody sees, for queries.
    pub(crate) fn task_scope(&self, who: &Principal) -> TaskScope {
        let scope = self.catalog().authorizer().scope(who, Action::TaskRead);
        condition(&scope.predicate()).unwrap_or_else(|| {
            tracing::error!("a policy about tasks cannot filter a list; it is empty");
            TaskScope::Any(Vec::new())
        })
    }
}

fn missing(id: Uuid) -> TasksError {
    TasksError::NotFound(format!("task {id}"))
}

/// The condition of queries that a filter is; `None` where there is none.
fn condition(predicate: &Predicate) -> Option<TaskScope> {
    let all = |parts: &[Predicate]| parts.iter().map(condition).collect::<Option<Vec<_>>>();
    Some(match predicate {
        Predicate::Always | Predicate::Exists(_) => TaskScope::All(Vec::new()),
        Predicate::Never => TaskScope::Any(Vec::new()),
        Predicate::All(parts) => TaskScope::All(all(parts)?),
        Predicate::Any(parts) => TaskScope::Any(all(parts)?),
        Predicate::Not(part) => TaskScope::Not(Box::new(condition(part)?)),
        Predicate::In(key, values) if key == "createdBy" => TaskScope::CreatedBy(values.clone()),
        Predicate::In(key, values) if key == "id" => {
            // Ids that are written otherwise are equal to none.
            let id = |text: &String| {
                text.parse()
                    .ok()
                    .filter(|id: &Uuid| id.to_string() == *text)
            };
            TaskScope::Id(values.iter().filter_map(id).collect())
        }
        Predicate::HasPrefix(key, start) if key == "createdBy" => {
            TaskScope::CreatorStarts(start.clone())
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_conditions_and_what_is_none_hides_everything() {
        let by = |name: &str| Predicate::In("createdBy".to_owned(), vec![name.to_owned()]);
        let id = Uuid::nil().to_string();
        let ids = Predicate::In("id".to_owned(), vec![id, "no id".to_owned()]);
        let filter = Predicate::Any(vec![ids, Predicate::Not(Box::new(by("service:ci")))]);
        assert_eq!(
            condition(&filter),
            Some(TaskScope::Any(vec![
                TaskScope::Id(vec![Uuid::nil()]),
                TaskScope::Not(Box::new(TaskScope::CreatedBy(vec![
                    "service:ci".to_owned()
                ]))),
            ]))
        );
        let unknown = Predicate::HasPrefix("id".to_owned(), "0".to_owned());
        assert_eq!(condition(&Predicate::Not(Box::new(unknown))), None);
    }
}
