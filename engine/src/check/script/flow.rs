//! What is established where: after `if is_missing(f.x) { return ...; }` the checker knows that `f.x` is present.

use crate::ruleset::checked::{Expr, ExprKind, Type};

/// Something whose state stays the same while it is looked at: a fact, a derived fact, a local, or a field of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) struct Path {
    root: Root,
    fields: Vec<usize>,
}

/// Where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::check) enum Root {
    Fact(usize),
    Derived(usize),
    Local(u32),
    /// Whether a local has a value at all; the verifier of programs asks.
    Assigned(u32),
}

impl Path {
    /// A field of a field of a root.
    pub(in crate::check) const fn new(root: Root, fields: Vec<usize>) -> Self {
        Self { root, fields }
    }

    /// A whole fact, derived fact or local.
    pub(in crate::check) const fn root(root: Root) -> Self {
        Self { root, fields: Vec::new() }
    }

    /// The path that an expression reads, if it reads one.
    pub(in crate::check) fn of(expr: &Expr) -> Option<Self> {
        let mut fields = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                ExprKind::Fact(index) => break Root::Fact(*index),
                ExprKind::Derived(index) => break Root::Derived(*index),
                ExprKind::Local(local) => break Root::Local(local.0),
                ExprKind::Field { record, index } => {
                    fields.push(*index);
                    at = record;
                }
                _ => return None,
            }
        };
        fields.reverse();
        Some(Self { root, fields })
    }
}

/// What is known of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::check) struct Known {
    /// It is not missing.
    pub(in crate::check) present: bool,
    /// A bit per special code that it is not; bit 127 stands for all codes from the 128th.
    pub(in crate::check) excluded: u128,
}

impl Known {
    /// It is not missing.
    pub(in crate::check) const PRESENT: Self = Self { present: true, excluded: 0 };
    /// It is no special code.
    pub(in crate::check) const NOT_SPECIAL: Self = Self { present: false, excluded: u128::MAX };

    /// It is not the special code with this index.
    pub(in crate::check) fn not_code(code: u8) -> Self {
        let excluded = if code < 127 { 1_u128.checked_shl(u32::from(code)).unwrap_or(0) } else { 0 };
        Self { present: false, excluded }
    }

    const fn and(self, other: Self) -> Self {
        Self { present: self.present || other.present, excluded: self.excluded | other.excluded }
    }

    const fn meet(self, other: Self) -> Self {
        Self { present: self.present && other.present, excluded: self.excluded & other.excluded }
    }

    /// The type of something of which this is known.
    pub(in crate::check) fn narrow(self, mut ty: Type) -> Type {
        let (missing, special) = self.left_of(&ty);
        ty.missing = missing;
        ty.special = ty.special.filter(|_| special);
        ty
    }

    /// Whether something of this type may still be missing, and whether it may still be a special code.
    pub(in crate::check) fn left_of(self, ty: &Type) -> (bool, bool) {
        let special = ty.special.as_ref().is_some_and(|codes| {
            let all = match u32::try_from(codes.len()) {
                Ok(count) if count < 127 => 1_u128.checked_shl(count).unwrap_or(0).wrapping_sub(1),
                _ => u128::MAX,
            };
            self.excluded & all != all
        });
        (ty.missing && !self.present, special)
    }
}

/// What is known of each path, by rising path: short runs, one behind the other. The standard map would be there for this
/// alone, and is six kilobytes of WebAssembly.
#[derive(Clone, Debug, Default)]
struct Ledger {
    /// None of them empty.
    runs: Vec<Vec<(Path, Known)>>,
    len: usize,
}

/// Entries of a run.
const RUN: usize = 512;

impl Ledger {
    /// Where a path stands, or would stand: the run, and the place in it.
    fn place(&self, path: &Path) -> (usize, Result<usize, usize>) {
        let begun = |run: &Vec<(Path, Known)>| run.first().is_some_and(|(first, _)| first <= path);
        let run = self.runs.partition_point(begun).saturating_sub(1);
        let entries = self.runs.get(run).map_or(&[][..], Vec::as_slice);
        (run, entries.binary_search_by(|(known, _)| known.cmp(path)))
    }

    #[inline(never)]
    fn get(&self, path: &Path) -> Option<Known> {
        let (run, place) = self.place(path);
        self.runs.get(run)?.get(place.ok()?).map(|(_, known)| *known)
    }

