//! One walk along the chain, event by event.

use super::{AuditBreak, AuditMark, Row, chain::link, retention};
use crate::StoreError;

/// How far a walk has come.
pub(super) struct Walk {
    /// The event that was taken last; before the first, the anchor.
    pub(super) mark: AuditMark,
    anchor: AuditMark,
    /// Whether the anchor is right: nothing was removed, or an event says that retention did.
    anchored: bool,
    /// Whether events have hashes of their own from here on.
    chained: bool,
}

impl Walk {
    pub(super) fn new(anchor: AuditMark) -> Self {
        Self {
            mark: anchor.clone(),
            anchored: anchor.position == 0,
            anchor,
            chained: false,
        }
    }

    /// Takes one event; what is wrong with it, if anything is.
    pub(super) fn step(
        &mut self,
        row: &Row,
        noted: Option<&AuditMark>,
    ) -> Result<Option<AuditBreak>, StoreError> {
        let computed = link(&self.mark.hash, row)?;
        let expected = self.mark.position + 1;
        let what = match &row.hash {
            Some(_) if row.id != expected => Some(format!("event {expected} is missing before it")),
            Some(hash) if *hash != computed => Some(
                "its hash does not fit: it or an event before it that has no hash was changed"
                    .to_owned(),
            ),
            None if self.chained => Some("it has no hash".to_owned()),
            _ => None,
        };
        let forged = noted.is_some_and(|mark| mark.position == row.id && mark.hash != computed);
        self.chained |= row.hash.is_some();
        self.anchored |= retention::tells_of(row, &self.anchor);
        self.mark = AuditMark {
            position: row.id,
            hash: computed,
        };
        let what = what.or_else(|| forged.then(|| NOTED.to_owned()));
        Ok(what.map(|what| AuditBreak {
            position: row.id,
            what,
        }))
    }

    /// What is wrong with the end, if anything is.
    pub(super) fn end(&self, head: &AuditMark, noted: Option<&AuditMark>) -> Option<AuditBreak> {
        if self.mark.position < head.position {
            return Some(AuditBreak {
                position: self.mark.position + 1,
                what: format!("it and those up to event {} are missing", head.position),
            });
        }
        if self.mark.hash != head.hash {
            return Some(AuditBreak {
                position: self.mark.position,
                what: "its hash is not the one that the end of the log was noted with".to_owned(),
            });
        }
        let cut =
            noted.is_some_and(|mark| mark.position == self.anchor.position && *mark != self.anchor);
        if !self.anchored || cut {
            return Some(AuditBreak {
                position: self.anchor.position,
                what: if cut { NOTED } else { CUT }.to_owned(),
            });
        }
        let noted = noted.filter(|mark| mark.position > head.position)?;
        Some(AuditBreak {
            position: noted.position,
            what: "it was noted, and is missing".to_owned(),
        })
    }
}

const NOTED: &str = "its hash is not the one that was noted: the log was written anew";

const CUT: &str = "it and those before are gone, and no event says that retention removed them: somebody else did";
