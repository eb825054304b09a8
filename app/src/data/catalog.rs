//! The catalog table: rows, facets with counts, all of it a function of the URL.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntitySummary, UiError};

/// How many rows a page of the table has.
pub const PAGE_SIZE: usize = 50;

/// What the table shows; every field is a part of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogQuery {
    /// Free text that name or title must contain.
    pub text: String,
    /// Chosen values by facet id (`kind`, `type`, `owner`, `lifecycle`, `system`, `tag`).
    pub chosen: Vec<(String, Vec<String>)>,
    /// Only what the person, or a group of theirs, owns.
    pub mine: bool,
    /// Only starred entities.
    pub starred: bool,
    /// Column to sort by: `name`, `kind`, `type`, `owner`, `lifecycle`.
    pub sort: String,
    /// Sort the other way round.
    pub descending: bool,
    /// Which page, from 0.
    pub page: usize,
}

/// One value of a facet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FacetValue {
    /// The value, as it stands in the URL.
    pub value: String,
    /// What to show.
    pub label: String,
    /// How many entities of the present selection have it.
    pub count: u64,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A facet with its values, most frequent first, chosen ones always included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// Its id in the URL.
    pub id: String,
    /// What to call it.
    pub title: String,
    /// Its values.
    pub values: Vec<FacetValue>,
}

/// One page of the table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogView {
    /// The rows.
    pub rows: Vec<EntitySummary>,
    /// How many match in all.
    pub total: u64,
    /// How many entities the catalog has.
    pub catalog_total: u64,
    /// The facets.
    pub facets: Vec<Facet>,
    /// How many entities the person owns.
    pub mine: u64,
    /// How many the person starred.
    pub starred: u64,
}

/// One page of the catalog table.
#[server(prefix = "/_ui", endpoint = "catalog", input = server_fn::codec::Json)]
pub async fn load_catalog(query: CatalogQuery) -> Result<CatalogView, UiError> {
    server::view(&super::server_context()?, query).await
}

#[cfg(feature = "ssr")]
mod server {
    use std::collections::HashSet;

    use portico_catalog::{Direction, EntityQuery, FullText};
    use portico_model::Predicate;

    use super::{CatalogQuery, CatalogView, Facet, FacetValue, PAGE_SIZE};
    use crate::{
        ServerContext,
        data::{EntityLabel, EntitySummary, UiError, stars},
    };

    /// How many values a facet shows beside the chosen ones.
    const FACET_VALUES: usize = 30;

    /// The facets: id in the URL, search key, title.
    const FACETS: [(&str, &str, &str); 6] = [
        ("kind", "kind", "Kind"),
        ("type", "spec.type", "Type"),
        ("owner", "relations.ownedby", "Owner"),
        ("lifecycle", "spec.lifecycle", "Lifecycle"),
        ("system", "relations.partof", "Part of"),
        ("tag", "metadata.tags", "Tag"),
    ];

