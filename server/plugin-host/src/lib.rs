//! The sandbox plugins run in.
//!
//! [`PluginHost`] takes the bytes of a component with [`Grants`] and [`Limits`], compiles it in
//! a process of its own, links it with what was granted and nothing else, and makes calls: each
//! in a fresh instance, with every resource bounded and every error typed. What capabilities reach
//! is given by the embedder as [`Services`]. There is no WASI.
//!
//! This crate knows no manifest, no database and no HTTP server.

mod admission;
mod bindings;
mod breaker;
mod cache;
mod call;
mod capability;
mod compile;
mod digest;
mod egress;
mod engine;
mod error;
mod exports;
mod grants;
mod health;
mod host;
mod intake;
mod limits;
mod linker;
mod log;
mod memory;
mod meter;
mod observer;
mod plugin;
mod recorder;
mod services;
mod store;
mod text;
mod ticker;
mod world;

pub use call::{ActionSchema, Batch, Finding, Outcome, Position, Subject, Verdict};
pub use capability::Workspace;
pub use compile::{CompileLimits, CompilerCommand, compile_child_main};
pub use digest::Digest;
pub use egress::EgressMode;
pub use error::{CallError, LoadError};
pub use grants::{
    CatalogGrant, Grants, HttpGrant, Interface, ScmGrant, StateGrant, WorkspaceGrant,
};
pub use health::{ErrorReport, Health, Stopped};
pub use host::{HostOptions, PluginHost};
pub use limits::Limits;
pub use log::{LogLevel, LogLine, LogSink};
pub use meter::Usage;
pub use observer::{Event, Observer, Silent};
pub use plugin::{Plugin, PluginKey, PluginSpec};
pub use recorder::{Effect, Recorder};
pub use services::{
    Answer, CapabilityError, CatalogPage, CatalogQuery, CatalogReader, ChangeRequest, Connection,
    Connections, Edit, Proposal, Repositories, Scm, Services, StateEntry, StateStore,
};
pub use store::CallContext;
pub use world::World;
