//! The portal UI.
