//! Change requests of the repositories that Portico keeps itself.
//!
//! A change request is a row here and a branch in a git repository. To keep the two
//! together, the methods that write take an `effect`, the step in git: it runs inside the
//! transaction, after everything that could be refused here, and what it fails with rolls
//! the row back. It must be short, for on SQLite other writers wait for it.
//!
//! On PostgreSQL only who changes the same repository, or the same change request, waits: the
//! end of the audit chain, which every writer takes, is taken after the step. Row and event are
//! of one transaction, so neither is there without the other. A step whose transaction did not
//! end well is in git only, as if the process had been killed between the two: it is found there
//! and taken over when it is asked for again, and row and event are written then.

use serde_json::Value;

use crate::{
    AuditEvent, Millis, Store, StoreError, audit,
    engine::{execute, fetch_all, fetch_one, fetch_optional},
};

/// Whether a change request still waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeRequestState {
    /// It waits for somebody to merge or close it.
    Open,
    /// It is in its base branch.
    Merged,
    /// Nobody wants it any more.
    Closed,
}

impl ChangeRequestState {
    /// As it is stored and served.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Open, Self::Merged, Self::Closed]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

/// A change request to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChangeRequest {
    /// The repository, `local:NAME`.
    pub repository: String,
    /// One line.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// The branch it is for.
    pub base: String,
    /// The branch it is on.
    pub branch: String,
    /// The commit of the base branch it started from.
    pub base_commit: String,
    /// What is proposed.
    pub head_commit: String,
    /// What made it for its author.
    pub via: Option<String>,
}

/// A stored change request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeRequestRow {
    /// Number in its repository, from 1.
    pub number: i64,
    /// What was proposed.
    pub proposed: NewChangeRequest,
    /// Who proposed it.
    pub author: String,
    /// When.
    pub created_at: Millis,
    /// Whether it still waits.
    pub state: ChangeRequestState,
    /// Who merged or closed it.
    pub settled_by: Option<String>,
    /// When that was.
    pub settled_at: Option<Millis>,
    /// The commit that brought it into the base branch.
    pub merge_commit: Option<String>,
}

/// How an open change request ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// It came into the base branch with this commit.
    Merged {
        /// The merge commit.
        commit: String,
    },
    /// It did not.
    Closed,
}

#[derive(sqlx::FromRow)]
struct Row {
    repository: String,
    number: i64,
    title: String,
    body: String,
    base: String,
    branch: String,
    base_commit: String,
    head_commit: String,
    author: String,
    via: Option<String>,
    state: String,
    created_at: Millis,
    settled_by: Option<String>,
    settled_at: Option<Millis>,
    merge_commit: Option<String>,
}

