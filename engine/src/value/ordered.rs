//! Maps and sets in the order of their keys.
//!
//! The standard map is made anew for every pair of key and value types, some seven kilobytes of WebAssembly each time, and
//! collecting into it brings a sorting routine along. Here keys stand in short sorted runs, the values beside them.

use std::borrow::Borrow;

/// A map in the order of its keys.
#[derive(Clone, Debug)]
pub struct Map<K, V> {
    places: Runs<K, usize>,
    values: Vec<V>,
}

/// A set in the order of its elements.
#[derive(Clone, Debug)]
pub struct Set<K> {
    places: Runs<K, usize>,
}

/// Entries of a run.
pub(crate) const RUN: usize = 512;

/// Keys with something small each, by rising key: runs, one behind the other, none of them empty.
#[derive(Clone, Debug)]
pub(crate) struct Runs<K, V> {
    runs: Vec<Vec<(K, V)>>,
    len: usize,
}

/// The entries in order.
type Entries<'r, K, V> = std::iter::Flatten<std::slice::Iter<'r, Vec<(K, V)>>>;

impl<K, V> Default for Runs<K, V> {
    fn default() -> Self {
        Self { runs: Vec::new(), len: 0 }
    }
}

impl<K, V> Runs<K, V> {
    /// How many entries there are.
    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    /// The entries in order.
    pub(crate) fn iter(&self) -> Entries<'_, K, V> {
        self.runs.iter().flatten()
    }

    /// The entries in order; their values may be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&K, &mut V)> {
        self.runs.iter_mut().flatten().map(|(key, value)| (&*key, value))
    }
}

impl<K, V> IntoIterator for Runs<K, V> {
    type Item = (K, V);
    type IntoIter = std::iter::Flatten<std::vec::IntoIter<Vec<(K, V)>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.runs.into_iter().flatten()
    }
}

impl<K: Ord, V> Runs<K, V> {
    /// Where a key stands, or would stand: the run, and the place in it.
    #[inline(never)]
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> (usize, Result<usize, usize>)
    where
        K: Borrow<Q>,
    {
        let begun = |run: &Vec<(K, V)>| run.first().is_some_and(|(first, _)| first.borrow() <= key);
        let run = self.runs.partition_point(begun).saturating_sub(1);
        let entries = self.runs.get(run).map_or(&[][..], Vec::as_slice);
        (run, entries.binary_search_by(|(known, _)| known.borrow().cmp(key)))
    }

    /// What stands with a key.
    pub(crate) fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let (run, place) = self.place(key);
        self.runs.get(run)?.get(place.ok()?).map(|(_, value)| value)
    }

    /// Puts a key in with its value, unless it is there: then gives the value that it has.
    #[inline(never)]
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<&mut V> {
        let (index, place) = self.place(&key);
        let place = match place {
            Ok(place) => return self.runs.get_mut(index)?.get_mut(place).map(|(_, value)| value),
            Err(place) => place,
        };
        if self.runs.is_empty() {
            self.runs.push(Vec::new());
        }
        let run = self.runs.get_mut(index)?;
        run.insert(place, (key, value));
        self.len = self.len.saturating_add(1);
        if run.len() > RUN {
            let upper = run.split_off(RUN / 2);
            self.runs.insert(index.saturating_add(1), upper);
        }
        None
    }

    /// Takes a key away; whether it was there.
    fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        let (index, Ok(place)) = self.place(key) else { return false };
        let Some(run) = self.runs.get_mut(index) else { return false };
        run.remove(place);
        if run.is_empty() {
            self.runs.remove(index);
        }
        self.len = self.len.saturating_sub(1);
        true
    }

    /// The entries from a key on.
    pub(crate) fn starting_at(&self, start: &K) -> impl Iterator<Item = &(K, V)> + use<'_, K, V> {
        let (run, place) = self.place(start);
        let before = match place {
            Ok(place) | Err(place) => place,
        };
        self.runs.iter().skip(run).flatten().skip(before)
    }
}

impl<K: Ord, V: PartialEq> PartialEq for Map<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Ord, V: Eq> Eq for Map<K, V> {}

impl<K: Ord> PartialEq for Set<K> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Ord> Eq for Set<K> {}

impl<K: Ord> PartialOrd for Set<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<K: Ord> Ord for Set<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.iter().cmp(other.iter())
    }
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { places: Runs::default(), values: Vec::new() }
    }
}

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self { places: Runs::default() }
    }
}

impl<K: Ord, V> Map<K, V> {
    /// Without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a value under a key and gives the one that stood there.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.places.insert(key, self.values.len()).and_then(|place| self.values.get_mut(*place)) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.values.push(value);
                None
            }
        }
    }

    /// The value under a key, made first if there is none.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = self.places.insert(key, self.values.len()).map_or(self.values.len(), |place| *place);
        if place >= self.values.len() {
            self.values.push(make());
        }
        // the place was taken from this list or has just been added to it
        #[expect(clippy::indexing_slicing, reason = "a place is always that of a value")]
        &mut self.values[place]
    }

    /// The value under a key, the default if there is none.
    pub fn or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.or_insert_with(key, V::default)
    }

    /// The value under a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.places.get(key).and_then(|place| self.values.get(*place))
    }

    /// The value under a key, to be changed.
    #[must_use]
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.places.get(key).and_then(|place| self.values.get_mut(*place))
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.places.get(key).is_some()
    }
}

