//! The one icon set: 24-unit stroke icons, drawn inline.
//!
//! The shapes are a hand-picked part of Lucide (ISC licence, see
//! `style/licenses/lucide.txt`). Only what is used is here, because every byte
//! travels to the browser.

use leptos::prelude::*;

/// The enum of icons from a list of names and shapes.
macro_rules! icons {
    ($($name:ident $shapes:literal,)*) => {
        /// The shapes there are, named as in Lucide.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the name is the documentation")]
        pub enum Icon {
            $($name,)*
        }

        impl Icon {
            /// Every icon, for the component page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The content of the icon's `<svg>`.
            pub(super) fn shapes(self) -> &'static str {
                match self {
                    $(Self::$name => $shapes,)*
                }
            }
        }
    };
}

mod shapes;

pub use shapes::Icon;

/// An icon at text size (16 px), or `size` px. Decorative: the control or the
/// text beside it carries the name. Its strokes are in the style sheet, because a table
/// has hundreds of icons.
#[component]
pub fn Icon(
    /// Which shape.
    icon: Icon,
    /// Width and height in px.
    #[prop(default = 16)]
    size: u8,
) -> impl IntoView {
    view! {
        <svg
            class="icon"
            width=size
            height=size
            viewBox="0 0 24 24"
            aria-hidden="true"
            inner_html=icon.shapes()
        ></svg>
    }
}
