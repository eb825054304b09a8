//! Hostile peers on a connection that is granted and leads to a private address, as the
//! platform team allowed it: real sockets, through a guest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::attacks::resident;
use crate::guests::{ActionText, action, host_with, plain_grants, spec};
use async_trait::async_trait;
use parking_lot::Mutex;
use portico_plugin_host::{
    Answer, CallContext, Connection, Connections, Grants, HttpGrant, Limits, PluginKey, Services,
    World,
};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What the guest returns: 0 for an answer, else 1 and the number of the error's case.
const ANSWERED: u64 = 0;
const TOO_MUCH: u64 = 1 + 3;
const UNAVAILABLE: u64 = 1 + 5;

const HTTP_MS: u64 = 1_000;
const HTTP_BYTES: u64 = 512 << 10;
/// The memory of this process that one answer may cost, its copies and buffers included.
const GROWTH: u64 = 64 << 20;

/// Asks the connection for `/x` and returns how that ended, as one digit.
const ASKING: ActionText<'static> = ActionText {
    imports: r#"(import "portico:plugin/http@1.0.0" "send" (func $send
        (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
        (data (i32.const 1000) "peerGET/x")"#,
    attack: "(call $send (i32.const 1000) (i32.const 4) (i32.const 1004) (i32.const 3)
        (i32.const 1007) (i32.const 2) (i32.const 0) (i32.const 0)
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 2048))
        (i32.store8 (i32.const 2100) (i32.add (i32.const 48) (i32.mul
            (i32.load8_u (i32.const 2048)) (i32.add (i32.const 1) (i32.load8_u (i32.const 2052))))))
        (i32.store8 (i32.const 0) (i32.const 0)) (i32.store (i32.const 4) (i32.const 2100))
        (i32.store (i32.const 8) (i32.const 1)) (return (i32.const 0))",
    items: "",
    realloc: "",
    schema: "",
};

/// What a peer does once it was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    Healthy,
    /// Never says a word.
    Silent,
    /// One byte of a header at a time, without an end.
    DripsHeaders,
    /// One byte of the body at a time, without an end.
    DripsBody,
    /// Chunks without an end.
    Endless,
    /// Says it has 10 GB, and sends them.
    Huge,
    /// A thousand times more than it sends.
    Bomb,
    /// A hundred thousand headers.
    Headers,
}

/// A peer whose manners change, and the connection to it.
struct Peer {
    port: u16,
    manner: Arc<Mutex<Manner>>,
}

impl Peer {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let manner = Arc::new(Mutex::new(Manner::Healthy));
        let current = Arc::clone(&manner);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // That the other side goes away is what should happen.
                tokio::spawn(answer(stream, *current.lock()));
            }
        });
        Self { port, manner }
    }
}

#[async_trait]
impl Connections for Peer {
    async fn connection(&self, _: &PluginKey, _: &str) -> Answer<Connection> {
        // A name of its own each time keeps an open connection from being used again.
        let manner = format!("{:?}", self.manner.lock()).to_lowercase();
        Ok(Connection {
            base_url: format!("http://127.0.0.1:{}/{manner}", self.port)
                .parse()
                .unwrap(),
            headers: http::HeaderMap::new(),
            allow_private: true,
        })
    }
}

async fn answer(mut stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let mut request = [0; 4_096];
    let _ = stream.read(&mut request).await?;
    let zeros = vec![0_u8; 64 << 10];
    match manner {
        Manner::Healthy => {
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
            stream.write_all(answer).await
        }
        Manner::Silent => std::future::pending().await,
        Manner::DripsHeaders => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nX-A: ").await?;
            drip(&mut stream).await
        }
        Manner::DripsBody => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
            drip(&mut stream).await
        }
        Manner::Endless => {
            let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            stream.write_all(head).await?;
            loop {
                stream.write_all(b"10000\r\n").await?;
                stream.write_all(&zeros).await?;
                stream.write_all(b"\r\n").await?;
            }
        }
        Manner::Huge => {
            let head = b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n";
            stream.write_all(head).await?;
            loop {
                stream.write_all(&zeros).await?;
            }
        }
        Manner::Bomb => {
            let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
            stream.write_all(head).await?;
            stream
                .write_all(include_bytes!("../../src/egress/zeros.gz"))
                .await
        }
        Manner::Headers => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").await?;
            stream.write_all(&b"x-a: b\r\n".repeat(100_000)).await?;
            stream.write_all(b"\r\n").await
        }
    }
}

/// A byte every tenth of the time that a request may take.
async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut ticks = tokio::time::interval(Duration::from_millis(HTTP_MS / 10));
    loop {
        ticks.tick().await;
        stream.write_all(b"a").await?;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_peer_does_ends_in_time_and_in_an_error_the_plugin_can_handle() {
    // 43
    let peer = Arc::new(Peer::start().await);
    let manner = Arc::clone(&peer.manner);
    let host = host_with(Services {
        connections: Some(peer),
        ..Services::default()
    });
    let mut spec = spec(World::ScaffolderAction, action(ASKING));
    spec.grants = Grants {
        http: Some(HttpGrant {
            connections: vec!["peer".into()],
        }),
        ..plain_grants()
    };
    spec.limits = Limits {
        http_ms: HTTP_MS,
        http_bytes: HTTP_BYTES,
        ..spec.limits
    };
    let plugin = host.load(spec).await.unwrap();
    for (next, expected) in [
        (Manner::Healthy, ANSWERED),
        (Manner::Silent, UNAVAILABLE),
        (Manner::DripsHeaders, UNAVAILABLE),
        (Manner::DripsBody, UNAVAILABLE),
        (Manner::Endless, TOO_MUCH),
        (Manner::Huge, TOO_MUCH),
        (Manner::Bomb, TOO_MUCH),
        (Manner::Headers, UNAVAILABLE),
    ] {
        *manner.lock() = next;
        let (began, before) = (Instant::now(), resident());
        let outcome = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        assert_eq!(outcome.result, Ok(json!(expected)), "{next:?}");
        let elapsed = began.elapsed();
        // Other tests may run at the same time.
        assert!(
            elapsed < Duration::from_millis(4 * HTTP_MS),
            "{next:?}: {elapsed:?}"
        );
        let grown = resident().saturating_sub(before);
        assert!(grown < GROWTH, "{next:?}: {grown} bytes");
        *manner.lock() = Manner::Healthy;
        let healthy = host
            .call_action(&plugin, CallContext::default(), &json!(1))
            .await;
        assert_eq!(healthy.result, Ok(json!(ANSWERED)), "after {next:?}");
    }
    assert_eq!(plugin.health().faults, 0);
}
