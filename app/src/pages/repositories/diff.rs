//! What a change request changes, file by file.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{Alert, Badge, Tone};
use crate::data::repositories::{FileDiffView, file_diff};
use crate::paths;

/// The files, with their lines.
pub(super) fn files(
    repository: &str,
    number: i64,
    files: Vec<FileDiffView>,
    truncated: bool,
) -> impl IntoView + use<> {
    let sum = |of: fn(&FileDiffView) -> u64| files.iter().map(of).sum::<u64>();
    let (additions, deletions) = (sum(|file| file.additions), sum(|file| file.deletions));
    let count = match files.len() {
        1 => "1 file".to_owned(),
        count => format!("{count} files"),
    };
    let files = files
        .into_iter()
        .map(|it| file(repository, number, it))
        .collect_view();
    view! {
        <section class="diff" aria-labelledby="changes">
            <header class="diff-summary">
                <h2 class="card-title" id="changes">"Changes"</h2>
                <span class="note">{count}</span>
                {counts(additions, deletions)}
            </header>
            {files}
            {truncated.then(|| view! {
                <Alert tone=Tone::Warning title="There are more files than are listed here">
                    "Compare the branches with git to see all of them."
                </Alert>
            })}
        </section>
    }
}

fn counts(additions: u64, deletions: u64) -> impl IntoView {
    view! {
        <span class="diff-counts tabular">
            <span class="diff-plus">"+" {additions}</span>
            " "
            <span class="diff-minus">"−" {deletions}</span>
        </span>
    }
}

fn file(repository: &str, number: i64, file: FileDiffView) -> impl IntoView + use<> {
    let (tone, change) = match file.change.as_str() {
        "added" => (Tone::Success, "new"),
        "removed" => (Tone::Danger, "removed"),
        "renamed" => (Tone::Info, "renamed"),
        _ => (Tone::Neutral, "changed"),
    };
    // A removed file says enough by its name; whoever wants to read it opens it.
    let open = file.rows.is_some() && file.change != "removed";
    let content = match &file.rows {
        _ if file.binary => view! { <p class="diff-note">"This file is no text."</p> }.into_any(),
        Some(rows) if rows.is_empty() => {
            view! { <p class="diff-note">"Its content stays as it is."</p> }.into_any()
        }
        Some(rows) => table(&file.path, rows.clone()).into_any(),
        None => later(repository, number, &file).into_any(),
    };
    view! {
        <details class="diff-file" open=open>
            <summary class="diff-head">
                <span class="mono break">
                    {file.old_path.map(|old| format!("{old} → "))}
                    {file.path.clone()}
                </span>
                <Badge tone>{change}</Badge>
                {counts(file.additions, file.deletions)}
            </summary>
            {content}
            {file.truncated.then(|| view! {
                <p class="diff-note">"The file changes in more places than are shown here. Compare the branches with git to see all of them."</p>
            })}
        </details>
    }
}

fn table(path: &str, rows: String) -> impl IntoView + use<> {
    view! {
        <table class="diff-table">
            <caption class="sr-only">"Changes of " {path.to_owned()}</caption>
            <thead class="sr-only">
                <tr>
                    <th scope="col">"Line before"</th>
                    <th scope="col">"Line after"</th>
                    <th scope="col">"Change"</th>
                    <th scope="col">"Text"</th>
                </tr>
            </thead>
            <tbody inner_html=rows></tbody>
        </table>
    }
}

/// A file with very many lines: they come when they are asked for. Without JavaScript, the
/// link loads the page with them.
fn later(repository: &str, number: i64, file: &FileDiffView) -> impl IntoView + use<> {
    let href = format!(
        "{}?show={}",
        paths::change_request(repository, number),
        paths::encode(&file.path)
    );
    let rows = RwSignal::new(None);
    let (repository, path) = (repository.to_owned(), file.path.clone());
    let asked = path.clone();
    let ask = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let answer = file_diff(repository.clone(), number, asked.clone());
        spawn_local(async move { rows.set(Some(answer.await)) });
    };
    let lines = file.additions + file.deletions;
    view! {
        {move || match rows.get() {
            None => view! {
                <p class="diff-note">
                    <a class="link" href=href.clone() on:click=ask.clone()>
                        "Show " {lines} " changed lines"
                    </a>
                </p>
            }
            .into_any(),
            Some(Ok(rows)) => table(&path, rows).into_any(),
            Some(Err(error)) => view! {
                <Alert tone=Tone::Danger title="The lines could not be loaded">{error.message}</Alert>
            }
            .into_any(),
        }}
    }
}
