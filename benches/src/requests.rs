//! The requests that are measured, and how.

use std::{
    cell::Cell,
    rc::Rc,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use tokio::task::LocalSet;

use crate::{
    client::{Client, Request, header},
    generate::Organisation,
    report::{ms, percentile},
};

/// Requests of one kind, sent in turn.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) requests: Vec<Request>,
}

const WARM_UP: usize = 30;
const SAMPLES: usize = 500;
const CONNECTIONS: usize = 16;

/// The requests of the table: API and pages.
pub(crate) async fn cases(port: u16, organisation: &Organisation) -> Result<Vec<Case>> {
    let by_name = organisation
        .components
        .iter()
        .step_by((organisation.components.len() / 500).max(1))
        .filter_map(|entity_ref| entity_ref.split_once('/'))
        .map(|(_, name)| format!("/api/catalog/entities/by-name/component/default/{name}"))
        .collect::<Vec<_>>();
    let pages: Vec<String> = organisation
        .components
        .iter()
        .step_by((organisation.components.len() / 200).max(1))
        .filter_map(|entity_ref| entity_ref.split_once('/'))
        .map(|(_, name)| format!("/catalog/default/component/{name}"))
        .collect();
    let cookie = sign_in(port, "local-admin").await?;
    let mut cases = lists(organisation);
    cases.extend([
        Case {
            name: "by name",
            requests: by_name.iter().map(|path| Request::get(path)).collect(),
        },
        one(
            "catalog page (HTML)",
            Request::get_as("/catalog?kind=component", &cookie),
        ),
        Case {
            name: "entity page (HTML)",
            requests: pages
                .iter()
                .map(|path| Request::get_as(path, &cookie))
                .collect(),
        },
    ]);
    Ok(cases)
}

/// What answers with many entities.
fn lists(organisation: &Organisation) -> Vec<Case> {
    let refs: Vec<&String> = organisation
        .refs
        .iter()
        .step_by((organisation.refs.len() / 100).max(1))
        .take(100)
        .collect();
    let by_refs = serde_json::json!({ "entityRefs": refs }).to_string();
    let page = "/api/catalog/entities/by-query?limit=20&filter=kind=component&orderField=metadata.name,asc";
    vec![
        one("by-query page", Request::get(page)),
        one(
            "by-query page in the middle",
            Request::get(&format!(
                "{page}&offset={}",
                organisation.components.len() / 4
            )),
        ),
        one(
            "the same with full text",
            Request::get(&format!(
                "{page}&fullTextFilterTerm=orders&fullTextFilterFields=metadata.name,metadata.title"
            )),
        ),
        one(
            "facets: kind, type, tags",
            Request::get(
                "/api/catalog/entity-facets?facet=kind&facet=spec.type&facet=metadata.tags",
            ),
        ),
        one(
            "by-refs of 100",
            Request::post(
                "/api/catalog/entities/by-refs",
                "application/json",
                &by_refs,
            ),
        ),
        one("search", Request::get("/api/search/query?term=orders")),
    ]
}

/// Lists, as somebody asks for them who is signed in.
pub(crate) fn lists_of(organisation: &Organisation, cookie: &str) -> Vec<Case> {
    let mut cases = lists(organisation);
    for request in cases.iter_mut().flat_map(|case| &mut case.requests) {
        *request = request.clone().signed_in(cookie);
    }
    cases.push(one(
        "catalog page (HTML)",
        Request::get_as("/catalog?kind=component", cookie),
    ));
    cases
}

/// The columns of [`all`].
pub(crate) const HEAD: [&str; 6] = [
    "request",
    "p50 ms",
    "p99 ms",
    "answer",
    "16 connections: req/s",
    "p99 ms",
];

/// Each case with one client, and with sixteen connections for some seconds.
pub(crate) async fn all(port: u16, cases: &[Case], seconds: u64) -> Result<Vec<Vec<String>>> {
    let mut rows = Vec::new();
    for case in cases {
        let mut row = vec![case.name.to_owned()];
        row.extend(one_client(port, case).await?);
        row.extend(sixteen_connections(port, case, seconds).await?);
        rows.push(row);
    }
    Ok(rows)
}

/// One client: p50 and p99 of a request, in ms, and the size of its answer.
async fn one_client(port: u16, case: &Case) -> Result<Vec<String>> {
    let mut client = Client::connect(port).await?;
    let mut samples = Vec::with_capacity(SAMPLES);
    let mut size = 0;
    for (at, request) in case
        .requests
        .iter()
        .cycle()
        .take(WARM_UP + SAMPLES)
        .enumerate()
    {
        let started = Instant::now();
        let answer = client.send(request).await?;
        let elapsed = started.elapsed();
        if answer.status != 200 {
            bail!("{} answered {}", case.name, answer.status);
        }
        if at >= WARM_UP {
            samples.push(elapsed);
            size = answer.body.len();
        }
    }
    samples.sort_unstable();
    Ok(vec![
        ms(percentile(&samples, 50.0)),
        ms(percentile(&samples, 99.0)),
        format!("{:.1} kB", size as f64 / 1e3),
    ])
}

/// Sixteen connections: requests a second, and p99 in ms.
async fn sixteen_connections(port: u16, case: &Case, seconds: u64) -> Result<Vec<String>> {
    let until = Instant::now() + Duration::from_secs(seconds);
    let done = Rc::new(Cell::new(0_u64));
    let local = LocalSet::new();
    let mut tasks = Vec::new();
    for connection in 0..CONNECTIONS {
        let mut client = Client::connect(port).await?;
        let requests = case.requests.clone();
        let done = Rc::clone(&done);
        tasks.push(local.spawn_local(async move {
            let mut samples = Vec::new();
            let skip = connection * requests.len() / CONNECTIONS;
            for request in requests.iter().cycle().skip(skip) {
                let started = Instant::now();
                if started >= until {
                    break;
                }
                let answer = client.send(request).await?;
                if answer.status != 200 {
                    bail!("status {}", answer.status);
                }
                samples.push(started.elapsed());
                done.set(done.get() + 1);
            }
            Ok(samples)
        }));
    }
    let mut samples: Vec<Duration> = Vec::new();
    local
        .run_until(async {
            for task in tasks {
                samples.extend(task.await??);
            }
            Ok::<_, anyhow::Error>(())
        })
        .await?;
    samples.sort_unstable();
    Ok(vec![
        format!("{:.0}", done.get() as f64 / seconds as f64),
        ms(percentile(&samples, 99.0)),
    ])
}

/// The session cookie of somebody on the development sign-in page.
pub(crate) async fn sign_in(port: u16, user: &str) -> Result<String> {
    let request = Request::post(
        "/auth/dev/sign-in",
        "application/x-www-form-urlencoded",
        &format!("user={user}&return_to=/"),
    );
    let (head, answer) = Client::connect(port).await?.exchange(&request).await?;
    match header(&head, "set-cookie").and_then(|cookie| cookie.split(';').next()) {
        Some(cookie) => Ok(cookie.to_owned()),
        None => bail!("sign-in answered {} without a cookie", answer.status),
    }
}

fn one(name: &'static str, request: Request) -> Case {
    Case {
        name,
        requests: vec![request],
    }
}
