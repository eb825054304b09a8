//! Serving connections, with bounds on how slowly and how much a peer may send before it is known
//! what it wants.

use std::{convert::Infallible, net::SocketAddr, time::Duration};

use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// Request line and headers together; more is answered with 431.
const HEADER_BYTES: usize = 64 * 1024;

/// A peer with HTTP/2 that does not answer a ping for this long is gone.
const PING_TIMEOUT: Duration = Duration::from_secs(20);
const PING_EVERY: Duration = Duration::from_secs(30);

/// What every HTTP/2 connection begins with.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How long to wait for the rest of a preface before looking again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// After a failure to accept, such as too many open files.
const RECOVER: Duration = Duration::from_millis(500);

/// Serves `app` until `stop`, then finishes what is in flight. A peer has `header_timeout` to
/// send the headers of a request.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    header_timeout: Duration,
    stop: CancellationToken,
) {
    let builder = builder(header_timeout);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection is not accepted");
                tokio::time::sleep(RECOVER).await;
                continue;
            }
        };
        let (app, builder, watcher) = (app.clone(), builder.clone(), graceful.watcher());
        let stop = stop.clone();
        tokio::spawn(async move {
            // Small answers should leave at once.
            let _ = stream.set_nodelay(true);
            let begun = tokio::select! {
                begun = tokio::time::timeout(header_timeout, begun(&stream)) => begun,
                // Who has asked for nothing yet does not hold up the end.
                () = stop.cancelled() => return,
            };
            if !matches!(begun, Ok(Ok(()))) {
                return;
            }
            let service = service_fn(move |request| answer(app.clone(), peer, request));
            let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
            if let Err(error) = watcher.watch(connection.into_owned()).await {
                tracing::debug!(%peer, %error, "a connection ended");
            }
        });
    }
    drop(listener);
    graceful.shutdown().await;
}

fn builder(header_timeout: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(HEADER_BYTES);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(HEADER_BYTES as u32)
        .keep_alive_interval(PING_EVERY)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}

/// Waits until it is clear which version of HTTP the peer speaks: no timeout of the server
/// counts before.
async fn begun(stream: &TcpStream) -> std::io::Result<()> {
    let mut head = [0; PREFACE.len()];
    loop {
        let read = stream.peek(&mut head).await?;
        let seen = head.get(..read).unwrap_or_default();
        if read == 0 || read == PREFACE.len() || !PREFACE.starts_with(seen) {
            return Ok(());
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

async fn answer(
    app: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<axum::response::Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(ConnectInfo(peer));
    app.oneshot(request).await
}
