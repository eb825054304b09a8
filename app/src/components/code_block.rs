//! Code to read and copy.

use leptos::prelude::*;

use super::{Icon, IconButton, Toaster, Tone};
use crate::platform;

/// A block of code with line numbers and a copy button.
///
/// Highlighting is done on the server: `html` is one already escaped fragment
/// for each line of `text`.
#[component]
pub fn CodeBlock(
    /// What it is: a file name, a language.
    #[prop(into)]
    label: String,
    /// The code, as it is copied.
    #[prop(into)]
    text: String,
    /// The lines as highlighted HTML; the plain lines when left out.
    #[prop(optional, into)]
    html: Option<Vec<String>>,
    /// A line to mark, counted from one; it carries the id `L<n>`.
    #[prop(optional, into)]
    marked: Option<usize>,
) -> impl IntoView {
    let lines = html.unwrap_or_else(|| text.lines().map(escape).collect());
    let lines = lines
        .into_iter()
        .zip(1_usize..)
        .map(|(line, number)| {
            view! {
                <span class="code-line" class:code-marked=marked == Some(number) id=format!("L{number}") inner_html=line></span>
            }
        })
        .collect_view();
    view! {
        <figure class="code">
            <figcaption class="code-header">
                <span class="truncate">{label.clone()}</span>
                <CopyButton text label="Copy"/>
            </figcaption>
            <pre class="code-body" tabindex="0" aria-label=label><code>{lines}</code></pre>
        </figure>
    }
}

/// Copies a text, and says so.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: String,
    /// What the button is called: `Copy reference`.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let toaster = use_context::<Toaster>();
    view! {
        <IconButton
            icon=Icon::Copy
            label
            small=true
            on:click=move |_| {
                platform::copy(&text);
                if let Some(toaster) = toaster {
                    toaster.show(Tone::Success, "Copied");
                }
            }
        />
    }
}

/// Escapes text for HTML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn plain_code_cannot_bring_markup() {
        assert_eq!(escape("<b>&</b>"), "&lt;b&gt;&amp;&lt;/b&gt;");
    }
}
