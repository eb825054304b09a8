//! Linkers: one for each set of interfaces, so that what is not granted is not there.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::Mutex;
use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use crate::Interface;
use crate::bindings::portico::plugin as wit;
use crate::store::CallState;

type Linkers = HashMap<BTreeSet<Interface>, Arc<Linker<CallState>>>;

/// Linkers that were needed until now; there are few sets.
pub(crate) struct LinkerCache(Mutex<Linkers>);

impl LinkerCache {
    pub(crate) fn new() -> Self {
        Self(Mutex::default())
    }

    pub(crate) fn of(
        &self,
        engine: &Engine,
        interfaces: BTreeSet<Interface>,
    ) -> wasmtime::Result<Arc<Linker<CallState>>> {
        if let Some(linker) = self.0.lock().get(&interfaces) {
            return Ok(Arc::clone(linker));
        }
        let linker = Arc::new(link(engine, &interfaces)?);
        self.0.lock().insert(interfaces, Arc::clone(&linker));
        Ok(linker)
    }
}

fn link(engine: &Engine, interfaces: &BTreeSet<Interface>) -> wasmtime::Result<Linker<CallState>> {
    type Own = HasSelf<CallState>;
    let mut linker = Linker::new(engine);
    let to = &mut linker;
    for interface in interfaces {
        match interface {
            Interface::Catalog => wit::catalog::add_to_linker::<_, Own>(to, |it| it),
            Interface::Clock => wit::clock::add_to_linker::<_, Own>(to, |it| it),
            Interface::Config => wit::config::add_to_linker::<_, Own>(to, |it| it),
            Interface::Http => wit::http::add_to_linker::<_, Own>(to, |it| it),
            Interface::Log => wit::log::add_to_linker::<_, Own>(to, |it| it),
            Interface::Random => wit::random::add_to_linker::<_, Own>(to, |it| it),
            Interface::Repository => wit::repository::add_to_linker::<_, Own>(to, |it| it),
            Interface::Scm => wit::scm::add_to_linker::<_, Own>(to, |it| it),
            Interface::State => wit::state::add_to_linker::<_, Own>(to, |it| it),
            Interface::Workspace => wit::workspace::add_to_linker::<_, Own>(to, |it| it),
        }?;
    }
    Ok(linker)
}
