//! The REST API's reference: every operation, its parameters and its answers.

use leptos::prelude::*;

use super::load::loaded;
use crate::components::{Badge, CodeBlock, Icon, PageHeader, Tone};
use crate::data::api_reference::{ApiOperation, ApiParameter, ApiSection, load_api_reference};

/// The reference page.
#[component]
pub fn ApiReferencePage() -> impl IntoView {
    let data = Resource::new_blocking(|| (), |()| load_api_reference());
    let download = || {
        view! {
            <a class="btn btn-secondary" href="/api/openapi.json" rel="external">
                <Icon icon=Icon::Download/>"OpenAPI 3.1"
            </a>
        }
    };
    view! {
        <PageHeader
            title="REST API"
            description="The catalog API that Backstage clients know, and Portico's own. Call it with a \
                         token of backend.auth.externalAccess as bearer token."
            actions=download
        />
        {loaded(data, content)}
    }
}

fn content(sections: Vec<ApiSection>) -> AnyView {
    let index = sections
        .iter()
        .map(|section| {
            view! { <li><a href=format!("#{}", anchor(&section.name))>{section.name.clone()}</a></li> }
        })
        .collect_view();
    let sections = sections.into_iter().map(section).collect_view();
    view! {
        <div class="catalog">
            <nav class="catalog-facets api-index" aria-label="Subjects"><ul>{index}</ul></nav>
            <div class="catalog-list stack">{sections}</div>
        </div>
    }
    .into_any()
}

fn section(section: ApiSection) -> impl IntoView {
    let operations = section.operations.into_iter().map(operation).collect_view();
    view! {
        <section class="card api-section" id=anchor(&section.name)>
            <header class="card-header">
                <h2 class="card-title">{section.name.clone()}</h2>
                <p class="note">{section.description}</p>
            </header>
            {operations}
        </section>
    }
}

fn operation(operation: ApiOperation) -> impl IntoView {
    let tone = match operation.method.as_str() {
        "GET" => Tone::Info,
        "DELETE" => Tone::Danger,
        _ => Tone::Success,
    };
    let parameters = operation
        .parameters
        .into_iter()
        .map(parameter)
        .collect_view();
    let answers = operation
        .answers
        .into_iter()
        .map(|(status, meaning, body)| {
            view! {
                <li>
                    <p><code class="mono">{status.clone()}</code> " " {meaning}</p>
                    {body.map(|text| view! { <CodeBlock label=format!("{status} body") text/> })}
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="api-operation" id=operation.id>
            <summary>
                <Badge tone>{operation.method}</Badge>
                <code class="mono break">{operation.path}</code>
                <span class="note">{operation.summary}</span>
            </summary>
            <div class="api-body stack">
                <p>{operation.description}</p>
                <dl class="annotations">{parameters}</dl>
                {operation.body.map(|text| view! { <CodeBlock label="Request body" text/> })}
                <ul class="stack">{answers}</ul>
            </div>
        </details>
    }
}

fn parameter(parameter: ApiParameter) -> impl IntoView {
    let ApiParameter {
        name,
        place,
        required,
        description,
        example,
    } = parameter;
    let need = if required { "required" } else { "optional" };
    view! {
        <div>
            <dt><code class="mono">{name}</code> " " <span class="note">{place} ", " {need}</span></dt>
            <dd>
                {description}
                {example.map(|example| view! { <p class="note">"Example: " <code class="mono break">{example}</code></p> })}
            </dd>
        </div>
    }
}

fn anchor(name: &str) -> String {
    format!("api-{}", name.replace(' ', "-"))
}
