//! The order in which the functions of a module pack best. Deflate finds again what it has read within the last 32 KiB, so
//! functions that are alike belong next to each other; the linker leaves them where their crates were.

use std::cmp::Reverse;
use std::collections::VecDeque;

/// How far deflate looks back.
const WINDOW: usize = 32 * 1024;
/// Functions are alike if they share strings of this many bytes: an instruction or three.
const STRING: usize = 6;
/// What more functions have than this is found everywhere, and says nothing.
const COMMON: usize = 300;
/// As if every function were so much longer: a very short one would be like any other.
const HEAD: u64 = 20;

/// Puts next, each time, the function that shares most with those before it, for its length. What is in `first` stays first.
pub fn by_likeness(bodies: &[&[u8]], first: &[usize]) -> Vec<usize> {
    let mut window = Window::over(bodies);
    let mut left: Vec<usize> = (0..bodies.len()).filter(|function| !first.contains(function)).collect();
    let mut order = first.to_vec();
    first.iter().for_each(|function| window.put(*function));
    while let Some((at, function)) = window.next(&left) {
        left.swap_remove(at);
        window.put(function);
        order.push(function);
    }
    order
}

/// A string that several functions have.
struct Shared {
    holders: Vec<usize>,
    /// Less for what many have: deflate finds it again anyway.
    weight: u64,
    /// How many of those that deflate still sees have it.
    seen: u32,
}

/// A function that has its place or waits for it.
#[derive(Default)]
struct Candidate {
    length: usize,
    /// What it has in common with others, as places in the list of all that is shared.
    strings: Vec<usize>,
    /// The weights of what deflate would find again.
    found: u64,
    /// The length to the power of 3/4, in 256ths: by the length itself short functions would always win, without it long ones.
    size: u64,
}

/// What deflate sees, as functions get their places.
struct Window {
    shared: Vec<Shared>,
    functions: Vec<Candidate>,
    placed: VecDeque<usize>,
    bytes: usize,
}

impl Window {
    fn over(bodies: &[&[u8]]) -> Self {
        let mut functions: Vec<Candidate> = bodies.iter().map(|body| Candidate::of(body.len())).collect();
        let mut shared = Vec::new();
        let strings = strings(bodies);
        for holders in strings.chunk_by(|one, other| one.0 == other.0) {
            if !(2..=COMMON).contains(&holders.len()) {
                continue;
            }
            let holders: Vec<usize> = holders.iter().map(|(_, function)| *function).collect();
            for function in &holders {
                if let Some(function) = functions.get_mut(*function) {
                    function.strings.push(shared.len());
                }
            }
            shared.push(Shared { weight: weight(holders.len()), holders, seen: 0 });
        }
        Self { shared, functions, placed: VecDeque::new(), bytes: 0 }
    }

    /// The one that is most alike, and where it stands among those left; of equals, the first.
    fn next(&self, left: &[usize]) -> Option<(usize, usize)> {
        let likeness = |function: usize| self.functions.get(function).map(Candidate::likeness);
        let waiting = left.iter().copied().enumerate();
        waiting.max_by_key(|(_, function)| (likeness(*function), Reverse(*function)))
    }

    fn put(&mut self, function: usize) {
        self.placed.push_back(function);
        self.bytes = self.bytes.saturating_add(self.length(function));
        self.show(function, true);
        while self.bytes > WINDOW
            && let Some(gone) = self.placed.pop_front()
        {
            self.bytes = self.bytes.saturating_sub(self.length(gone));
            self.show(gone, false);
        }
    }

    fn length(&self, function: usize) -> usize {
        self.functions.get(function).map_or(0, |function| function.length)
    }

    /// The function comes into view, or goes out of it.
    fn show(&mut self, function: usize, comes: bool) {
        let Some(strings) = self.functions.get(function).map(|function| function.strings.clone()) else { return };
        for string in strings {
            let Some(shared) = self.shared.get_mut(string) else { continue };
            let before = shared.seen;
            shared.seen = if comes { before.saturating_add(1) } else { before.saturating_sub(1) };
            if (before == 0) == (shared.seen == 0) {
                continue;
            }
            for holder in &shared.holders {
                let Some(holder) = self.functions.get_mut(*holder) else { continue };
                let found = holder.found;
                holder.found =
                    if comes { found.saturating_add(shared.weight) } else { found.saturating_sub(shared.weight) };
            }
        }
    }
}

impl Candidate {
    fn of(length: usize) -> Self {
        let cube = (length as u64).saturating_add(HEAD).saturating_pow(3);
        Self { length, size: cube.isqrt().saturating_mul(1 << 16).isqrt(), ..Self::default() }
    }

    fn likeness(&self) -> u64 {
        self.found.saturating_mul(1 << 20).checked_div(self.size).unwrap_or_default()
    }
}

/// One by the square root of how many have it, in 1024ths.
fn weight(holders: usize) -> u64 {
    (1_u64 << 20).checked_div(holders as u64).unwrap_or_default().isqrt()
}

/// Every string of every function, as a hash, with the function: sorted, each once.
fn strings(bodies: &[&[u8]]) -> Vec<(u32, usize)> {
    let mut all = Vec::new();
    for (function, body) in bodies.iter().enumerate() {
        let mut own: Vec<(u32, usize)> = body.windows(STRING).map(|string| (hash(string), function)).collect();
        own.sort_unstable();
        own.dedup();
        all.append(&mut own);
    }
    all.sort_unstable();
    all
}

/// FNV-1a: the same on every machine.
fn hash(string: &[u8]) -> u32 {
    string.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::by_likeness;

    #[test]
    fn what_is_alike_comes_together() {
        let bodies = ["one two three four", "1234567890abcdefgh", "one two three five", "1234567890ABCDEFGH"];
        let bodies = bodies.map(str::as_bytes);
        assert_eq!(by_likeness(&bodies, &[]), [0, 2, 1, 3]);
        assert_eq!(by_likeness(&bodies, &[1]), [1, 3, 0, 2]);
    }

    #[test]
    fn every_function_gets_one_place_also_where_nothing_is_alike() {
        let long = vec![7; 100_000];
        let bodies: [&[u8]; 5] = [b"", b"a", &long, b"", &long];
        let mut order = by_likeness(&bodies, &[4]);
        assert_eq!(order, by_likeness(&bodies, &[4]));
        order.sort_unstable();
        assert_eq!(order, [0, 1, 2, 3, 4]);
        assert!(by_likeness(&[], &[]).is_empty());
    }
}
