//! How things of the catalog, lists and figures look.

use leptos::prelude::*;
use portico_model::EntityRef;

use super::Specimen;
use crate::components::{
    Avatar, Badge, BarChart, Card, CodeBlock, Column, ColumnChoice, ColumnMenu, Crumb, DataTable,
    DonutChart, EntityLink, FacetGroup, FacetMore, FacetOption, FileNode, FileTree, FilterBar,
    FilterChip, Icon, KeyValue, KeyValueList, KindIcon, KindTile, Meter, OwnerChip, Pagination,
    Row, SkeletonRows, SortDirection, Sparkline, StatusDot, Tab, Tabs, TagLink, TimeAgo, Timeline,
    TimelineItem, Tone,
};
use crate::components::{Breadcrumb, Segment};
use crate::kind::KindStyle;

const YAML: &str = "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: orders-api\n  tags: [dotnet, orders]\nspec:\n  type: service\n  lifecycle: production\n  owner: group:payments\n";

pub(super) fn section() -> impl IntoView {
    view! {
        <Specimen title="Kinds">
            <div class="gallery-row">
                {KindStyle::KNOWN
                    .into_iter()
                    .map(|style| view! { <span class="gallery-kind"><KindIcon style/>{style.label}</span> })
                    .collect_view()}
            </div>
            <div class="gallery-row">
                {KindStyle::KNOWN.into_iter().map(|style| view! { <KindTile style/> }).collect_view()}
            </div>
        </Specimen>
        <Specimen title="Entity links, owners, avatars">
            <div class="gallery-row">
                <EntityLink entity_ref=EntityRef::new("component", "default", "orders-api")/>
                <EntityLink entity_ref=EntityRef::new("system", "default", "checkout") title="Checkout"/>
                <EntityLink entity_ref=EntityRef::new("api", "default", "orders") title="Orders API"/>
                <OwnerChip entity_ref=EntityRef::new("group", "default", "payments") title="Payments"/>
                <OwnerChip entity_ref=EntityRef::new("user", "default", "ada") title="Ada Lovelace"/>
                <Avatar name="Grace Hopper" size=32/>
                <Avatar name="team-platform" square=true size=32/>
            </div>
        </Specimen>
        <Specimen title="Badges and status">
            <div class="gallery-row">
                <Badge>"library"</Badge>
                <Badge tone=Tone::Success icon=Icon::Check>"production"</Badge>
                <Badge tone=Tone::Info>"experimental"</Badge>
                <Badge tone=Tone::Warning icon=Icon::TriangleAlert>"deprecated"</Badge>
                <Badge tone=Tone::Danger icon=Icon::CircleX>"orphan"</Badge>
                <Badge tone=Tone::Accent>"new"</Badge>
                <TagLink href="#" label="dotnet"/>
            </div>
            <div class="gallery-row">
                <StatusDot tone=Tone::Success label="Healthy"/>
                <StatusDot tone=Tone::Warning label="Degraded"/>
                <StatusDot tone=Tone::Danger label="Failing"/>
                <StatusDot tone=Tone::Neutral label="Unknown"/>
            </div>
        </Specimen>
        <Specimen title="Breadcrumb and tabs">
            <Breadcrumb crumbs=Signal::stored(vec![
                Crumb::link("Catalog", "#"), Crumb::link("Components", "#"), Crumb::here("orders-api"),
            ])/>
            <Tabs label="Orders API" tabs=Signal::stored(vec![
                tab("Overview", None, true), tab("APIs", Some(3), false), tab("Dependencies", Some(12), false), tab("Source", None, false),
            ])/>
        </Specimen>
        <Specimen title="Card and key-value list">
            <Card title="About" count=6_u64>
                <KeyValueList>
                    <KeyValue label="Owner">
                        <OwnerChip entity_ref=EntityRef::new("group", "default", "payments") title="Payments"/>
                    </KeyValue>
                    <KeyValue label="System">
                        <EntityLink entity_ref=EntityRef::new("system", "default", "checkout") title="Checkout"/>
                    </KeyValue>
                    <KeyValue label="Type">"service"</KeyValue>
                    <KeyValue label="Lifecycle"><Badge tone=Tone::Success>"production"</Badge></KeyValue>
                    <KeyValue label="Read"><TimeAgo at="2026-01-05T10:00:00Z" ago="3 minutes ago"/></KeyValue>
                </KeyValueList>
            </Card>
        </Specimen>
        <Specimen title="Filters and facets">
            <FilterBar chips=vec![chip("Kind", "Component"), chip("Owner", "Payments")] clear_href="#"/>
            <div class="gallery-facets">
                <FacetGroup title="Lifecycle" options=vec![
                    facet("production", 412, true), facet("experimental", 87, false), facet("deprecated", 9, false),
                ]/>
                <FacetGroup
                    title="Owner"
                    options=["Payments", "Orders", "Platform"].map(|one| facet(one, 21, false)).to_vec()
                    more=Some(FacetMore { label: "18 more".to_owned(), href: "#".to_owned() })
                />
            </div>
        </Specimen>
        <Specimen title="Data table">{table()}</Specimen>
        <Specimen title="Table on its way">
            <DataTable caption="Loading entities" columns=columns()><SkeletonRows columns=4 rows=3/></DataTable>
        </Specimen>
        <Specimen title="Timeline">
            <Timeline>
                <TimelineItem icon=Icon::RefreshCw at="2026-01-05T10:00:00Z" ago="3 min ago">"Read again, nothing changed"</TimelineItem>
                <TimelineItem icon=Icon::TriangleAlert tone=Tone::Warning at="2026-01-05T09:00:00Z" ago="1 h ago">
                    "The owner "<code>"group:payment"</code>" does not exist"
                </TimelineItem>
                <TimelineItem icon=Icon::Plus tone=Tone::Success at="2026-01-04T09:00:00Z" ago="yesterday">"Registered by Ada Lovelace"</TimelineItem>
            </Timeline>
        </Specimen>
        <Specimen title="Code"><CodeBlock label="catalog-info.yaml" text=YAML marked=9_usize/></Specimen>
        <Specimen title="File tree">
            <FileTree nodes=vec![
                FileNode::folder("orders", vec![
                    FileNode::folder("docs", vec![FileNode::file("runbook.md")]),
                    FileNode::file("catalog-info.yaml"),
                ]),
                FileNode::file("README.md"),
            ]/>
        </Specimen>
        <Specimen title="Charts">
            <div class="gallery-row">
                <DonutChart label="Entities by kind" segments=segments()/>
                <Sparkline label="Requests in the last day, now 41 a second" values=vec![3.0, 4.0, 4.0, 7.0, 5.0, 9.0, 12.0, 8.0, 11.0, 14.0]/>
            </div>
            <BarChart label="Entities by lifecycle" bars=segments()/>
            <Meter label="Score" value=0.72/>
            <Meter label="Score" value=0.31 tone=Tone::Danger/>
        </Specimen>
    }
}

