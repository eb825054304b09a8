//! Where entities come from, and what is wrong: for people to look at.

use uuid::Uuid;

use crate::{
    EntityOrigin, EntityParent, Millis, Problem, ProblemFilter, SourceKey, SourceParent,
    SourceStatus, Store, StoreError,
    content::decompress,
    engine::{fetch_all, fetch_one, fetch_optional, json, sql},
};

#[derive(sqlx::FromRow)]
struct StatusRow {
    id: String,
    kind: String,
    target: String,
    read_at: Option<Millis>,
    next_read_at: Millis,
    failures: i32,
    entities: i64,
    problems: i64,
}

#[derive(sqlx::FromRow)]
struct OriginRow {
    source_id: String,
    kind: String,
    target: String,
    line: i32,
    doc_index: i32,
    read_at: Option<Millis>,
    content: Option<Vec<u8>>,
}

#[derive(sqlx::FromRow)]
struct ParentRow {
    parent_kind: String,
    parent: Uuid,
    entity_ref: Option<String>,
    kind: String,
    target: String,
}

#[derive(sqlx::FromRow)]
struct ProblemRow {
    kind: String,
    target: String,
    body: String,
}

/// How many problems there are, and a page of them. A condition for each filter, instead of
/// one that covers all, for an index to be of use.
macro_rules! problem_statements {
    ($($condition:tt)*) => {
        (
            sql!["select count(*) from problem where " $($condition)*],
            sql!["select kind, target, body
                 from problem join source on source.id = problem.source_id where "
                $($condition)*
                " order by kind, target, problem.id limit $3 offset $4"],
        )
    };
}

impl Store {
    /// Sources by type and target, and how many there are.
    pub async fn source_statuses(
        &self,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceStatus>, u64), StoreError> {
        self.source_statuses_but(&[], offset, limit).await
    }

    /// The same without what is hidden: ids of sources, and references of entities whose
    /// problems do not count.
    pub async fn source_statuses_but(
        &self,
        hidden: &[String],
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<SourceStatus>, u64), StoreError> {
        let hidden = json(hidden)?;
        let mut db = self.read().await?;
        let (total,): (i64,) = fetch_one!(
            db,
            sql!["select count(*) from source where id not in " LIST],
            &hidden
        )?;
        let rows: Vec<StatusRow> = fetch_all!(
            db,
            sql!["select id, kind, target, read_at, next_read_at, failures,
                      (select count(*) from entity where entity.source_id = source.id) as entities,
                      (select count(*) from problem where problem.source_id = source.id
                           and coalesce(problem.entity_ref, '') not in " LIST ") as problems
                  from source where id not in " LIST
                 " order by kind, target limit $2 offset $3"],
            &hidden,
            limit as i64,
            offset as i64
        )?;
        Ok((
            rows.into_iter().map(SourceStatus::from).collect(),
            total.unsigned_abs(),
        ))
    }

