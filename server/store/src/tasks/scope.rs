//! Which tasks somebody may see, as a condition of queries.

use uuid::Uuid;

/// A condition on tasks that queries can be narrowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaskScope {
    /// All of these hold; of none, each task.
    All(Vec<TaskScope>),
    /// One of these holds; of none, no task.
    Any(Vec<TaskScope>),
    /// This does not hold.
    Not(Box<TaskScope>),
    /// One of these created it.
    CreatedBy(Vec<String>),
    /// The name of who created it starts so.
    CreatorStarts(String),
    /// It is one of these.
    Id(Vec<Uuid>),
}

/// What a condition compares with, to be bound in this order.
pub(super) enum Bound<'a> {
    Text(&'a str),
    Id(Uuid),
}

impl Default for TaskScope {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl TaskScope {
    /// Writes the condition into `sql`. Placeholders follow `bound`, whose first has the
    /// number `first`.
    pub(super) fn write<'a>(&'a self, sql: &mut String, first: usize, bound: &mut Vec<Bound<'a>>) {
        match self {
            Self::All(parts) => join(parts, " and ", "1 = 1", sql, first, bound),
            Self::Any(parts) => join(parts, " or ", "1 = 0", sql, first, bound),
            Self::Not(part) => {
                sql.push_str("not ");
                part.write(sql, first, bound);
            }
            Self::CreatedBy(names) => {
                let names = names.iter().map(|name| Bound::Text(name));
                within("created_by", names, sql, first, bound);
            }
            Self::CreatorStarts(start) => {
                let place = first + bound.len();
                sql.push_str(&format!(
                    "(substr(created_by, 1, length(${place})) = ${place})"
                ));
                bound.push(Bound::Text(start));
            }
            Self::Id(ids) => {
                let ids = ids.iter().map(|id| Bound::Id(*id));
                within("id", ids, sql, first, bound);
            }
        }
    }
}

fn join<'a>(
    parts: &'a [TaskScope],
    word: &str,
    none: &str,
    sql: &mut String,
    first: usize,
    bound: &mut Vec<Bound<'a>>,
) {
    sql.push('(');
    if parts.is_empty() {
        sql.push_str(none);
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            sql.push_str(word);
        }
        part.write(sql, first, bound);
    }
    sql.push(')');
}

fn within<'a>(
    column: &str,
    values: impl Iterator<Item = Bound<'a>>,
    sql: &mut String,
    first: usize,
    bound: &mut Vec<Bound<'a>>,
) {
    let start = bound.len();
    bound.extend(values);
    let places: Vec<_> = (first + start..first + bound.len())
        .map(|place| format!("${place}"))
        .collect();
    if places.is_empty() {
        sql.push_str("(1 = 0)");
    } else {
        sql.push_str(&format!("({column} in ({}))", places.join(", ")));
    }
}