impl Store {
    /// Stores a change request under the next number of its repository; author and time are
    /// those of `audit`, which gets the number into its details. `None`, and no effect, when
    /// the repository has a change request on that branch.
    pub async fn add_change_request<E: From<StoreError>>(
        &self,
        new: &NewChangeRequest,
        audit: &AuditEvent,
        effect: impl Future<Output = Result<(), E>> + Send,
    ) -> Result<Option<ChangeRequestRow>, E> {
        let mut tx = self.begin().await?;
        let (number,): (i64,) = fetch_one!(
            tx,
            "insert into change_request_number as n (repository, last) values ($1, 1)
             on conflict (repository) do update set last = n.last + 1 returning last",
            &new.repository
        )
        .map_err(StoreError::from)?;
        let added = execute!(
            tx,
            "insert into change_request (repository, number, title, body, base, branch,
                 base_commit, head_commit, author, via, state, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11)
             on conflict (repository, branch) do nothing",
            &new.repository,
            number,
            &new.title,
            &new.body,
            &new.base,
            &new.branch,
            &new.base_commit,
            &new.head_commit,
            &audit.principal,
            new.via.as_deref(),
            audit.at
        )
        .map_err(StoreError::from)?;
        if added == 0 {
            return Ok(None);
        }
        let mut event = audit.clone();
        if let Value::Object(details) = &mut event.details {
            details.insert("number".to_owned(), number.into());
        }
        effect.await?;
        audit::append(tx.conn(), &event).await?;
        tx.commit().await?;
        Ok(Some(ChangeRequestRow {
            number,
            proposed: new.clone(),
            author: event.principal,
            created_at: event.at,
            state: ChangeRequestState::Open,
            settled_by: None,
            settled_at: None,
            merge_commit: None,
        }))
    }

    /// Ends an open change request; who and when are those of `audit`. False, and no effect,
    /// when it is not open (any more).
    pub async fn settle_change_request<E: From<StoreError>>(
        &self,
        repository: &str,
        number: i64,
        settlement: &Settlement,
        audit: &AuditEvent,
        effect: impl Future<Output = Result<(), E>> + Send,
    ) -> Result<bool, E> {
        let (state, commit) = match settlement {
            Settlement::Merged { commit } => (ChangeRequestState::Merged, Some(commit.as_str())),
            Settlement::Closed => (ChangeRequestState::Closed, None),
        };
        let mut tx = self.begin().await?;
        let settled = execute!(
            tx,
            "update change_request
             set state = $3, settled_by = $4, settled_at = $5, merge_commit = $6
             where repository = $1 and number = $2 and state = 'open'",
            repository,
            number,
            state.as_str(),
            &audit.principal,
            audit.at,
            commit
        )
        .map_err(StoreError::from)?;
        if settled == 0 {
            return Ok(false);
        }
        effect.await?;
        audit::append(tx.conn(), audit).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The change request with this number.
    pub async fn change_request(
        &self,
        repository: &str,
        number: i64,
    ) -> Result<Option<ChangeRequestRow>, StoreError> {
        let mut db = self.read().await?;
        let row: Option<Row> = fetch_optional!(
            db,
            "select * from change_request where repository = $1 and number = $2",
            repository,
            number
        )?;
        row.map(ChangeRequestRow::try_from).transpose()
    }

    /// The change requests of a repository, newest first, and how many there are in all.
    pub async fn change_requests(
        &self,
        repository: &str,
        state: Option<ChangeRequestState>,
        offset: usize,
        limit: usize,
    ) -> Result<(Vec<ChangeRequestRow>, u64), StoreError> {
        let state = state.map(ChangeRequestState::as_str);
        let mut db = self.read().await?;
        let (total,): (i64,) = fetch_one!(
            db,
            "select count(*) from change_request
             where repository = $1 and ($2 is null or state = $2)",
            repository,
            state
        )?;
        let rows: Vec<Row> = fetch_all!(
            db,
            "select * from change_request
             where repository = $1 and ($2 is null or state = $2)
             order by number desc limit $3 offset $4",
            repository,
            state,
            limit as i64,
            offset as i64
        )?;
        let rows = rows.into_iter().map(ChangeRequestRow::try_from);
        Ok((rows.collect::<Result<_, _>>()?, total.unsigned_abs()))
    }
}

impl TryFrom<Row> for ChangeRequestRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let state = ChangeRequestState::parse(&row.state).ok_or_else(|| {
            let (repository, number) = (&row.repository, row.number);
            StoreError::Inconsistent {
                table: "change_request",
                what: format!("state \"{}\" of {repository} number {number}", row.state),
            }
        })?;
        Ok(Self {
            number: row.number,
            proposed: NewChangeRequest {
                repository: row.repository,
                title: row.title,
                body: row.body,
                base: row.base,
                branch: row.branch,
                base_commit: row.base_commit,
                head_commit: row.head_commit,
                via: row.via,
            },
            author: row.author,
            created_at: row.created_at,
            state,
            settled_by: row.settled_by,
            settled_at: row.settled_at,
            merge_commit: row.merge_commit,
        })
    }
}
