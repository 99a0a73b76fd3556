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

use std::collections::BTreeMap;

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
    let world = packs().swap_remove(0);
    let (program, _) = world.load().unwrap();
    assert_eq!(verify(&program), Ok(()));
    let mut changed = program.clone();
    changed.decide = u32::MAX;
    assert_eq!(verify(&changed), Err("a body is no node"));
    let mut changed = program;
    changed.scorecards[0].characteristics[0].attribute_of_class.pop();
    assert_eq!(verify(&changed), Err("a class has an attribute that there is not"));
}
