//! The facets of the catalog's table: which there are, and how their values are counted.
//!
//! A facet's values are counted over what all *other* filters leave, so that a count says
//! how many rows choosing the value would show.

use std::{cmp::Reverse, collections::BTreeMap};

use portico_index::Index;
use portico_model::Predicate;

use crate::{
    facets::FacetCounts,
    listing::{ListingQuery, matching},
    visible::Visible,
};

/// How many values a facet shows beside the chosen ones.
const SHOWN: usize = 8;

/// How many it shows when all are asked for: more than anybody reads.
const SHOWN_OF_WHOLE: usize = 500;

/// A facet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FacetField {
    /// `kind`.
    Kind,
    /// `spec.type`.
    Type,
    /// The owners, as references.
    Owner,
    /// `spec.lifecycle`.
    Lifecycle,
    /// What the entity is part of, as references.
    System,
    /// `metadata.tags`.
    Tag,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValue {
    /// The value, lower-case.
    pub value: String,
    /// What to call it: the title of a reference, the value as written otherwise.
    pub label: String,
    /// How many entities of what the other filters leave have it.
    pub count: u64,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A facet with its values: the most frequent first, the chosen ones always among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facet {
    /// Which facet.
    pub field: FacetField,
    /// Its values.
    pub values: Vec<FacetValue>,
    /// How many values it has beside these.
    pub more: usize,
}

impl FacetField {
    /// All facets, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::Lifecycle,
        Self::System,
        Self::Tag,
    ];

    /// Its id in URLs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Type => "type",
            Self::Owner => "owner",
            Self::Lifecycle => "lifecycle",
            Self::System => "system",
            Self::Tag => "tag",
        }
    }

    /// The facet with this id in URLs.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.id() == id)
    }

    fn key(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Type => "spec.type",
            Self::Owner => "relations.ownedby",
            Self::Lifecycle => "spec.lifecycle",
            Self::System => "relations.partof",
            Self::Tag => "metadata.tags",
        }
    }

    /// Whether its values are references, which have titles.
    fn holds_references(self) -> bool {
        matches!(self, Self::Owner | Self::System)
    }

    /// `base`, and the chosen values of every facet but `except`.
    pub(crate) fn all_chosen(
        query: &ListingQuery,
        base: &Predicate,
        except: Option<Self>,
    ) -> Predicate {
        let mut all = vec![base.clone()];
        for field in Self::ALL {
            let chosen = query.chosen_of(field);
            if Some(field) != except && !chosen.is_empty() {
                all.push(Predicate::In(field.key().to_owned(), chosen.to_vec()));
            }
        }
        Predicate::All(all)
    }
}

/// Every facet of the table.
pub(crate) fn facets(
    index: &Index,
    query: &ListingQuery,
    base: &Predicate,
    visible: &Visible,
) -> Vec<Facet> {
    let count = |fields: &[FacetField], except: Option<FacetField>| {
        let left = matching(query, FacetField::all_chosen(query, base, except), visible);
        let keys: Vec<&str> = fields.iter().map(|field| field.key()).collect();
        index.facets(&keys, Some(&index.all_matching(&left)))
    };
    // Facets without a choice are all counted over the same entities: the listed ones.
    let (open, narrowed): (Vec<_>, Vec<_>) = FacetField::ALL
        .into_iter()
        .partition(|&field| query.chosen_of(field).is_empty());
    let mut counted: Vec<(FacetField, FacetCounts)> = Vec::new();
    counted.extend(open.iter().copied().zip(count(&open, None)));
    for field in narrowed {
        counted.extend(
            count(&[field], Some(field))
                .pop()
                .map(|counts| (field, counts)),
        );
    }
    FacetField::ALL
        .into_iter()
        .filter_map(|field| {
            let at = counted.iter().position(|&(counted, _)| counted == field)?;
            let (_, counts) = counted.swap_remove(at);
            let room = match query.whole.contains(&field) {
                true => SHOWN_OF_WHOLE,
                false => SHOWN,
            };
            Some(facet(
                (index, visible),
                field,
                counts,
                query.chosen_of(field),
                room,
            ))
        })
        .collect()
}

fn facet(
    (index, visible): (&Index, &Visible),
    field: FacetField,
    counts: FacetCounts,
    chosen: &[String],
    room: usize,
) -> Facet {
    // A choice that nothing has any more must stay visible, to be taken back.
    let mut by_value: BTreeMap<String, (String, u64)> = chosen
        .iter()
        .map(|value| (value.clone(), (value.clone(), 0)))
        .collect();
    let known = counts.into_iter();
    for (written, count) in known.filter(|(it, _)| visible.knows(index, field.key(), it)) {
        // The index keeps spellings apart; a choice does not.
        let known = by_value.entry(written.to_lowercase()).or_default();
        known.0 = written;
        known.1 += count;
    }
    let mut values: Vec<FacetValue> = by_value
        .into_iter()
        .map(|(value, (label, count))| FacetValue {
            chosen: chosen.contains(&value),
            value,
            label,
            count,
        })
        .collect();
    values.sort_by_key(|value| Reverse(value.count));
    let all = values.len();
    // To fold away one or two would cost the room they need.
    let mut room = if all <= room + 2 { all } else { room };
    values.retain(|value| {
        let fits = room > 0;
        room = room.saturating_sub(usize::from(!value.chosen));
        fits || value.chosen
    });
    if field.holds_references() {
        for value in &mut values {
            value.label = title(index, visible, &value.value);
        }
    }
    Facet {
        field,
        more: all - values.len(),
        values,
    }
}

