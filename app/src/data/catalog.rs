//! The catalog table: rows, facets with counts, all of it a function of the URL.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{EntitySummary, Json, UiError};

/// How many rows a page of the table has.
pub const PAGE_SIZE: usize = 25;

/// What the table shows; every field is a part of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogQuery {
    /// Free text that name or title must contain.
    pub text: String,
    /// Chosen values by facet id (`kind`, `type`, `owner`, `lifecycle`, `system`, `tag`).
    pub chosen: Vec<(String, Vec<String>)>,
    /// Ids of the facets that are shown with all their values.
    pub whole: Vec<String>,
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
    /// Its values.
    pub values: Vec<FacetValue>,
    /// How many values it has beside these.
    pub more: usize,
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
#[server(prefix = "/_ui", endpoint = "catalog", input = Json, output = Json)]
pub async fn load_catalog(query: CatalogQuery) -> Result<CatalogView, UiError> {
    server::view(&super::server_context()?, query).await
}

#[cfg(feature = "ssr")]
mod server {
    use portico_catalog::{FacetField, Listing, ListingQuery, ListingSort};

    use super::{CatalogQuery, CatalogView, Facet, FacetValue, PAGE_SIZE};
    use crate::{
        ServerContext,
        data::{EntitySummary, UiError, stars},
    };

    pub(super) async fn view(
        context: &ServerContext,
        query: CatalogQuery,
    ) -> Result<CatalogView, UiError> {
        let (catalog, who) = (&context.catalog, &context.principal);
        let starred_refs = stars::starred_refs(context).await?;
        let Listing {
            rows,
            total,
            facets,
            mine,
            starred,
        } = catalog.listing(who, &ListingQuery::from(query), &starred_refs)?;
        let rows = rows
            .iter()
            .map(|label| {
                let starred = starred_refs.contains(&*label.entity_ref);
                EntitySummary::of(catalog, who, label, starred)
            })
            .collect();
        Ok(CatalogView {
            rows,
            total,
            catalog_total: catalog.len() as u64,
            facets: facets.into_iter().map(Facet::from).collect(),
            mine,
            starred,
        })
    }

    impl From<CatalogQuery> for ListingQuery {
        fn from(query: CatalogQuery) -> Self {
            Self {
                text: query.text,
                chosen: query
                    .chosen
                    .into_iter()
                    .filter_map(|(id, values)| Some((FacetField::from_id(&id)?, values)))
                    .collect(),
                whole: query
                    .whole
                    .iter()
                    .filter_map(|id| FacetField::from_id(id))
                    .collect(),
                mine: query.mine,
                starred: query.starred,
                sort: ListingSort::from_id(&query.sort),
                descending: query.descending,
                offset: query.page.saturating_mul(PAGE_SIZE),
                limit: PAGE_SIZE,
            }
        }
    }

    impl From<portico_catalog::Facet> for Facet {
        fn from(facet: portico_catalog::Facet) -> Self {
            let values = facet.values.into_iter().map(|value| FacetValue {
                value: value.value,
                label: value.label,
                count: value.count,
                chosen: value.chosen,
            });
            Self {
                id: facet.field.id().to_owned(),
                values: values.collect(),
                more: facet.more,
            }
        }
    }
}
