//! The values of an enum, and how a text is found among them.

use crate::value::same;

/// The values of an enum in declared order; a value is known by its index.
///
/// ```
/// use trutina_engine::schema::EnumDomain;
/// let housing = EnumDomain::new(vec!["rent".to_owned(), "own".to_owned()]);
/// assert_eq!(housing.index_of("own"), Some(1));
/// assert_eq!(housing.index_of("Own"), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnumDomain {
    /// Distinct texts, at most 65,535.
    pub values: Vec<String>,
    /// Indexes of the values, each at the place that its text asks for or soon behind it; a power of two of them. It
    /// only says where to look first: what it does not lead to is searched for in order.
    places: Vec<u16>,
}

/// No value.
const FREE: u16 = u16::MAX;

/// How far from its place a value may stand. Values that crowd more than that are searched for in order.
const FARTHEST: usize = 32;

impl EnumDomain {
    /// A domain of these values.
    #[must_use]
    pub fn new(values: Vec<String>) -> Self {
        let places = places(&values).unwrap_or_default();
        Self { values, places }
    }

    /// The index of `text`.
    #[must_use]
    #[cfg_attr(trutina_wasm, optimize(speed))]
    #[inline]
    pub fn index_of(&self, text: &str) -> Option<u16> {
        let start = place(text.as_bytes(), self.places.len());
        for place in start..start.wrapping_add(FARTHEST) {
            let index = self.places.get(place & self.places.len().wrapping_sub(1)).copied().unwrap_or(FREE);
            match self.values.get(usize::from(index)) {
                Some(value) if same(value, text) => return Some(index),
                Some(_) => {}
                None => break,
            }
        }
        self.search(text)
    }

    #[cold]
    fn search(&self, text: &str) -> Option<u16> {
        self.values.iter().position(|value| value == text).and_then(|index| u16::try_from(index).ok())
    }

    /// The text at `index`.
    #[must_use]
    pub fn text(&self, index: u16) -> Option<&str> {
        self.values.get(usize::from(index)).map(String::as_str)
    }
}

fn places(values: &[String]) -> Option<Vec<u16>> {
    let size = values.len().checked_mul(4)?.checked_next_power_of_two()?;
    let mut places = vec![FREE; size];
    for (value, index) in values.iter().zip(0..FREE) {
        let start = place(value.as_bytes(), size);
        let mut near = (start..start.wrapping_add(FARTHEST)).map(|place| place & size.wrapping_sub(1));
        let free = near.find(|place| places.get(*place) == Some(&FREE))?;
        *places.get_mut(free)? = index;
    }
    Some(places)
}

/// Where a text asks to stand: its length and its words of eight bytes, multiplied together; the highest bits of a
/// product depend on all of its bits.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn place(text: &[u8], size: usize) -> usize {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15; // 2^64 over the golden ratio
    let mix = |sum: u64, word: u64| {
        let product = (sum ^ word).wrapping_mul(ODD);
        product ^ product >> 32
    };
    let (words, rest) = text.as_chunks::<8>();
    let sum = words.iter().fold(text.len() as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let bits = size.trailing_zeros().min(32);
    mix(sum, last(text, rest)).wrapping_mul(ODD).checked_shr(64_u32.saturating_sub(bits)).unwrap_or(0) as usize
}

/// What is left behind the words: the last eight bytes, some of them once more, of a text that has so many.
#[cfg_attr(trutina_wasm, optimize(speed))]
#[inline]
fn last(text: &[u8], rest: &[u8]) -> u64 {
    match (text.last_chunk::<8>(), rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(eight), ..) => u64::from_le_bytes(*eight),
        (None, Some(first), Some(last)) => {
            u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last))
        }
        _ => rest.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::EnumDomain;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn each_value_is_found_and_nothing_else(values in prop::collection::btree_set(".{0,20}", 0..80), other in ".{0,20}") {
            let values: Vec<String> = BTreeSet::into_iter(values).collect();
            let domain = EnumDomain::new(values.clone());
            for (value, index) in values.iter().zip(0_u16..) {
                prop_assert_eq!(domain.index_of(value), Some(index));
            }
            prop_assert_eq!(domain.index_of(&other).is_some(), values.contains(&other));
        }
    }

    #[test]
    fn no_values_and_one() {
        assert_eq!(EnumDomain::new(Vec::new()).index_of("a"), None);
        assert_eq!(EnumDomain::default().index_of(""), None);
        assert_eq!(EnumDomain::new(vec![String::new()]).index_of(""), Some(0));
    }

    #[test]
    fn as_many_values_as_there_may_be() {
        let values: Vec<String> =
            (0..65_535).map(|value| format!("{value:08x} of many values that are much alike")).collect();
        let domain = EnumDomain::new(values);
        assert_eq!(domain.index_of("0000fffe of many values that are much alike"), Some(65_534));
        assert_eq!(domain.index_of("0000ffff of many values that are much alike"), None);
    }

    /// Values that all ask for one place are found all the same, whoever chose them.
    #[test]
    fn values_that_crowd_are_searched_for() {
        let place = |text: &str| super::place(text.as_bytes(), 256);
        let crowd: Vec<String> = (0..).map(|n: u32| n.to_string()).filter(|text| place(text) == 7).take(40).collect();
        let domain = EnumDomain::new(crowd.clone());
        assert!(domain.places.is_empty());
        assert!(crowd.iter().zip(0_u16..).all(|(text, index)| domain.index_of(text) == Some(index)));
    }
}
