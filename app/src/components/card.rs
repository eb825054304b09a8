//! Cards and key-value lists: the two ways a page groups facts.

use leptos::prelude::*;

/// A titled group.
#[component]
pub fn Card(
    /// Its heading.
    #[prop(into)]
    title: String,
    /// How many things it holds.
    #[prop(optional, into)]
    count: Option<u64>,
    /// Buttons beside the heading.
    #[prop(optional, into)]
    actions: ViewFn,
    /// Without padding, for tables and lists that reach the border.
    #[prop(optional)]
    flush: bool,
    /// The content.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card">
            <header class="card-header">
                <h2 class="card-title">{title}</h2>
                {count.map(|count| view! { <span class="count">{count}</span> })}
                <div class="card-actions">{actions.run()}</div>
            </header>
            <div class="card-body" class:card-flush=flush>
                {children()}
            </div>
        </section>
    }
}

/// A list of named facts; holds [`KeyValue`]s.
#[component]
pub fn KeyValueList(
    /// The facts.
    children: Children,
) -> impl IntoView {
    view! { <dl class="key-values">{children()}</dl> }
}

/// One named fact.
#[component]
pub fn KeyValue(
    /// Its name.
    #[prop(into)]
    label: String,
    /// Takes the whole width of the list, for values that are long.
    #[prop(optional)]
    wide: bool,
    /// Its value.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="key-value" class:key-value-wide=wide>
            <dt>{label}</dt>
            <dd>{children()}</dd>
        </div>
    }
}