fn table() -> impl IntoView {
    let row = |name: &'static str,
               text: &'static str,
               owner: &'static str,
               tone,
               lifecycle: &'static str| {
        view! {
            <Row>
                <td class="cell-main">
                    <div data-row-link="">
                        <EntityLink entity_ref=EntityRef::new("component", "default", name)/>
                    </div>
                    <p class="row-detail">{text}</p>
                </td>
                <td><OwnerChip entity_ref=EntityRef::new("group", "default", owner)/></td>
                <td><Badge tone>{lifecycle}</Badge></td>
                <td class="numeric"><TimeAgo at="2026-01-05T10:00:00Z" ago="3 min ago"/></td>
            </Row>
        }
    };
    view! {
        <div class="table-tools">
            <ColumnMenu id=super::Side::current().id("columns") columns=vec![
                ColumnChoice { label: "Owner".to_owned(), shown: true, href: "#".to_owned() },
                ColumnChoice { label: "System".to_owned(), shown: false, href: "#".to_owned() },
            ]/>
        </div>
        <DataTable caption="Components" columns=columns()>
            {row("orders-api", "Takes orders and keeps their state until they are shipped", "payments", Tone::Success, "production")}
            {row("ledger", "Double-entry bookkeeping for everything that moves money", "payments", Tone::Success, "production")}
            {row("receipt-renderer-with-a-name-of-sixty-three-characters-or-so-ok", "PDF and e-mail receipts", "orders", Tone::Warning, "deprecated")}
        </DataTable>
        <Pagination range="1–3 of 1,234" next=Some("#".to_owned())/>
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("Name").sortable("#", Some(SortDirection::Ascending)),
        Column::new("Owner").sortable("#", None),
        Column::new("Lifecycle"),
        Column {
            numeric: true,
            ..Column::new("Changed").sortable("#", None)
        },
    ]
}

fn segments() -> Vec<Segment> {
    vec![
        Segment::new("production", 412.0, Tone::Success),
        Segment::new("experimental", 87.0, Tone::Info),
        Segment::new("deprecated", 29.0, Tone::Warning),
    ]
}

fn tab(label: &str, count: Option<u64>, current: bool) -> Tab {
    Tab {
        label: label.to_owned(),
        href: "#".to_owned(),
        count,
        current,
    }
}

fn chip(field: &str, value: &str) -> FilterChip {
    FilterChip {
        field: field.to_owned(),
        value: value.to_owned(),
        remove_href: "#".to_owned(),
    }
}

fn facet(label: &str, count: u64, selected: bool) -> FacetOption {
    FacetOption {
        label: label.to_owned(),
        count,
        selected,
        href: "#".to_owned(),
    }
}