    pub(super) async fn view(
        context: &ServerContext,
        query: CatalogQuery,
    ) -> Result<CatalogView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let starred = stars::starred_refs(context).await?;
        let base = base_predicate(context, &query, &starred);
        let listed = EntityQuery {
            predicate: with_chosen(&base, &query, None),
            full_text: full_text(&query),
            order: vec![(sort_key(&query.sort).to_owned(), direction(&query))],
            offset: query.page.saturating_mul(PAGE_SIZE),
            limit: PAGE_SIZE,
        };
        let page = catalog.labels(who, &listed)?;
        let rows = page
            .items
            .iter()
            .map(|label| {
                EntitySummary::of(catalog, who, label, starred.contains(&*label.entity_ref))
            })
            .collect();
        let facets = FACETS
            .iter()
            .map(|&(id, key, title)| facet(context, &query, &base, id, key, title))
            .collect::<Result<_, UiError>>()?;
        let count = |predicate: Predicate| {
            let query = EntityQuery {
                predicate,
                limit: 0,
                ..EntityQuery::default()
            };
            catalog.labels(who, &query).map(|page| page.total)
        };
        Ok(CatalogView {
            rows,
            total: page.total,
            catalog_total: catalog.len() as u64,
            facets,
            mine: count(owned_by(context))?,
            starred: count(refs_predicate(&starred))?,
        })
    }

    /// Values of one facet, counted over everything the other filters leave.
    fn facet(
        context: &ServerContext,
        query: &CatalogQuery,
        base: &Predicate,
        id: &str,
        key: &str,
        title: &str,
    ) -> Result<Facet, UiError> {
        let predicate = with_chosen(base, query, Some(id));
        let counts = context.catalog.text_facet(
            &context.principal,
            key,
            &predicate,
            full_text(query).as_ref(),
        )?;
        let chosen = chosen_of(query, id);
        let mut values: Vec<FacetValue> = Vec::new();
        let mut plain = 0;
        for (value, count) in counts {
            let folded = value.to_lowercase();
            let is_chosen = chosen.contains(&folded);
            if !is_chosen {
                plain += 1;
            }
            if is_chosen || plain <= FACET_VALUES {
                let label = facet_label(context, id, &value);
                values.push(FacetValue {
                    value: folded,
                    label,
                    count,
                    chosen: is_chosen,
                });
            }
        }
        for missing in chosen {
            if !values.iter().any(|value| &value.value == missing) {
                let label = facet_label(context, id, missing);
                values.push(FacetValue {
                    value: missing.clone(),
                    label,
                    count: 0,
                    chosen: true,
                });
            }
        }
        Ok(Facet {
            id: id.to_owned(),
            title: title.to_owned(),
            values,
        })
    }

    fn facet_label(context: &ServerContext, id: &str, value: &str) -> String {
        match id {
            "owner" | "system" => {
                EntityLabel::of(&context.catalog, &context.principal, value).title
            }
            _ => value.to_owned(),
        }
    }

    fn base_predicate(
        context: &ServerContext,
        query: &CatalogQuery,
        starred: &HashSet<String>,
    ) -> Predicate {
        let mut all = Vec::new();
        if query.mine {
            all.push(owned_by(context));
        }
        if query.starred {
            all.push(refs_predicate(starred));
        }
        Predicate::All(all)
    }

    fn with_chosen(base: &Predicate, query: &CatalogQuery, except: Option<&str>) -> Predicate {
        let mut all = vec![base.clone()];
        for (id, key, _) in FACETS {
            let chosen = chosen_of(query, id);
            if Some(id) != except && !chosen.is_empty() {
                all.push(Predicate::In(key.to_owned(), chosen.to_vec()));
            }
        }
        Predicate::All(all)
    }

    fn chosen_of<'a>(query: &'a CatalogQuery, id: &str) -> &'a [String] {
        query
            .chosen
            .iter()
            .find(|(facet, _)| facet == id)
            .map_or(&[], |(_, values)| values)
    }

    fn owned_by(context: &ServerContext) -> Predicate {
        match context.principal.claims() {
            [] => Predicate::Never,
            claims => Predicate::In("relations.ownedby".to_owned(), claims.to_vec()),
        }
    }

    fn refs_predicate(refs: &HashSet<String>) -> Predicate {
        let any = refs.iter().map(|text| {
            let entity_ref = crate::data::reference(text);
            let is = |key: &str, value: &str| Predicate::In(key.to_owned(), vec![value.to_owned()]);
            Predicate::All(vec![
                is("metadata.name", entity_ref.name()),
                is("kind", entity_ref.kind()),
                is("metadata.namespace", entity_ref.namespace()),
            ])
        });
        Predicate::Any(any.collect())
    }

    fn full_text(query: &CatalogQuery) -> Option<FullText> {
        let term = query.text.trim();
        (!term.is_empty()).then(|| FullText {
            term: term.to_owned(),
            fields: [
                "metadata.name",
                "metadata.title",
                "spec.profile.displayname",
            ]
            .map(str::to_owned)
            .to_vec(),
        })
    }

    fn sort_key(sort: &str) -> &'static str {
        match sort {
            "kind" => "kind",
            "type" => "spec.type",
            "owner" => "spec.owner",
            "lifecycle" => "spec.lifecycle",
            _ => "metadata.name",
        }
    }

    fn direction(query: &CatalogQuery) -> Direction {
        if query.descending {
            Direction::Desc
        } else {
            Direction::Asc
        }
    }
}
