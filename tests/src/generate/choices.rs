//! Where every generated thing comes from: a sequence of choices.
//!
//! A case is a pure function of its choices. Seeds make them (deterministic tests), proptest makes them (shrinking),
//! a fuzzer makes them (coverage); when they are used up every further choice is 0, which is always the simplest.

/// A sequence of choices being consumed.
#[derive(Clone, Debug)]
pub struct Choices<'a> {
    given: &'a [u32],
    next: usize,
}

impl<'a> Choices<'a> {
    /// From the beginning.
    pub fn new(given: &'a [u32]) -> Self {
        Self { given, next: 0 }
    }

    /// How many were consumed.
    pub fn used(&self) -> usize {
        self.next
    }

    fn draw(&mut self) -> u32 {
        let value = self.given.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        value
    }

    /// One of 0..n; 0 is the simplest.
    pub fn below(&mut self, n: usize) -> usize {
        self.draw() as usize % n.max(1)
    }

    /// One of low..=high.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.draw()) % (high - low + 1)
    }

    /// True in about so many of 100 cases; never once the choices are used up.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) >= 100 - percent
    }

    /// One of these; the first is the simplest.
    pub fn pick<'t, T: ?Sized>(&mut self, items: &[&'t T]) -> &'t T {
        items[self.below(items.len())]
    }

    /// The index of one of these weights; the first is the simplest.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut at = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if at < *weight {
                return index;
            }
            at -= weight;
        }
        0
    }
}

/// The choices of a seed: a splitmix generator, the same on every machine.
pub fn from_seed(seed: u64, length: usize) -> Vec<u32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(0x1234_5678_9ABC_DEF0);
    let mut next = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as u32
    };
    (0..length).map(|_| next()).collect()
}

/// Choices out of a fuzzer's bytes.
pub fn from_bytes(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks(2).map(|chunk| chunk.iter().fold(0, |value, byte| value << 8 | u32::from(*byte))).collect()
}

/// Fewer and smaller choices for which `fails` still holds: blocks are cut out, then values made smaller.
pub fn minimise(choices: &[u32], attempts: usize, mut fails: impl FnMut(&[u32]) -> bool) -> Vec<u32> {
    let mut best = choices.to_vec();
    let mut left = attempts;
    let mut block = best.len().next_power_of_two() / 2;
    while block > 0 && left > 0 {
        let mut at = 0;
        while at < best.len() && left > 0 {
            let end = (at + block).min(best.len());
            let cut: Vec<u32> = best[..at].iter().chain(&best[end..]).copied().collect();
            let mut zeroed = best.clone();
            zeroed[at..end].fill(0);
            let smaller = [cut, zeroed].into_iter().find(|candidate| {
                *candidate != best && left > 0 && {
                    left -= 1;
                    fails(candidate)
                }
            });
            match smaller {
                Some(candidate) => best = candidate,
                None => at += block,
            }
            if best.get(at..(at + block).min(best.len())).is_some_and(|rest| rest.iter().all(|choice| *choice == 0)) {
                at += block;
            }
        }
        block /= 2;
    }
    while best.last() == Some(&0) {
        best.pop();
    }
    best
}