impl<K, V> Map<K, V> {
    /// Entries in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, place)| self.values.get(*place).map(|value| (key, value)))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.places.iter().map(|(key, _)| key)
    }

    /// Values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.len() == 0
    }
}

impl<K: Ord> Set<K> {
    /// Without elements.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an element; whether it is new.
    pub fn insert(&mut self, element: K) -> bool {
        self.places.insert(element, 0).is_none()
    }

    /// Takes an element away; whether it was there.
    pub fn remove<Q: Ord + ?Sized>(&mut self, element: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.places.remove(element)
    }

    /// Whether there is such an element.
    #[must_use]
    pub fn contains<Q: Ord + ?Sized>(&self, element: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.places.get(element).is_some()
    }
}

/// The elements of a set in order.
pub type Elements<'s, K> = std::iter::Map<Entries<'s, K, usize>, fn(&(K, usize)) -> &K>;

impl<K> Set<K> {
    /// Elements in order.
    pub fn iter(&self) -> Elements<'_, K> {
        self.places.iter().map(|(element, _)| element)
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.len() == 0
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Map<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Ord, V> Extend<(K, V)> for Map<K, V> {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        entries.into_iter().for_each(|(key, value)| drop(self.insert(key, value)));
    }
}

impl<K: Ord> FromIterator<K> for Set<K> {
    fn from_iter<I: IntoIterator<Item = K>>(elements: I) -> Self {
        let mut set = Self::new();
        set.extend(elements);
        set
    }
}

impl<K: Ord> Extend<K> for Set<K> {
    fn extend<I: IntoIterator<Item = K>>(&mut self, elements: I) {
        for element in elements {
            self.insert(element);
        }
    }
}

impl<K> IntoIterator for Set<K> {
    type Item = K;
    type IntoIter = std::iter::Map<std::iter::Flatten<std::vec::IntoIter<Vec<(K, usize)>>>, fn((K, usize)) -> K>;

    fn into_iter(self) -> Self::IntoIter {
        self.places.into_iter().map(|(element, _)| element)
    }
}

impl<'a, K> IntoIterator for &'a Set<K> {
    type Item = &'a K;
    type IntoIter = Elements<'a, K>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, RUN, Runs, Set};
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    proptest! {
        #[test]
        fn they_are_the_standard_ones(entries: Vec<(u8, i32)>, absent: u8) {
            let (map, plain): (Map<_, _>, BTreeMap<_, _>) = (entries.iter().copied().collect(), entries.iter().copied().collect());
            prop_assert!(map.iter().eq(plain.iter()));
            prop_assert_eq!(map.get(&absent), plain.get(&absent));
            prop_assert_eq!((map.len(), map.is_empty()), (plain.len(), plain.is_empty()));
            let keys = || entries.iter().map(|(key, _)| *key);
            let (mut set, mut plain): (Set<_>, BTreeSet<_>) = (keys().collect(), keys().collect());
            prop_assert!(set.iter().eq(plain.iter()));
            prop_assert_eq!((set.remove(&absent), set.insert(3)), (plain.remove(&absent), plain.insert(3)));
            prop_assert!(set.into_iter().eq(plain));
        }

        #[test]
        fn so_are_long_ones(keys in proptest::collection::vec(0_u16..4000, 0..3000), gone in proptest::collection::vec(0_u16..4000, 0..2000)) {
            let (mut set, mut plain): (Set<_>, BTreeSet<_>) = (keys.iter().copied().collect(), keys.iter().copied().collect());
            for key in gone {
                prop_assert_eq!(set.remove(&key), plain.remove(&key));
            }
            prop_assert_eq!(set.len(), plain.len());
            prop_assert!(set.iter().eq(plain.iter()));
            prop_assert_eq!(&set, &plain.iter().copied().collect::<Set<_>>());
            prop_assert!(set.into_iter().eq(plain));
        }

        #[test]
        fn a_first_value_is_made_once(entries: Vec<(u8, i32)>) {
            let (mut map, mut plain) = (Map::<u8, Vec<i32>>::new(), BTreeMap::<u8, Vec<i32>>::new());
            for (key, value) in entries {
                map.or_default(key).push(value);
                plain.entry(key).or_default().push(value);
            }
            prop_assert!(map.iter().eq(plain.iter()));
        }
    }
    #[test]
    fn runs_are_the_standard_map() {
        let (mut runs, mut plain) = (Runs::<u32, u32>::default(), BTreeMap::new());
        let count = u32::try_from(RUN * 4).unwrap_or(u32::MAX);
        for step in 0..count * 3 {
            let key = step.wrapping_mul(2_654_435_761) % count;
            assert_eq!(runs.get(&key), plain.get(&key));
            let stood = runs.insert(key, step).map(|value| std::mem::replace(value, step));
            assert_eq!(stood, plain.insert(key, step));
        }
        assert!(runs.runs.len() > 4 && runs.runs.iter().all(|run| !run.is_empty() && run.len() <= RUN));
        assert_eq!(runs.len(), plain.len());
        assert!(runs.iter().map(|(key, value)| (key, value)).eq(plain.iter()));
        for start in (0..count).step_by(97) {
            assert!(runs.starting_at(&start).map(|(key, value)| (key, value)).eq(plain.range(start..)));
        }
        runs.iter_mut().for_each(|(_, value)| *value /= 2);
        assert!(runs.into_iter().eq(plain.into_iter().map(|(key, value)| (key, value / 2))));
        assert_eq!(Runs::<u32, u32>::default().starting_at(&0).count(), 0);
    }
}
