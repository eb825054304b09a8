//! Extractors: who asks, and for what.

mod caller;
mod entity_path;
mod json_body;
mod query;
mod request_id;
mod segments;
mod task_depth;
mod uid;

pub(crate) use caller::Caller;
pub(crate) use entity_path::{EntityPath, EntityPathParams};
pub(crate) use json_body::{JsonBody, body_error};
pub(crate) use query::Query;
pub(crate) use request_id::{RequestId, X_REQUEST_ID};
pub(crate) use segments::Segments;
pub(crate) use task_depth::TaskDepth;
pub(crate) use uid::UidPath;
