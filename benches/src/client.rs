//! A minimal HTTP/1.1 client on one connection: as little work as possible beside the
//! server that is measured on the same machine.

use anyhow::{Context as _, Result, bail};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// One keep-alive connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// A request, ready to be sent.
#[derive(Clone)]
pub(crate) struct Request(Vec<u8>);

impl Request {
    /// `GET path`.
    pub(crate) fn get(path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").into_bytes())
    }

    /// `GET path` as somebody who is signed in.
    pub(crate) fn get_as(path: &str, cookie: &str) -> Self {
        let text = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n"
        );
        Self(text.into_bytes())
    }

    /// The same as somebody who is signed in, from a page of the portal.
    #[must_use]
    pub(crate) fn signed_in(self, cookie: &str) -> Self {
        let Some(line) = find(&self.0, b"\r\n") else {
            return self;
        };
        let (first, rest) = self.0.split_at(line + 2);
        let who = format!("cookie: {cookie}\r\nsec-fetch-site: same-origin\r\n");
        Self([first, who.as_bytes(), rest].concat())
    }

    /// `POST path` with a body.
    pub(crate) fn post(path: &str, content_type: &str, body: &str) -> Self {
        Self::post_bytes(path, content_type, body.as_bytes())
    }

    /// `POST path` with a body that is no text.
    pub(crate) fn post_bytes(path: &str, content_type: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: {content_type}\r\n\
             content-length: {length}\r\n\r\n"
        );
        Self([head.as_bytes(), body].concat())
    }
}

impl Client {
    /// Connects to a port of this machine.
    pub(crate) async fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(512 * 1024),
        })
    }

    /// Sends a request and reads the whole answer. Also returns the answer's head.
    pub(crate) async fn exchange(&mut self, request: &Request) -> Result<(String, Answer)> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        let head_end = self.read_until_head_ends().await?;
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .context("no status line")?;
        let body = if header(&head, "transfer-encoding").is_some() {
            self.read_chunks(head_end).await?
        } else {
            let length = header(&head, "content-length").and_then(|text| text.parse().ok());
            self.read_length(head_end, length.unwrap_or(0)).await?
        };
        Ok((head, Answer { status, body }))
    }

    /// Sends a request; the answer alone.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer> {
        Ok(self.exchange(request).await?.1)
    }

    async fn read_until_head_ends(&mut self) -> Result<usize> {
        loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                return Ok(at + 4);
            }
            self.read_more().await?;
        }
    }

    async fn read_length(&mut self, from: usize, length: usize) -> Result<Vec<u8>> {
        while self.buffer.len() < from + length {
            self.read_more().await?;
        }
        Ok(self.buffer[from..from + length].to_vec())
    }

    async fn read_chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                if let Some(end) = find(&self.buffer[at..], b"\r\n") {
                    break at + end;
                }
                self.read_more().await?;
            };
            let size = std::str::from_utf8(&self.buffer[at..line_end])?;
            let size = usize::from_str_radix(size.trim(), 16).context("not a chunk size")?;
            at = line_end + 2;
            while self.buffer.len() < at + size + 2 {
                self.read_more().await?;
            }
            body.extend_from_slice(&self.buffer[at..at + size]);
            at += size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    async fn read_more(&mut self) -> Result<()> {
        self.buffer.reserve(64 * 1024);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// The value of a header in an answer's head.
pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