    #[inline(never)]
    fn set(&mut self, path: Path, known: Known) {
        let (index, place) = self.place(&path);
        if self.runs.is_empty() {
            self.runs.push(Vec::new());
        }
        let Some(run) = self.runs.get_mut(index) else { return };
        match place {
            Ok(place) => {
                if let Some((_, old)) = run.get_mut(place) {
                    *old = known;
                }
            }
            Err(place) => {
                run.insert(place, (path, known));
                self.len = self.len.saturating_add(1);
                if run.len() > RUN {
                    let upper = run.split_off(RUN / 2);
                    self.runs.insert(index.saturating_add(1), upper);
                }
            }
        }
    }

    /// The entries from a path on.
    fn starting_at<'l>(&'l self, start: &Path) -> impl Iterator<Item = &'l (Path, Known)> + use<'l> {
        let (run, place) = self.place(start);
        let before = match place {
            Ok(place) | Err(place) => place,
        };
        self.runs.iter().skip(run).flatten().skip(before)
    }
}

/// What a condition tells when it holds, or when it does not.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Learned(Ledger);

impl Learned {
    /// Adds one piece of knowledge.
    pub(in crate::check) fn add(&mut self, path: Path, known: Known) {
        let joined = self.0.get(&path).unwrap_or_default().and(known);
        self.0.set(path, joined);
    }

    /// Keeps what is told about some roots.
    pub(in crate::check) fn retain(&mut self, keep: impl Fn(Root) -> bool) {
        for (path, known) in std::mem::take(&mut self.0).runs.into_iter().flatten() {
            if keep(path.root) {
                self.0.set(path, known);
            }
        }
    }

    /// What it tells about a local: of the whole, and of its fields.
    pub(in crate::check) fn of_local(&self, local: u32) -> impl Iterator<Item = (Option<usize>, Known)> {
        let start = Path::root(Root::Local(local));
        let of_root = self.0.starting_at(&start).take_while(move |(path, _)| path.root == Root::Local(local));
        of_root.filter_map(|(path, known)| match path.fields.as_slice() {
            [] => Some((None, *known)),
            [field] => Some((Some(*field), *known)),
            _ => None,
        })
    }

    /// Both hold.
    pub(in crate::check) fn extend(&mut self, other: &Self) {
        for (path, known) in other.0.runs.iter().flatten() {
            self.add(path.clone(), *known);
        }
    }

    /// What holds whether `self` holds or `acc` and `other` together. Returns the number of steps.
    pub(in crate::check) fn retain_common(&mut self, acc: &Self, other: &Self) -> usize {
        let steps = self.0.len;
        for (path, known) in std::mem::take(&mut self.0).runs.into_iter().flatten() {
            let of = |set: &Self| set.0.get(&path).unwrap_or_default();
            let known = known.meet(of(acc).and(of(other)));
            if known != Known::default() {
                self.0.set(path, known);
            }
        }
        steps
    }
}

/// The state of knowledge at a point of a body, with a log so that a branch can be undone.
#[derive(Debug, Default)]
pub(in crate::check) struct Flow {
    known: Ledger,
    log: Vec<(Path, Known)>,
    /// Control does not get here.
    pub(in crate::check) dead: bool,
}

/// What holds after branches that meet again.
#[derive(Debug, Default)]
pub(in crate::check) struct Merge {
    after: Option<Ledger>,
}

impl Flow {
    /// A place to go back to.
    pub(in crate::check) fn mark(&self) -> usize {
        self.log.len()
    }

    /// What is known of a path.
    pub(in crate::check) fn get(&self, path: &Path) -> Known {
        self.known.get(path).unwrap_or_default()
    }

    fn set(&mut self, path: Path, known: Known) {
        self.log.push((path.clone(), self.get(&path)));
        self.known.set(path, known);
    }

    /// Adds knowledge.
    pub(in crate::check) fn learn(&mut self, learned: &Learned) {
        for (path, known) in learned.0.runs.iter().flatten() {
            let joined = self.get(path).and(*known);
            self.set(path.clone(), joined);
        }
    }

    /// Adds what is known of one path.
    pub(in crate::check) fn establish(&mut self, path: Path, known: Known) {
        let joined = self.get(&path).and(known);
        self.set(path, joined);
    }

