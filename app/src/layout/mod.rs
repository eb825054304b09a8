//! The frame around every page: side bar, top bar, and what floats over both.

mod crumbs;
mod frame;
mod me_menu;
mod places;
mod sidebar;
mod top_bar;

pub use frame::{Chrome, Frame};
pub(crate) use sidebar::Logo;
