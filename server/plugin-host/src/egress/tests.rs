use std::sync::atomic::{AtomicUsize, Ordering};

use http::HeaderValue;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

/// Answers with one list of addresses after another, the last one for ever.
struct Names {
    answers: Vec<Vec<&'static str>>,
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, _: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = &self.answers[asked.min(self.answers.len() - 1)];
        Ok(answer
            .iter()
            .map(|it| SocketAddr::new(it.parse().unwrap(), port))
            .collect())
    }
}

fn egress(mode: EgressMode, answers: &[&[&'static str]]) -> (Egress, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let names = Names {
        answers: answers.iter().map(|it| it.to_vec()).collect(),
        asked: Arc::clone(&asked),
    };
    (Egress::with(mode, Box::new(names)), asked)
}

fn connection(url: &str, allow_private: bool) -> Connection {
    let mut headers = HeaderMap::new();
    headers.insert(
        "authorization",
        HeaderValue::from_static("Bearer s3cret-token"),
    );
    Connection {
        base_url: url.parse().unwrap(),
        headers,
        allow_private,
    }
}

fn get(connection: &Connection) -> Outgoing {
    Outgoing {
        method: Method::GET,
        url: target(&connection.base_url, "/x").unwrap(),
        headers: HeaderMap::new(),
        body: None,
    }
}

/// Serves each of some raw answers to one connection and returns what it was asked.
async fn server(answers: Vec<Vec<u8>>) -> (u16, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.windows(4).any(|it| it == b"\r\n\r\n") {
                let mut buffer = [0; 1024];
                let read = stream.read(&mut buffer).await.unwrap();
                assert!(read > 0, "the client went away");
                request.extend_from_slice(&buffer[..read]);
            }
            requests.push(String::from_utf8(request).unwrap());
            // The client may have had enough before the end.
            let _ = stream.write_all(&answer).await;
        }
        requests
    });
    (port, serving)
}