/// The title of a reference; its name when it leads nowhere.
fn title(index: &Index, visible: &Visible, entity_ref: &str) -> String {
    let slot = index.slot(entity_ref).filter(|&slot| visible.sees(slot));
    let label = slot.and_then(|slot| index.label(slot));
    label.map_or_else(
        || {
            let name = entity_ref.rsplit('/').next();
            name.unwrap_or(entity_ref).to_owned()
        },
        |label| label.display_name().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use portico_model::Entity;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;
    use crate::listing::{ListingSort, rows};

    fn index() -> Index {
        let mut index = Index::new();
        let entities = [
            ("a", "service", Some("production"), ["java", "http"]),
            ("b", "service", None, ["Java", "grpc"]),
            ("c", "library", Some("experimental"), ["java", "http"]),
        ];
        for (at, (name, spec_type, lifecycle, tags)) in entities.into_iter().enumerate() {
            let entity: Entity = serde_json::from_value(json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": "Component",
                "metadata": {"name": name, "tags": tags},
                "spec": {"type": spec_type, "lifecycle": lifecycle},
            }))
            .unwrap();
            index.upsert(Uuid::from_u128(at as u128), &entity);
        }
        index
    }

    fn counts(query: &ListingQuery, field: FacetField) -> Vec<(String, u64)> {
        let facets = facets(&index(), query, &Predicate::Always, &Visible::Everything);
        let facet = facets.into_iter().find(|facet| facet.field == field);
        facet
            .unwrap()
            .values
            .into_iter()
            .map(|value| (value.value, value.count))
            .collect()
    }

    fn chosen(field: FacetField, value: &str) -> ListingQuery {
        ListingQuery {
            chosen: vec![(field, vec![value.to_owned()])],
            limit: 10,
            ..ListingQuery::default()
        }
    }

    fn counted(expected: &[(&str, u64)]) -> Vec<(String, u64)> {
        let owned = expected
            .iter()
            .map(|&(value, count)| (value.to_owned(), count));
        owned.collect()
    }

    #[test]
    fn frequent_values_come_first_in_any_case() {
        let all = counts(&ListingQuery::default(), FacetField::Tag);
        assert_eq!(all, counted(&[("java", 3), ("http", 2), ("grpc", 1)]));
    }

    #[test]
    fn a_facet_is_counted_over_what_the_others_leave() {
        let query = chosen(FacetField::Type, "service");
        let types = counts(&query, FacetField::Type);
        assert_eq!(types, counted(&[("service", 2), ("library", 1)]));
        assert_eq!(
            counts(&query, FacetField::Tag),
            counted(&[("java", 2), ("grpc", 1), ("http", 1)])
        );
    }

    #[test]
    fn rare_values_are_folded_away_unless_all_are_asked_for() {
        let mut index = Index::new();
        for at in 0..20_u128 {
            let entity: Entity = serde_json::from_value(json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": "Component",
                "metadata": {"name": format!("c{at}")},
                "spec": {"type": format!("type-{at}")},
            }))
            .unwrap();
            index.upsert(Uuid::from_u128(at), &entity);
        }
        let types = |query: &ListingQuery| {
            let facets = facets(&index, query, &Predicate::Always, &Visible::Everything);
            let facet = facets.into_iter().find(|it| it.field == FacetField::Type);
            facet.map(|it| (it.values.len(), it.more))
        };
        assert_eq!(types(&ListingQuery::default()), Some((8, 12)));
        let whole = ListingQuery {
            whole: vec![FacetField::Type],
            ..ListingQuery::default()
        };
        assert_eq!(types(&whole), Some((20, 0)));
    }

    #[test]
    fn a_choice_that_nothing_has_stays_visible() {
        let types = counts(&chosen(FacetField::Type, "website"), FacetField::Type);
        assert!(types.contains(&("website".to_owned(), 0)));
    }

    #[test]
    fn sorting_loses_no_rows() {
        let query = ListingQuery {
            sort: ListingSort::Lifecycle,
            limit: 2,
            ..ListingQuery::default()
        };
        let names = |query: &ListingQuery| {
            let (rows, total) = rows(&index(), query, &Predicate::Always, &Visible::Everything);
            assert_eq!(total, 3);
            rows.into_iter()
                .map(|label| label.name.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&query), ["c", "a"]);
        let next = ListingQuery { offset: 2, ..query };
        assert_eq!(names(&next), ["b"]);
    }
}
