//! Portico, the internal developer portal.
fn main() {}