#[tokio::test]
async fn addresses_are_vetted_in_every_dress() {
    // 38, 39: literals
    let (egress, asked) = egress(EgressMode::Enforce, &[&["140.82.121.4"]]);
    for url in [
        "https://169.254.169.254/",
        "https://[fd00:ec2::254]/",
        "https://100.100.100.200/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://0.0.0.0/",
        "https://100.64.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::]/",
        "https://[::1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://①②⑦.0.0.1/",
    ] {
        let vetted = egress.vet(&connection(url, false)).await;
        assert!(
            matches!(vetted, Err(CapabilityError::Denied(_))),
            "{url}: {vetted:?}"
        );
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
    // Not even a connection that may reach private hosts gets to metadata.
    for url in [
        "http://169.254.169.254/",
        "http://[fd00:ec2::254]/",
        "http://168.63.129.16/",
    ] {
        assert!(egress.vet(&connection(url, true)).await.is_err(), "{url}");
    }
    assert!(
        egress
            .vet(&connection("http://127.0.0.1:8080/", true))
            .await
            .is_ok()
    );
    assert!(
        egress
            .vet(&connection("https://example.com", false))
            .await
            .is_ok()
    );
    assert!(
        egress
            .vet(&connection("http://example.com", false))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn names_are_judged_by_what_they_lead_to() {
    // 38, 40
    for answer in [
        "169.254.169.254",
        "127.0.0.1",
        "10.1.2.3",
        "::ffff:10.1.2.3",
        "fd00:ec2::254",
    ] {
        let (egress, _) = egress(EgressMode::Enforce, &[&[answer]]);
        for url in [
            "https://metadata.google.internal",
            "https://EXAMPLE.com.",
            "https://localhost",
        ] {
            let vetted = egress.vet(&connection(url, false)).await;
            assert!(
                matches!(vetted, Err(CapabilityError::Denied(_))),
                "{url} {answer}"
            );
        }
    }
    // Of several addresses only those that are allowed are used.
    let (egress, _) = egress(EgressMode::Enforce, &[&["10.0.0.1", "140.82.121.4"]]);
    let vetted = egress
        .vet(&connection("https://example.com", false))
        .await
        .unwrap();
    assert_eq!(vetted.addresses, ["140.82.121.4:443".parse().unwrap()]);
}

#[tokio::test]
async fn counting_tells_what_enforcing_would_refuse() {
    let (egress, _) = egress(EgressMode::Count, &[&["10.0.0.1"], &["169.254.169.254"]]);
    let connection = connection("https://example.com", false);
    let vetted = egress.vet(&connection).await.unwrap();
    assert_eq!(vetted.counted.as_deref(), Some("10.0.0.1"));
    assert!(
        egress.vet(&connection).await.is_err(),
        "metadata is never counted only"
    );
}

#[tokio::test]
async fn a_second_answer_of_the_resolver_is_not_asked_for() {
    // 41: the name leads here first, and somewhere without a server afterwards.
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec();
    let (port, serving) = server(vec![answer]).await;
    let (egress, asked) = egress(EgressMode::Enforce, &[&["127.0.0.1"], &["192.0.2.1"]]);
    let connection = connection(&format!("http://rebinding.example:{port}"), true);
    let vetted = egress.vet(&connection).await.unwrap();
    let answer = egress
        .send(&connection, &vetted, get(&connection), 100)
        .await
        .unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (200, b"ok".as_slice())
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    let request = serving.await.unwrap().remove(0).to_lowercase();
    assert!(request.contains("authorization: bearer s3cret-token"));
    assert!(request.contains(&format!("host: rebinding.example:{port}")));
}

#[tokio::test]
async fn redirects_are_answers_like_any_other() {
    // 42
    let answer =
        b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n";
    let (port, serving) = server(vec![answer.to_vec()]).await;
    let (egress, _) = egress(EgressMode::Enforce, &[&["127.0.0.1"]]);
    let connection = connection(&format!("http://example.test:{port}"), true);
    let vetted = egress.vet(&connection).await.unwrap();
    let answer = egress
        .send(&connection, &vetted, get(&connection), 100)
        .await
        .unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(serving.await.unwrap().len(), 1);
}

#[tokio::test]
async fn answers_are_bounded() {
    // 43: too long, without an end, too many headers, cut off
    let long = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'x'; 10_000]].concat();
    let chunked = [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice(),
        &b"400\r\n"
            .iter()
            .chain(&[b'x'; 0x400])
            .chain(b"\r\n")
            .copied()
            .collect::<Vec<_>>()
            .repeat(50),
    ]
    .concat();
    let headers = [
        b"HTTP/1.1 200 OK\r\n".as_slice(),
        &b"x-a: b\r\n".repeat(100_000),
        b"\r\n",
    ]
    .concat();
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx".to_vec();
    let nonsense = b"hello\r\n\r\n".to_vec();
    let (port, _serving) = server(vec![long, chunked, headers, cut, nonsense]).await;
    let (egress, _) = egress(EgressMode::Enforce, &[&["127.0.0.1"]]);
    let connection = connection(&format!("http://example.test:{port}"), true);
    for expected in [
        "too much",
        "too much",
        "unavailable",
        "unavailable",
        "unavailable",
    ] {
        let vetted = egress.vet(&connection).await.unwrap();
        let answer = egress
            .send(&connection, &vetted, get(&connection), 5_000)
            .await;
        let error = answer.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn what_counts_is_the_decoded_size() {
    // 43: 1 MB of zeros in a kilobyte
    let zeros = include_bytes!("zeros.gz");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        zeros.len()
    );
    let (port, _serving) = server(vec![[head.as_bytes(), zeros].concat()]).await;
    let (egress, _) = egress(EgressMode::Enforce, &[&["127.0.0.1"]]);
    let connection = connection(&format!("http://example.test:{port}"), true);
    let vetted = egress.vet(&connection).await.unwrap();
    let answer = egress
        .send(&connection, &vetted, get(&connection), 100_000)
        .await;
    assert!(
        matches!(answer, Err(CapabilityError::TooMuch(_))),
        "{answer:?}"
    );
}
