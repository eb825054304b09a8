//! The fields of a document, and what a word in each is worth.

/// Where a word occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Name,
    Title,
    Tag,
    Type,
    Kind,
    Owner,
    Lifecycle,
    Namespace,
    Description,
    /// The name as one word: the term of a search may be exactly it.
    WholeName,
    /// The title as one word, blanks included.
    WholeTitle,
}

impl Field {
    /// What a matching word is worth, before its rarity counts. Whole fields
    /// repeat what other fields have: they only boost.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Name => 8.0,
            Self::Title => 6.0,
            Self::Tag => 4.0,
            Self::Type | Self::Kind | Self::Owner => 2.0,
            Self::Lifecycle | Self::Namespace | Self::Description => 1.0,
            Self::WholeName | Self::WholeTitle => 0.0,
        }
    }

    /// What it adds that the field begins with the whole search term, or is it.
    pub(crate) fn boost(self, exact: bool) -> f32 {
        match (self, exact) {
            (Self::WholeName, true) => 1000.0,
            (Self::WholeTitle, true) => 500.0,
            (Self::WholeName, false) => 100.0,
            (Self::WholeTitle, false) => 50.0,
            _ => 0.0,
        }
    }
}
