//! `http`: requests through connections.

use http::Method;

use super::Guest;
use crate::bindings::portico::plugin::http::{Host, Request, Response};
use crate::egress::{Incoming, Outgoing, request_headers, target};
use crate::recorder::Effect;
use crate::services::{Answer, CapabilityError, Connection};
use crate::store::{CallState, invalid, not_offered, too_much};
use crate::{Event, Interface};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// What a dry run is told about a request that was not sent: accepted.
const NOT_SENT: u16 = 202;

impl Host for CallState {
    async fn send(&mut self, request: Request) -> Guest<Response> {
        let limit = self.plugin.limits.http();
        // One deadline over everything: the name, the connection, the last byte.
        let sent = tokio::time::timeout(limit, self.http(request)).await;
        let late = || Err(CapabilityError::Unavailable("no answer in time".into()));
        let answer = sent.unwrap_or_else(|_| late());
        Ok(answer.map(Response::from).map_err(Into::into))
    }
}

impl CallState {
    async fn http(&mut self, request: Request) -> Answer<Incoming> {
        self.count_request()?;
        let name = request.connection.clone();
        let granted = self.plugin.grants.http.as_ref();
        if !granted.is_some_and(|it| it.allows(&name)) {
            return Err(self.denied(Interface::Http, &format!("the connection {name:?}")));
        }
        let connections = self.plugin.services.connections.clone();
        let connections = connections.ok_or_else(|| not_offered("connection"))?;
        let connection = connections.connection(&self.plugin.key, &name).await?;
        let path = request.path.clone();
        let outgoing = self.outgoing(request, &connection)?;
        if let Some(recorder) = self.recorder_for(&outgoing.method) {
            recorder.record(Effect::Http {
                connection: name,
                method: outgoing.method.to_string(),
                path: crate::text::line(&path, 2_000),
                body_bytes: outgoing.body.as_ref().map_or(0, |it| it.len() as u64),
            });
            return Ok(Incoming {
                status: NOT_SENT,
                headers: Vec::new(),
                body: Vec::new(),
            });
        }
        self.send_vetted(&name, &connection, outgoing).await
    }

    async fn send_vetted(
        &mut self,
        name: &str,
        connection: &Connection,
        outgoing: Outgoing,
    ) -> Answer<Incoming> {
        let egress = self.plugin.egress.clone();
        let vetted = match egress.vet(connection).await {
            Ok(vetted) => vetted,
            Err(CapabilityError::Denied(why)) => {
                // Where it leads to is for the audit log; a plugin could map a network by it.
                self.denied(Interface::Http, &format!("{name}: {why}"));
                let what = format!("http: the address of {name:?} is not allowed");
                return Err(CapabilityError::Denied(what));
            }
            Err(error) => return Err(error),
        };
        if let Some(addresses) = &vetted.counted {
            let what = format!("{name} leads to {addresses}");
            let event = Event::WouldDeny { what };
            self.plugin.services.observer.event(&self.plugin.key, event);
        }
        self.usage.http_bytes += outgoing.body.as_ref().map_or(0, |it| it.len() as u64);
        let limit = self.plugin.limits.http_bytes;
        let incoming = egress.send(connection, &vetted, outgoing, limit).await?;
        self.usage.http_bytes += incoming.body.len() as u64;
        Ok(incoming)
    }

    fn count_request(&mut self) -> Answer<()> {
        self.count_host_call()?;
        self.usage.http_requests += 1;
        let limit = self.plugin.limits.http_requests;
        match self.usage.http_requests > limit {
            true => Err(too_much(format!("more than {limit} requests"))),
            false => Ok(()),
        }
    }

    fn outgoing(&self, request: Request, connection: &Connection) -> Answer<Outgoing> {
        let method = METHODS.into_iter().find(|it| it.as_str() == request.method);
        let limit = self.plugin.limits.http_bytes;
        if request
            .body
            .as_ref()
            .is_some_and(|it| it.len() as u64 > limit)
        {
            return Err(too_much(format!("a body has at most {limit} bytes")));
        }
        Ok(Outgoing {
            method: method.ok_or_else(|| invalid("the method is not one for plugins"))?,
            url: target(&connection.base_url, &request.path)?,
            headers: request_headers(&request.headers, connection)?,
            body: request.body,
        })
    }

    /// The recorder, when this is a dry run and the method changes something.
    fn recorder_for(&self, method: &Method) -> Option<&crate::Recorder> {
        self.context.dry_run.as_ref().filter(|_| !method.is_safe())
    }
}

impl From<Incoming> for Response {
    fn from(it: Incoming) -> Self {
        Self {
            status: it.status,
            headers: it.headers,
            body: it.body,
        }
    }
}