    /// The source with this type and target.
    pub async fn source_by_key(&self, key: &SourceKey) -> Result<Option<SourceStatus>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<StatusRow> = fetch_optional!(
            db,
            "select id, kind, target, read_at, next_read_at, failures,
                 (select count(*) from entity where entity.source_id = source.id) as entities,
                 (select count(*) from problem where problem.source_id = source.id) as problems
             from source where id = $1",
            key.id()
        )?;
        Ok(row.map(SourceStatus::from))
    }

    /// The ids of the sources that deliver an entity: the one that holds it first, then those
    /// that lost a conflict over it.
    pub async fn sources_of_entity(&self, entity_ref: &str) -> Result<Vec<String>, StoreError> {
        let mut db = self.read().await?;
        let holder: Option<(String,)> = fetch_optional!(
            db,
            "select source_id from entity where entity_ref = $1",
            entity_ref
        )?;
        let losers: Vec<(String,)> = fetch_all!(
            db,
            "select distinct source_id from problem
             where entity_ref = $1 and code = 'conflict' order by source_id",
            entity_ref
        )?;
        let mut ids: Vec<String> = holder.into_iter().map(|(id,)| id).collect();
        for (id,) in losers {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Where an entity comes from.
    pub async fn origin(&self, entity_ref: &str) -> Result<Option<EntityOrigin>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<OriginRow> = fetch_optional!(
            db,
            "select entity.source_id, kind, target, line, doc_index, read_at, content
             from entity join source on source.id = entity.source_id
             left join source_content on source_content.source_id = source.id
             where entity_ref = $1",
            entity_ref
        )?;
        row.map(EntityOrigin::try_from).transpose()
    }

    /// The content a source had when it was last committed.
    pub async fn source_content(&self, source_id: &str) -> Result<Option<String>, StoreError> {
        let mut db = self.read().await?;
        let found: Option<(Vec<u8>,)> = fetch_optional!(
            db,
            "select content from source_content where source_id = $1",
            source_id
        )?;
        let text = found.map(|(bytes,)| decompress(source_id, &bytes));
        text.transpose()
    }

    /// What holds the source of an entity: the steps of its ancestry, one level.
    pub async fn parents(&self, entity_ref: &str) -> Result<Vec<EntityParent>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<ParentRow> = fetch_all!(
            db,
            "select edge.parent_kind, edge.parent, holder.entity_ref, source.kind, source.target
             from entity join source on source.id = entity.source_id
             join edge on edge.source_id = source.id
             left join entity as holder
                 on edge.parent_kind = 'entity' and holder.id = edge.parent
             where entity.entity_ref = $1
             order by edge.parent_kind, edge.parent",
            entity_ref
        )?;
        rows.into_iter().map(EntityParent::try_from).collect()
    }

    /// The references of the entities that problems are about.
    pub async fn entities_with_problems(&self) -> Result<Vec<String>, StoreError> {
        let mut db = self.read().await?;
        let rows: Vec<(String,)> = fetch_all!(
            db,
            "select distinct entity_ref from problem where entity_ref is not null"
        )?;
        Ok(rows.into_iter().map(|(entity_ref,)| entity_ref).collect())
    }

    /// Problems by source, in the order they were found, and how many there are.
    pub async fn problems(
        &self,
        filter: &ProblemFilter,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<(SourceKey, Problem)>, u64), StoreError> {
        let (count, page) = match (&filter.entity_ref, &filter.source_id) {
            (None, None) => problem_statements!(
                "source_id not in " LIST " and coalesce(entity_ref, '') not in " LIST
                " and $2 is null"
            ),
            (Some(_), None) => problem_statements!("entity_ref = $1 and $2 is null"),
            (None, Some(_)) => problem_statements!("$1 is null and source_id = $2"),
            (Some(_), Some(_)) => problem_statements!("entity_ref = $1 and source_id = $2"),
        };
        let source_id = filter.source_id.as_deref();
        let hidden = json(&filter.hidden)?;
        let first = match (&filter.entity_ref, source_id) {
            (None, None) => Some(hidden.as_str()),
            (entity_ref, _) => entity_ref.as_deref(),
        };
        let mut db = self.read().await?;
        let (total,): (i64,) = fetch_one!(db, count, first, source_id)?;
        let rows: Vec<ProblemRow> =
            fetch_all!(db, page, first, source_id, limit as i64, offset as i64)?;
        let problems = rows
            .into_iter()
            .map(|row| match serde_json::from_str(&row.body) {
                Ok(problem) => Ok((
                    SourceKey {
                        kind: row.kind,
                        target: row.target,
                    },
                    problem,
                )),
                Err(error) => Err(StoreError::Inconsistent {
                    table: "problem",
                    what: format!("a problem of {}:{}: {error}", row.kind, row.target),
                }),
            })
            .collect::<Result<_, _>>()?;
        Ok((problems, total.unsigned_abs()))
    }
}

impl From<StatusRow> for SourceStatus {
    fn from(row: StatusRow) -> Self {
        Self {
            id: row.id,
            key: SourceKey {
                kind: row.kind,
                target: row.target,
            },
            read_at: row.read_at,
            next_read_at: row.next_read_at,
            failures: row.failures,
            entities: row.entities,
            problems: row.problems,
        }
    }
}

impl TryFrom<OriginRow> for EntityOrigin {
    type Error = StoreError;

    fn try_from(row: OriginRow) -> Result<Self, StoreError> {
        let content = row
            .content
            .map(|bytes| decompress(&row.source_id, &bytes))
            .transpose()?;
        Ok(Self {
            source_id: row.source_id,
            key: SourceKey {
                kind: row.kind,
                target: row.target,
            },
            line: row.line,
            doc_index: row.doc_index,
            read_at: row.read_at,
            content,
        })
    }
}

impl TryFrom<ParentRow> for EntityParent {
    type Error = StoreError;

    fn try_from(row: ParentRow) -> Result<Self, StoreError> {
        let parent = match row.parent_kind.as_str() {
            "config" => SourceParent::Config,
            "location" => SourceParent::Location(row.parent),
            "entity" => SourceParent::Entity(row.parent),
            other => {
                return Err(StoreError::Inconsistent {
                    table: "edge",
                    what: format!("parent {} is of unknown kind {other}", row.parent),
                });
            }
        };
        let key = SourceKey {
            kind: row.kind,
            target: row.target,
        };
        Ok(Self {
            parent,
            entity_ref: row.entity_ref,
            key,
        })
    }
}
