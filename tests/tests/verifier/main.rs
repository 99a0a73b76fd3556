//! The verifier of programs: no rule of it can be broken unseen, and what it accepts decides.
//!
//! `TRUTINA_MUTATIONS=1000000` makes the run over changed bytes as long as one likes.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test may stop at the first thing it does not understand; its report is for people"
)]

mod everything;
mod tampering;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use trutina_engine::check::program::verify;
use trutina_engine::program::Program;
use trutina_engine::wire::bundle::{decode_program, encode_program};
use trutina_tests::harness::bundles::{World, decided, generated, packs};

/// Numbers from a seed (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// What became of changed programs.
#[derive(Default, Debug)]
struct Tally {
    undecodable: u64,
    refused: u64,
    accepted: u64,
    faults: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// A changed program is not read, refused, or decides: without a panic, without T6003, and twice the same.
    fn judge(&mut self, world: &World, bytes: &[u8], what: &str) {
        let Some(program) = decode_program(bytes) else {
            self.undecodable += 1;
            return;
        };
        assert_eq!(encode_program(&program), bytes, "{}: {what}: two encodings of one program", world.name);
        self.judge_program(world, &program, what);
    }

    fn judge_program(&mut self, world: &World, program: &Program, what: &str) {
        if let Err(fault) = verify(program) {
            self.refused += 1;
            *self.faults.entry(fault).or_default() += 1;
            return;
        }
        self.accepted += 1;
        let decisions = world.decide(program);
        for bytes in &decisions {
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("\"code\":\"T6003\""), "{}: {what}: {text}", world.name);
        }
        assert_eq!(decisions, world.decide(program), "{}: {what}: decides differently", world.name);
    }
}

fn mutate(bytes: &mut [u8], numbers: &mut Numbers) -> String {
    let mut what = String::new();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] ^= 1 << numbers.below(8),
            1 => bytes[at] = numbers.below(256) as u8,
            2 => bytes[at] = bytes[at].wrapping_add(1),
            3 => bytes[at] = bytes[at].wrapping_sub(1),
            4 => {
                let from = numbers.below(bytes.len());
                bytes[at] = bytes[from];
            }
            _ => {
                let other = numbers.below(bytes.len());
                bytes.swap(at, other);
            }
        }
        what += &format!("{at} ");
    }
    what
}

#[test]
fn changed_bytes_are_refused_or_decide() {
    let wanted: u64 = std::env::var("TRUTINA_MUTATIONS").ok().map_or(20_000, |number| number.parse().unwrap());
    let first: u64 = std::env::var("TRUTINA_FIRST").ok().map_or(0, |number| number.parse().unwrap());
    let worlds: Vec<World> = decided().into_iter().chain((first..first + 120).map(generated)).collect();
    let programs: Vec<(World, Vec<u8>)> = worlds
        .into_iter()
        .filter_map(|world| {
            let program = world.load()?.0;
            Some((world, encode_program(&program)))
        })
        .collect();
    let (mut numbers, mut tally) = (Numbers(0x9e37_79b9_7f4a_7c15 ^ first), Tally::default());
    for round in 0..wanted {
        let (world, bytes) = &programs[(round % programs.len() as u64) as usize];
        let mut changed = bytes.clone();
        let what = mutate(&mut changed, &mut numbers);
        tally.judge(world, &changed, &what);
    }
    println!("{tally:#?}");
    assert!(tally.accepted > 0 && tally.refused > 0 && tally.undecodable > 0);
}

#[test]
fn every_byte_of_a_pack_matters_or_harms_nothing() {
    let Some(world) = packs().pop() else { panic!("no packs") };
    let world = World { records: world.records.into_iter().take(3).collect(), ..world };
    let bytes = encode_program(&world.load().unwrap().0);
    let mut tally = Tally::default();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        tally.judge(&world, &changed, &at.to_string());
    }
    println!("{tally:#?}");
}

#[test]
fn a_program_that_does_not_hold_together_is_refused() {
    let (program, _) = everything::world().load().unwrap();
    let mut problems = Vec::new();
    for (fault, change) in all_changes() {
        let mut changed = program.clone();
        change(&mut changed);
        let found = verify(&changed);
        if found != Err(*fault) {
            problems.push(format!("{fault}: {found:?}"));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}

fn all_changes() -> impl Iterator<Item = &'static (&'static str, tampering::Change)> {
    tampering::SHAPES.iter().chain(tampering::ARTEFACTS).chain(tampering::TYPES)
}

/// The texts of faults in the verifier's sources.
fn faults_in_the_sources() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../engine/src/check/program");
    let mut faults = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let source = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let texts = line.split('"').skip(1).step_by(2);
            faults.extend(texts.filter(|text| text.contains(' ')).map(str::to_owned));
        }
    }
    faults
}

#[test]
fn every_rule_is_broken_by_a_test() {
    let tested: BTreeSet<&str> = all_changes().map(|(fault, _)| *fault).collect();
    let implied: BTreeSet<&str> = tampering::IMPLIED.iter().map(|(fault, _)| *fault).collect();
    let known = faults_in_the_sources();
    assert!(known.len() > 90, "{} rules only", known.len());
    let untested: Vec<&String> =
        known.iter().filter(|fault| !tested.contains(fault.as_str()) && !implied.contains(fault.as_str())).collect();
    let unknown: Vec<&&str> = tested.union(&implied).filter(|fault| !known.contains(**fault)).collect();
    assert!(untested.is_empty() && unknown.is_empty(), "untested: {untested:#?}, unknown: {unknown:#?}");
}

#[test]
fn everything_is_verified_and_decides() {
    let world = everything::world();
    let loaded = trutina_engine::engine::Engine::default().load(&world.files, &trutina_script::Parser);
    let problems: Vec<String> =
        loaded.diagnostics.iter().map(|found| format!("{:?} {} {}", found.span, found.code, found.message)).collect();
    let program = loaded.program.unwrap_or_else(|| panic!("{problems:#?}"));
    assert_eq!(verify(&program), Ok(()));
    for bytes in world.decide(&program) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\"error\":null"), "{text}");
    }
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for node in &program.code.nodes {
        let name = format!("{node:?}");
        *kinds.entry(name.split(['(', ' ']).next().unwrap().to_owned()).or_default() += 1;
    }
    println!("{kinds:?}");
    assert!(kinds.len() >= 48, "{} kinds of nodes", kinds.len());
}
