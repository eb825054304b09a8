//! The actions that templates can use, as they are here.

use leptos::prelude::*;

use super::super::load::loaded;
use crate::components::{Badge, CodeBlock, Icon, PageHeader, Tone};
use crate::data::tasks::{ActionView, PropertyView, load_actions};
use crate::paths;

/// Every action, with its input, its output and examples.
#[component]
pub fn ActionsPage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_actions());
    view! {
        <PageHeader
            title="Actions"
            description="What the steps of a template can do here: the portal's own actions, and those of plugins."
        />
        {loaded(data, |actions: Vec<ActionView>| content(actions))}
    }
}

fn content(actions: Vec<ActionView>) -> AnyView {
    view! { <div class="stack">{actions.into_iter().map(action).collect_view()}</div> }.into_any()
}

fn action(action: ActionView) -> impl IntoView {
    let examples = action.examples.into_iter().map(|(title, text)| {
        let label = if title.is_empty() {
            "Example".to_owned()
        } else {
            title
        };
        view! { <CodeBlock label text/> }
    });
    let examples = examples.collect_view();
    let (id, plugin) = (action.id.clone(), action.id.clone());
    view! {
        <article class="card" id=action.id.clone()>
            <header class="card-header action-header">
                <h2 class="card-title mono">{action.id.clone()}</h2>
                <div class="card-actions">
                    {action.plugin.map(|version| view! {
                        <a href=paths::plugin(&plugin)>
                            <Badge tone=Tone::Accent icon=Icon::Hexagon>{version}</Badge>
                        </a>
                    })}
                    {action.dry_run.then(|| view! { <Badge>"dry run"</Badge> })}
                </div>
            </header>
            <div class="card-body stack">
                <div class="markdown" inner_html=action.description></div>
                {properties("Input", &id, action.input)}
                {properties("Output", &id, action.output)}
                {examples}
            </div>
        </article>
    }
}

fn properties(
    title: &'static str,
    id: &str,
    properties: Vec<PropertyView>,
) -> impl IntoView + use<> {
    let (name, label) = (format!("{title} of {id}"), format!("{title} of {id}"));
    let input = title == "Input";
    let rows = properties.into_iter().map(|property| {
        view! {
            <tr>
                <td class="mono">{property.name}</td>
                <td class="note">{property.kind}</td>
                {input.then(|| view! { <td>{property.required.then_some("yes")}</td> })}
                <td>{property.description}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    (!rows.is_empty()).then(|| {
        view! {
            <div>
                <h3 class="section-title" aria-hidden="true">{title}</h3>
                <div class="table-scroll property-table" tabindex="0" role="region" aria-label=label>
                    <table class="table">
                        <caption class="sr-only">{name}</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Name"</th>
                                <th scope="col">"Type"</th>
                                {input.then(|| view! { <th scope="col">"Needed"</th> })}
                                <th scope="col">"Meaning"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            </div>
        }
    })
}
