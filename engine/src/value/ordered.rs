//! Maps and sets in the order of their keys.
//!
//! The standard map is made anew for every pair of key and value types, some seven kilobytes of WebAssembly each time, and
//! collecting into it brings a sorting routine along. Here it is made once per type of key and the values stand beside it.

use std::collections::BTreeMap;

/// A map in the order of its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map<K, V> {
    places: BTreeMap<K, usize>,
    values: Vec<V>,
}

/// A set in the order of its elements.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Set<K> {
    places: BTreeMap<K, usize>,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { places: BTreeMap::new(), values: Vec::new() }
    }
}

impl<K> Default for Set<K> {
    fn default() -> Self {
        Self { places: BTreeMap::new() }
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
        match self.places.get(&key).and_then(|place| self.values.get_mut(*place)) {
            Some(old) => Some(std::mem::replace(old, value)),
            None => {
                self.places.insert(key, self.values.len());
                self.values.push(value);
                None
            }
        }
    }

    /// The value under a key, made first if there is none.
    pub fn or_insert_with(&mut self, key: K, make: impl FnOnce() -> V) -> &mut V {
        let place = *self.places.entry(key).or_insert(self.values.len());
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
        K: std::borrow::Borrow<Q>,
    {
        self.places.get(key).and_then(|place| self.values.get(*place))
    }

    /// The value under a key, to be changed.
    #[must_use]
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: std::borrow::Borrow<Q>,
    {
        self.places.get(key).and_then(|place| self.values.get_mut(*place))
    }

    /// Whether there is such a key.
    #[must_use]
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.places.contains_key(key)
    }
}

impl<K, V> Map<K, V> {
    /// Entries in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, place)| self.values.get(*place).map(|value| (key, value)))
    }

    /// Keys in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.places.keys()
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
        self.places.is_empty()
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
        K: std::borrow::Borrow<Q>,
    {
        self.places.remove(element).is_some()
    }

    /// Whether there is such an element.
    #[must_use]
    pub fn contains<Q: Ord + ?Sized>(&self, element: &Q) -> bool
    where
        K: std::borrow::Borrow<Q>,
    {
        self.places.contains_key(element)
    }
}

impl<K> Set<K> {
    /// Elements in order.
    pub fn iter(&self) -> std::collections::btree_map::Keys<'_, K, usize> {
        self.places.keys()
    }

    /// How many elements there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no element.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
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
    type IntoIter = std::collections::btree_map::IntoKeys<K, usize>;

    fn into_iter(self) -> Self::IntoIter {
        self.places.into_keys()
    }
}

impl<'a, K> IntoIterator for &'a Set<K> {
    type Item = &'a K;
    type IntoIter = std::collections::btree_map::Keys<'a, K, usize>;

    fn into_iter(self) -> Self::IntoIter {
        self.places.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::{Map, Set};
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
        fn a_first_value_is_made_once(entries: Vec<(u8, i32)>) {
            let (mut map, mut plain) = (Map::<u8, Vec<i32>>::new(), BTreeMap::<u8, Vec<i32>>::new());
            for (key, value) in entries {
                map.or_default(key).push(value);
                plain.entry(key).or_default().push(value);
            }
            prop_assert!(map.iter().eq(plain.iter()));
        }
    }
}