    /// A local has a new value: nothing is known of it.
    pub(in crate::check) fn forget(&mut self, local: u32) {
        let start = Path::root(Root::Local(local));
        let mut paths = Vec::new();
        for (path, _) in self.known.starting_at(&start) {
            if path.root != Root::Local(local) {
                break;
            }
            paths.push(path.clone());
        }
        for path in paths {
            self.set(path, Known::default());
        }
    }

    /// Goes back to a mark.
    pub(in crate::check) fn rollback(&mut self, mark: usize) {
        while self.log.len() > mark {
            if let Some((path, old)) = self.log.pop() {
                self.known.set(path, old);
            }
        }
    }

    /// A branch that began at `mark` ends here; the branches began to part at `base`. Returns the number of steps.
    pub(in crate::check) fn end_branch(&mut self, base: usize, mark: usize, merge: &mut Merge) -> usize {
        let mut steps = 0;
        if !self.dead {
            // The oldest entry of a path in the log is what was known of it before.
            let mut before = Ledger::default();
            for (path, old) in self.log.iter().skip(base) {
                if before.get(path).is_none() {
                    before.set(path.clone(), *old);
                }
            }
            steps = before.len;
            match &mut merge.after {
                None => {
                    for (path, known) in before.runs.iter_mut().flatten() {
                        *known = self.get(path);
                    }
                    merge.after = Some(before);
                }
                Some(after) => {
                    steps = steps.saturating_add(after.len);
                    for (path, known) in after.runs.iter_mut().flatten() {
                        *known = known.meet(self.get(path));
                    }
                    for (path, old) in before.runs.into_iter().flatten() {
                        if after.get(&path).is_none() {
                            let now = self.get(&path);
                            after.set(path, old.meet(now));
                        }
                    }
                }
            }
        }
        self.dead = false;
        self.rollback(mark);
        steps
    }

    /// All branches have ended.
    pub(in crate::check) fn meet_again(&mut self, base: usize, merge: Merge) {
        self.rollback(base);
        match merge.after {
            None => self.dead = true,
            Some(after) => {
                for (path, known) in after.runs.into_iter().flatten() {
                    self.set(path, known);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "tests")]

    use std::collections::BTreeMap;

    use super::{Known, Learned, Ledger, Path, RUN, Root};

    /// Paths in no order, each more than once.
    fn paths() -> impl Iterator<Item = Path> {
        let count = u32::try_from(RUN * 4).unwrap_or(u32::MAX);
        (0..count * 3).map(move |step| {
            let local = step.wrapping_mul(2_654_435_761) % count;
            let fields = (0..step % 3).map(|field| field as usize).collect();
            let root = if step % 2 == 0 { Root::Local(local) } else { Root::Fact(local as usize) };
            Path::new(root, fields)
        })
    }

    #[test]
    fn a_ledger_is_the_standard_map() {
        let (mut ledger, mut plain) = (Ledger::default(), BTreeMap::new());
        for (path, bit) in paths().zip(0_u128..) {
            let known = Known { present: bit % 2 == 0, excluded: bit };
            assert_eq!(ledger.get(&path), plain.get(&path).copied());
            ledger.set(path.clone(), known);
            plain.insert(path, known);
        }
        assert!(ledger.runs.len() > 4 && ledger.runs.iter().all(|run| !run.is_empty() && run.len() <= RUN));
        assert_eq!(ledger.len, plain.len());
        assert!(ledger.runs.iter().flatten().map(|(path, known)| (path, known)).eq(plain.iter()));
        for path in paths().step_by(97) {
            let from = ledger.starting_at(&path).map(|(path, known)| (path, known));
            assert!(from.eq(plain.range(path.clone()..)));
        }
        assert_eq!(Ledger::default().starting_at(&Path::root(Root::Fact(0))).count(), 0);
    }

    #[test]
    fn what_is_told_of_a_local_is_found() {
        let mut learned = Learned::default();
        for path in paths() {
            learned.add(path, Known::PRESENT);
        }
        let of = |local: u32| learned.of_local(local).count();
        let expected = |local: u32| {
            let paths: std::collections::BTreeSet<Path> = paths().collect();
            paths.iter().filter(|path| path.root == Root::Local(local) && path.fields.len() < 2).count()
        };
        for local in [0, 1, 2, 77, 1000] {
            assert_eq!(of(local), expected(local), "{local}");
        }
        learned.retain(|root| root == Root::Local(2));
        assert_eq!((learned.of_local(2).count(), learned.of_local(0).count()), (expected(2), 0));
    }
}
