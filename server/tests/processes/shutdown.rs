//! Stopping: requests in flight are finished, and do not keep the portal for ever.

use std::{fs, path::Path, time::Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::portal::Portal;

async fn portal(folder: &Path, grace: &str) -> Portal {
    fs::create_dir_all(folder.join("site/pkg")).unwrap();
    let config = format!("backend: {{ listen: 127.0.0.1:0, shutdownGrace: {grace} }}\n");
    fs::write(folder.join("portico.yaml"), config).unwrap();
    let portal = Portal::start(folder);
    portal.ready().await;
    portal
}

/// Begins to hand in a plugin of four bytes, and waits until the portal reads the body.
async fn begin(portal: &Portal) -> TcpStream {
    let address = portal.url().strip_prefix("http://").unwrap();
    let mut peer = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /api/plugins/submissions HTTP/1.1\r\nhost: {address}\r\ncontent-length: 4\r\n\
         content-type: application/wasm\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    );
    peer.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 25];
    peer.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 100 Continue\r\n\r\n");
    peer
}

#[tokio::test]
async fn a_request_that_never_ends_is_dropped_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "500ms").await;
    let mut peer = begin(&portal).await;
    let started = Instant::now();
    portal.terminate();
    let (ended, log) = portal.end().await;
    assert!(ended.success(), "{ended}: {log}");
    assert!(started.elapsed().as_millis() >= 500, "it had its time");
    assert!(log.contains("shutdownGrace is over"), "{log}");
    assert!(log.contains("requests=1"), "{log}");
    let mut rest = Vec::new();
    // Closed or reset: there is no answer any more.
    let _ = peer.read_to_end(&mut rest).await;
    assert_eq!(rest, b"");
}

#[tokio::test]
async fn a_request_in_flight_is_answered_before_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let portal = portal(folder.path(), "60s").await;
    let mut peer = begin(&portal).await;
    portal.terminate();
    // It takes no new ones from then on.
    let address = portal.url().strip_prefix("http://").unwrap().to_owned();
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    peer.write_all(b"none").await.unwrap();
    let mut answer = String::new();
    peer.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
    let (ended, log) = portal.end().await;
    assert!(ended.success(), "{ended}: {log}");
    assert!(!log.contains("shutdownGrace is over"), "{log}");
}
