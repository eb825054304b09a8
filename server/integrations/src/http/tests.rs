//! The discipline, against misbehaving hosts.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use axum::response::Redirect;
use axum::routing::get;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use super::*;
use crate::fakes::serve;

async fn fetch(http: &Http, url: &str) -> Result<Answer, HostError> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::from_static("Bearer secret"));
    let url: Url = url.parse().unwrap();
    let lane = crate::host_of(&url);
    http.send(Request {
        target: "the target",
        method: Method::GET,
        url,
        lane,
        headers,
        body: None,
        repeat: Repeat::Always,
        patient: false,
        trusted: true,
    })
    .await
}

#[tokio::test]
async fn server_errors_are_tried_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let flaky = move || async move {
        if count.fetch_add(1, Ordering::SeqCst) < 2 {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::OK
        }
    };
    let address = serve(Router::new().route("/", get(flaky))).await;
    let http = Http::new();
    assert_eq!(
        fetch(&http, &format!("http://{address}/"))
            .await
            .unwrap()
            .status,
        StatusCode::OK
    );
    assert_eq!(calls.load(Ordering::SeqCst), 3);
    calls.store(0, Ordering::SeqCst);
    let gone = serve(Router::new().fallback(|| async { StatusCode::BAD_GATEWAY })).await;
    let error = fetch(&http, &format!("http://{gone}/")).await.unwrap_err();
    assert!(
        error.to_string().contains("the host answered 502"),
        "{error}"
    );
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_given_up() {
    let silent = || async { std::future::pending::<()>().await };
    let address = serve(Router::new().fallback(silent)).await;
    let http = Http::with_timeout(Duration::from_millis(100));
    let error = fetch(&http, &format!("http://{address}/"))
        .await
        .unwrap_err();
    assert!(matches!(error, HostError::Timeout { .. }), "{error}");
}

#[tokio::test]
async fn a_closed_port_is_told() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = fetch(&Http::new(), &format!("http://{address}/"))
        .await
        .unwrap_err();
    assert!(error.to_string().starts_with("the target: "), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let endless = || async {
        let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20]));
        Body::from_stream(chunks)
    };
    let address = serve(Router::new().fallback(endless)).await;
    let error = fetch(&Http::new(), &format!("http://{address}/"))
        .await
        .unwrap_err();
    let expected = HostError::TooLarge {
        target: "the target".to_owned(),
        limit_bytes: MAX_BYTES,
    };
    assert_eq!(error, expected);
}

#[tokio::test]
async fn redirects_keep_credentials_on_their_host() {
    let other = serve(Router::new().fallback(|| async { "elsewhere" })).await;
    let echo = |headers: HeaderMap| async move {
        let given = headers.get(AUTHORIZATION);
        given
            .and_then(|it| it.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let away = format!("http://{other}/");
    let router = Router::new()
        .route("/moved", get(|| async { Redirect::permanent("/echo") }))
        .route("/echo", get(echo))
        .route("/circle", get(|| async { Redirect::temporary("/circle") }))
        .route(
            "/away",
            get(move || async move { Redirect::temporary(&away) }),
        );
    let address = serve(router).await;
    let http = Http::new();
    let url = |path: &str| format!("http://{address}{path}");
    assert_eq!(
        fetch(&http, &url("/moved")).await.unwrap().body,
        b"Bearer secret"
    );
    let away = fetch(&http, &url("/away")).await.unwrap();
    assert_eq!(away.redirect(), Some(format!("http://{other}/").as_str()));
    let circle = fetch(&http, &url("/circle")).await.unwrap_err();
    assert!(circle.to_string().contains("in circles"), "{circle}");
}

#[tokio::test]
async fn few_requests_run_at_a_host_at_once() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (Arc::clone(&running), Arc::clone(&most));
    let slow = move || async move {
        peak.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        // Others get the chance to come in while this one is here.
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        now.fetch_sub(1, Ordering::SeqCst);
    };
    let address = serve(Router::new().fallback(slow)).await;
    let http = Http::new();
    let url = format!("http://{address}/");
    futures::future::join_all((0..40).map(|_| fetch(&http, &url))).await;
    let most = most.load(Ordering::SeqCst);
    assert!((1..=8).contains(&most), "{most}");
}

/// A host whose first answers are these, and its count of requests.
async fn answering(first: Vec<StatusCode>) -> (String, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let answer = move |body: String| async move {
        let status = first.get(count.fetch_add(1, Ordering::SeqCst));
        let status = status.copied().unwrap_or(StatusCode::CREATED);
        let limited = status == StatusCode::TOO_MANY_REQUESTS;
        let headers = limited.then_some([("retry-after", "1")]);
        (status, headers.unwrap_or([("x-none", "")]), body)
    };
    let address = serve(Router::new().fallback(answer)).await;
    (format!("http://{address}/"), calls)
}

async fn post(url: &str, patient: bool) -> Result<Answer, HostError> {
    let url: Url = url.parse().unwrap();
    let request = Request {
        target: "the target",
        method: Method::POST,
        lane: crate::host_of(&url),
        url,
        headers: HeaderMap::new(),
        body: Some(super::Body::json(&serde_json::json!({"one": 1}))),
        repeat: Repeat::Unsent,
        patient,
        trusted: true,
    };
    Http::new().send(request).await
}

#[tokio::test]
async fn what_cannot_be_done_twice_is_sent_once() {
    let (url, calls) = answering(vec![StatusCode::BAD_GATEWAY]).await;
    let error = post(&url, true).await.unwrap_err();
    assert!(error.to_string().contains("answered 502"), "{error}");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let answer = post(&url, true).await.unwrap();
    assert_eq!(answer.body, br#"{"one":1}"#);
}

#[tokio::test]
async fn who_is_patient_waits_for_a_host_that_limits_the_rate() {
    let limited = vec![StatusCode::TOO_MANY_REQUESTS];
    let (url, calls) = answering(limited.clone()).await;
    let started = SystemTime::now();
    assert_eq!(post(&url, true).await.unwrap().status, StatusCode::CREATED);
    assert_eq!(
        calls.load(Ordering::SeqCst),
        2,
        "it was refused, so it was not done"
    );
    assert!(started.elapsed().unwrap() >= Duration::from_millis(900));
    let (url, _) = answering(limited).await;
    let error = post(&url, false).await.unwrap_err();
    assert!(matches!(error, HostError::RateLimited { .. }), "{error}");
}
