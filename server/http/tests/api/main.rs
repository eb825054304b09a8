//! The API as its clients meet it: requests in, answers out, on both databases.

mod access;
mod entities;
mod golden;
mod locations;
mod operations;
mod search;
mod settings;
mod support;
mod validation;
mod webhooks;
