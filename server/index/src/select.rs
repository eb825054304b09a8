//! Which entities match a predicate.

use std::borrow::Cow;

use portico_model::{Predicate, Targets};
use roaring::RoaringBitmap;

use crate::{
    Index,
    column::Test,
    field::{Field, Sight},
    slot_set::Union,
};

impl Index {
    /// The entities that match.
    pub fn select(&self, predicate: &Predicate) -> RoaringBitmap {
        self.matches(predicate, None).into_owned()
    }

    /// Those of the entities `within` that match for who sees these and no others: relations to
    /// others match nothing.
    pub fn select_within(&self, predicate: &Predicate, within: &RoaringBitmap) -> RoaringBitmap {
        self.matches(predicate, Some(within)).into_owned() & within
    }

    pub(crate) fn matches<'a>(
        &'a self,
        predicate: &Predicate,
        within: Option<&'a RoaringBitmap>,
    ) -> Cow<'a, RoaringBitmap> {
        let field = |key: &str| self.field(key, within);
        match predicate {
            Predicate::Always => Cow::Borrowed(&self.live),
            Predicate::Never => Cow::default(),
            Predicate::All(parts) => {
                let mut matching = Cow::Borrowed(&self.live);
                for part in parts {
                    narrow(&mut matching, self.matches(part, within));
                    if matching.is_empty() {
                        break;
                    }
                }
                matching
            }
            Predicate::Any(parts) => {
                let matching = parts.iter().map(|part| self.matches(part, within));
                matching
                    .reduce(|a, b| Cow::Owned(a.into_owned() | &*b))
                    .unwrap_or_default()
            }
            Predicate::Not(part) => Cow::Owned(&self.live - &*self.matches(part, within)),
            Predicate::Exists(key) => self.having(field(key)),
            Predicate::In(key, values) => self.with_values(field(key), values),
            Predicate::HasPrefix(key, prefix) => self.with_prefix(field(key), prefix),
            Predicate::HasRelation { kind, targets } => {
                let field = Field::Relation(*kind, Sight(within));
                match targets {
                    Targets::Any => self.having(field),
                    Targets::In(targets) => self.with_values(field, targets),
                    Targets::HasPrefix(prefix) => self.with_prefix(field, prefix),
                }
            }
        }
    }

    fn with_values(&self, field: Field<'_>, values: &[String]) -> Cow<'_, RoaringBitmap> {
        Cow::Owned(self.passing(field, values.iter().map(|value| Test::Equals(value))))
    }

    fn with_prefix(&self, field: Field<'_>, prefix: &str) -> Cow<'_, RoaringBitmap> {
        Cow::Owned(self.passing(field, [Test::StartsWith(prefix)]))
    }

    /// The entities with a value that passes one of the tests.
    pub(crate) fn passing<'t>(
        &self,
        field: Field<'_>,
        tests: impl IntoIterator<Item = Test<'t>>,
    ) -> RoaringBitmap {
        let mut found = Union::default();
        for test in tests {
            self.for_each_match(field, test, |slots| found.add(slots));
        }
        let found = found.into_bitmap();
        // A relation may start at a reference that is only mentioned.
        if matches!(field, Field::Relation(..)) {
            found & &self.live
        } else {
            found
        }
    }
}

/// Leaves in `matching` only what is in `others` too.
pub(crate) fn narrow<'a>(matching: &mut Cow<'a, RoaringBitmap>, others: Cow<'a, RoaringBitmap>) {
    if others.is_subset(matching) {
        *matching = others;
    } else if !matching.is_subset(&others) {
        *matching = Cow::Owned(&**matching & &*others);
    }
}
