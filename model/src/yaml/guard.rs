//! An input that ends early when the scanner buffers too much.
//!
//! The scanner cannot tell whether `[…]` or `{…}` is a key before it has read
//! all of it, so it holds every token of it in memory: hundreds of bytes for
//! each byte of a hostile file. Each token takes at least one `lookahead`, the
//! call that must come before any character is read; counting those between
//! two events bounds what is held.

use std::{cell::Cell, rc::Rc};

use saphyr_parser::{Input, StrInput, input::SkipTabs};

/// Lookaheads allowed between two events: a few million characters of text.
const MOST: usize = 4_000_000;

/// Tells the guarded input that an event arrived, and asks whether it gave up.
#[derive(Clone, Default)]
pub struct Watch(Rc<Cell<usize>>);

impl Watch {
    /// The scanner let go of what it held.
    pub fn event(&self) {
        if !self.gave_up() {
            self.0.set(0);
        }
    }

    /// Whether the input was cut short.
    pub fn gave_up(&self) -> bool {
        self.0.get() > MOST
    }
}

/// A text that ends early when `watch` sees no event for too long.
pub struct Guarded<'a> {
    text: StrInput<'a>,
    watch: Watch,
}

impl<'a> Guarded<'a> {
    pub fn new(text: &'a str, watch: Watch) -> Self {
        Self {
            text: StrInput::new(text),
            watch,
        }
    }
}

/// Hands the calls on, so that the fast paths for text are kept.
macro_rules! hand_on {
    ($(fn $name:ident(&self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => {
        $(
            #[inline]
            fn $name(&self $(, $arg: $type)*) -> $out {
                self.text.$name($($arg),*)
            }
        )*
    };
    ($(fn $name:ident(&mut self $(, $arg:ident: $type:ty)*) -> $out:ty;)*) => {
        $(
            #[inline]
            fn $name(&mut self $(, $arg: $type)*) -> $out {
                self.text.$name($($arg),*)
            }
        )*
    };
}

impl Input for Guarded<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        let held = self.watch.0.get() + 1;
        self.watch.0.set(held);
        if held > MOST {
            self.text = StrInput::new("");
        }
        self.text.lookahead(count);
    }

    #[inline]
    fn look_ch(&mut self) -> char {
        self.lookahead(1);
        self.text.peek()
    }

    hand_on! {
        fn buflen(&self) -> usize;
        fn bufmaxlen(&self) -> usize;
        fn buf_is_empty(&self) -> bool;
        fn peek(&self) -> char;
        fn peek_nth(&self, n: usize) -> char;
        fn peek_opt(&self) -> Option<char>;
        fn next_char_is(&self, c: char) -> bool;
        fn nth_char_is(&self, n: usize, c: char) -> bool;
        fn next_2_are(&self, c1: char, c2: char) -> bool;
        fn next_3_are(&self, c1: char, c2: char, c3: char) -> bool;
        fn next_is_document_indicator(&self) -> bool;
        fn next_is_document_start(&self) -> bool;
        fn next_is_document_end(&self) -> bool;
        fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool;
        fn next_is_blank_or_break(&self) -> bool;
        fn next_is_blank_or_breakz(&self) -> bool;
        fn next_is_blank(&self) -> bool;
        fn next_is_break(&self) -> bool;
        fn next_is_breakz(&self) -> bool;
        fn next_is_z(&self) -> bool;
        fn next_is_flow(&self) -> bool;
        fn next_is_digit(&self) -> bool;
        fn next_is_alpha(&self) -> bool;
    }

    hand_on! {
        fn raw_read_ch(&mut self) -> char;
        fn raw_read_non_breakz_ch(&mut self) -> Option<char>;
        fn skip(&mut self) -> ();
        fn skip_n(&mut self, count: usize) -> ();
        fn skip_ws_to_eol(
            &mut self,
            skip_tabs: SkipTabs
        ) -> (usize, Result<SkipTabs, &'static str>);
        fn skip_while_non_breakz(&mut self) -> usize;
        fn skip_while_blank(&mut self) -> usize;
        fn fetch_while_is_alpha(&mut self, out: &mut String) -> usize;
        fn fetch_while_is_yaml_non_space(&mut self, out: &mut String) -> usize;
    }
}
