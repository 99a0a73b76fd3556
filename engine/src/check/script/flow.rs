//! What is established where: after `if is_missing(f.x) { return ...; }` the checker knows that `f.x` is present.

use crate::ruleset::checked::{Expr, ExprKind, Type};
use crate::value::ordered::Runs;

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

/// What is known of each path, by rising path.
type Ledger = Runs<Path, Known>;

/// Writes down what is known of a path.
fn set(ledger: &mut Ledger, path: Path, known: Known) {
    if let Some(old) = ledger.insert(path, known) {
        *old = known;
    }
}

/// What is known of a path.
fn known_of(ledger: &Ledger, path: &Path) -> Known {
    ledger.get(path).copied().unwrap_or_default()
}

/// What a condition tells when it holds, or when it does not.
#[derive(Clone, Debug, Default)]
pub(in crate::check) struct Learned(Ledger);

impl Learned {
    /// Adds one piece of knowledge.
    pub(in crate::check) fn add(&mut self, path: Path, known: Known) {
        let joined = known_of(&self.0, &path).and(known);
        set(&mut self.0, path, joined);
    }

    /// Keeps what is told about some roots.
    pub(in crate::check) fn retain(&mut self, keep: impl Fn(Root) -> bool) {
        for (path, known) in std::mem::take(&mut self.0) {
            if keep(path.root) {
                set(&mut self.0, path, known);
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
        for (path, known) in other.0.iter() {
            self.add(path.clone(), *known);
        }
    }

    /// What holds whether `self` holds or `acc` and `other` together. Returns the number of steps.
    pub(in crate::check) fn retain_common(&mut self, acc: &Self, other: &Self) -> usize {
        let steps = self.0.len();
        for (path, known) in std::mem::take(&mut self.0) {
            let known = known.meet(known_of(&acc.0, &path).and(known_of(&other.0, &path)));
            if known != Known::default() {
                set(&mut self.0, path, known);
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
        known_of(&self.known, path)
    }

    fn set(&mut self, path: Path, known: Known) {
        self.log.push((path.clone(), self.get(&path)));
        set(&mut self.known, path, known);
    }

    /// Adds knowledge.
    pub(in crate::check) fn learn(&mut self, learned: &Learned) {
        for (path, known) in learned.0.iter() {
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
                set(&mut self.known, path, old);
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
                before.insert(path.clone(), *old);
            }
            steps = before.len();
            match &mut merge.after {
                None => {
                    for (path, known) in before.iter_mut() {
                        *known = self.get(path);
                    }
                    merge.after = Some(before);
                }
                Some(after) => {
                    steps = steps.saturating_add(after.len());
                    for (path, known) in after.iter_mut() {
                        *known = known.meet(self.get(path));
                    }
                    for (path, old) in before {
                        if after.get(&path).is_none() {
                            let now = self.get(&path);
                            after.insert(path, old.meet(now));
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
                for (path, known) in after {
                    self.set(path, known);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::arithmetic_side_effects, reason = "tests")]

    use super::{Known, Learned, Path, Root};
    use crate::value::ordered::RUN;

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
