//! Sets of small numbers.

/// A set of numbers below a size fixed at its making.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bits {
    words: Vec<u64>,
}

const WORD: usize = 64;

impl Bits {
    /// The empty set for numbers below `size`.
    pub(super) fn none(size: usize) -> Self {
        Self { words: vec![0; size.div_ceil(WORD)] }
    }

    /// All numbers below `size`.
    pub(super) fn all(size: usize) -> Self {
        let mut bits = Self::none(size);
        bits.insert_range(0, size);
        bits
    }

    pub(super) fn insert(&mut self, number: usize) {
        if let Some(word) = self.words.get_mut(number / WORD) {
            *word |= 1 << (number % WORD);
        }
    }

    /// Inserts every number from `from` to below `to`.
    pub(super) fn insert_range(&mut self, from: usize, to: usize) {
        for (index, word) in self.words.iter_mut().enumerate() {
            let base = index.saturating_mul(WORD);
            let low = from.saturating_sub(base).min(WORD);
            let high = to.saturating_sub(base).min(WORD);
            let below = |count: usize| if count == WORD { u64::MAX } else { (1_u64 << count).wrapping_sub(1) };
            if high > low {
                *word |= below(high) & !below(low);
            }
        }
    }

    pub(super) fn contains(&self, number: usize) -> bool {
        self.words.get(number / WORD).is_some_and(|word| word & (1 << (number % WORD)) != 0)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps what `other` has too.
    pub(super) fn keep(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= b);
    }

    /// Drops what `other` has.
    pub(super) fn drop_all(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a &= !b);
    }

    /// Takes in what `other` has.
    pub(super) fn add(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(a, b)| *a |= b);
    }

    /// The least number that both have.
    pub(super) fn first_common(&self, other: &Self) -> Option<usize> {
        let (index, word) =
            self.words.iter().zip(&other.words).map(|(a, b)| a & b).enumerate().find(|(_, word)| *word != 0)?;
        Some(index.saturating_mul(WORD).saturating_add(usize::try_from(word.trailing_zeros()).ok()?))
    }

    pub(super) fn first(&self) -> Option<usize> {
        self.first_common(self)
    }

    pub(super) fn last(&self) -> Option<usize> {
        let (index, word) = self.words.iter().enumerate().rev().find(|(_, word)| **word != 0)?;
        let high = usize::try_from(word.leading_zeros()).ok()?;
        Some(index.saturating_mul(WORD).saturating_add(WORD.saturating_sub(1).saturating_sub(high)))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let base = index.saturating_mul(WORD);
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = usize::try_from(rest.trailing_zeros()).ok().filter(|bit| *bit < WORD)?;
                rest &= rest.wrapping_sub(1);
                Some(base.saturating_add(bit))
            })
        })
    }

    /// How many words it takes, the unit of work.
    pub(super) const fn width(&self) -> usize {
        self.words.len()
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(a in prop::collection::btree_set(0_usize..200, 0..20), from in 0_usize..200, to in 0_usize..200) {
            let mut bits = Bits::none(200);
            a.iter().for_each(|number| bits.insert(*number));
            prop_assert_eq!(bits.iter().collect::<BTreeSet<_>>(), a.clone());
            prop_assert_eq!((bits.first(), bits.last()), (a.first().copied(), a.last().copied()));
            let mut range = Bits::none(200);
            range.insert_range(from, to);
            prop_assert_eq!(range.iter().collect::<Vec<_>>(), (from..to).collect::<Vec<_>>());
            prop_assert_eq!(bits.first_common(&range), a.iter().copied().find(|number| (from..to).contains(number)));
            let mut kept = bits.clone();
            kept.keep(&range);
            bits.drop_all(&range);
            prop_assert!(kept.iter().all(|number| (from..to).contains(&number)));
            prop_assert!(bits.iter().all(|number| !(from..to).contains(&number)));
            bits.add(&kept);
            prop_assert_eq!(bits.iter().collect::<BTreeSet<_>>(), a);
            prop_assert_eq!(Bits::all(200).iter().count(), 200);
        }
    }
}
