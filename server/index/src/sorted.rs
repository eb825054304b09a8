//! Sorted lists without repeats.

/// What is in `wanted` and not in `known`; both ascending without repeats.
pub(crate) fn missing_from<'a, T: Ord>(
    wanted: &'a [T],
    known: &'a [T],
) -> impl Iterator<Item = &'a T> {
    let mut known = known.iter().peekable();
    wanted.iter().filter(move |item| {
        while known.next_if(|other| other < item).is_some() {}
        known.peek() != Some(item)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_one_list_lacks() {
        let missing = |wanted, known| missing_from(wanted, known).copied().collect::<Vec<u8>>();
        assert_eq!(missing(&[1, 2, 5, 9], &[0, 2, 3, 9, 10]), [1, 5]);
        assert_eq!(missing(&[1, 2], &[]), [1, 2]);
        assert_eq!(missing(&[], &[1]), [] as [u8; 0]);
    }
}
