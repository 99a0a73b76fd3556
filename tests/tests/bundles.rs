//! Bundles: what is packed decides as its sources do, and what was changed on the way does not decide.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test may stop at the first thing it does not understand; its report is for people"
)]

use ed25519_dalek::{Signer as _, SigningKey};
use sha2::{Digest as _, Sha256};
use trutina_engine::diagnostic::Code;
use trutina_engine::diagnostic::codes;
use trutina_engine::engine::Engine;
use trutina_engine::wire::bundle::{
    Bundle, BundleError, PublicKey, Trust, decode_program, encode_program, load_and_compare, load_compiled, pack, sign,
};
use trutina_script::Parser;
use trutina_tests::harness::bundles::{World, decided, generated, packs, trust_in};
use trutina_tests::harness::fuzz::ruleset_with;

const GENERATED: u64 = 500;

fn check_round_trip(world: &World) -> bool {
    let Some((program, loaded)) = world.load() else { return false };
    let bundle =
        pack(&program, &loaded.sources, &world.files).unwrap_or_else(|error| panic!("{}: {error:?}", world.name));
    let again = world.pack().unwrap();
    assert_eq!(bundle, again, "{}: the same ruleset, other bytes", world.name);
    let encoded = encode_program(&program);
    let decoded = decode_program(&encoded).unwrap_or_else(|| panic!("{}: does not come back", world.name));
    assert_eq!(encode_program(&decoded), encoded, "{}: comes back different", world.name);
    let expected = world.decide(&program);
    let compared = load_and_compare(&Engine::default(), &bundle, &Trust::default(), &Parser);
    let compared = compared.unwrap_or_else(|error| panic!("{}: {error:?}", world.name));
    assert_eq!(world.decide(&compared.program.unwrap()), expected, "{}: compared", world.name);
    let compiled = load_compiled(&bundle, &trust_in(&bundle));
    let compiled = compiled.unwrap_or_else(|error| panic!("{}: {error:?}", world.name));
    assert_eq!(world.decide(&compiled.program.unwrap()), expected, "{}: compiled", world.name);
    true
}

#[test]
fn the_packs_and_the_corpus_come_back() {
    let worlds: Vec<World> = packs().into_iter().chain(decided()).collect();
    let loaded = worlds.iter().filter(|world| check_round_trip(world)).count();
    println!("{loaded} of {} rulesets", worlds.len());
    assert!(loaded >= 3);
}

#[test]
fn generated_rulesets_come_back() {
    let loaded = (0..GENERATED).filter(|seed| check_round_trip(&generated(*seed))).count();
    println!("{loaded} of {GENERATED} rulesets");
    assert!(loaded >= 250);
}

fn small() -> World {
    let files = ruleset_with("README.md", b"# A model card\n");
    let record = r#"{"n":null,"d":0.1,"e":"a","list":[{"x":1}],"series":[{"date":"2026-01-31","value":1}]}"#;
    World {
        name: "small".to_owned(),
        files,
        records: vec![(record.to_owned(), trutina_tests::harness::date("2026-11-30"))],
    }
}

fn full(bundle: &[u8], trust: &Trust) -> Result<(), BundleError> {
    load_and_compare(&Engine::default(), bundle, trust, &Parser).map(|loaded| assert!(loaded.program.is_some()))
}

fn code<T>(result: Result<T, BundleError>) -> Option<Code> {
    result.err().map(|error| error.code)
}

/// T6005
#[test]
fn a_damaged_bundle_is_refused() {
    let bundle = small().pack().unwrap();
    let trust = trust_in(&bundle);
    assert_eq!(code(full(&bundle, &Trust::default())), None);
    assert_eq!(code(load_compiled(&bundle, &trust)), None);
    assert_eq!(code(full(b"", &Trust::default())), Some(codes::BUNDLE_DAMAGED));
    for at in 0..bundle.len() {
        let mut changed = bundle.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(Bundle::read(&changed).is_err(), "byte {at} does not matter");
        assert!(Bundle::read(&bundle[..at]).is_err(), "cut at {at}");
    }
    let mut longer = bundle.clone();
    longer.push(0);
    assert_eq!(code(Bundle::read(&longer)), Some(codes::BUNDLE_DAMAGED));
}

/// Whatever is changed in a program, what is read has that very encoding; and nothing is read of a part, or of more.
#[test]
fn a_changed_program_is_refused_or_is_another() {
    let encoded = encode_program(&small().load().unwrap().0);
    let (mut refused, mut read) = (0, 0);
    for at in 0..encoded.len() {
        assert!(decode_program(&encoded[..at]).is_none(), "cut at {at}");
        let byte = encoded[at];
        let flipped = (0..8).map(|bit| byte ^ (1 << bit));
        for other in flipped.chain([0, 0x7f, 0x80, 0xff, byte.wrapping_add(1), byte.wrapping_sub(1)]) {
            let mut changed = encoded.clone();
            changed[at] = other;
            match decode_program(&changed) {
                None => refused += 1,
                Some(program) => {
                    read += 1;
                    assert_eq!(encode_program(&program), changed, "byte {at} as {other}: two encodings of one program");
                }
            }
        }
    }
    let mut longer = encoded.clone();
    longer.push(0);
    assert!(decode_program(&longer).is_none());
    println!("{refused} refused, {read} read");
    assert!(refused > 0 && read > 0);
}

/// T6006
#[test]
fn a_bundle_of_another_version_is_to_be_packed_again() {
    let mut bundle = small().pack().unwrap();
    bundle[8] = 2;
    assert_eq!(code(Bundle::read(&bundle)), Some(codes::BUNDLE_VERSION));
    for (from, to) in [("\"program\":1", "\"program\":2"), ("\"language\":1", "\"language\":2")] {
        let bundle = replaced(&small().pack().unwrap(), from, to);
        let error = Bundle::read(&bundle).unwrap_err();
        assert_eq!(error.code, codes::BUNDLE_VERSION, "{from}");
        assert!(error.help.contains("pack the ruleset again"), "{error:?}");
    }
}

fn replaced(bundle: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bundle.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
    let mut changed = bundle.to_vec();
    changed[at..at + to.len()].copy_from_slice(to.as_bytes());
    let end = 16 + u32::from_le_bytes(changed[12..16].try_into().unwrap()) as usize;
    let digest = Sha256::digest(&changed[..end]);
    changed[end..end + 32].copy_from_slice(&digest);
    changed
}

/// T6007
#[test]
fn a_bundle_that_nobody_vouches_for_is_refused() {
    let bundle = small().pack().unwrap();
    let other = Trust { digests: vec![format!("sha256:{}", "0".repeat(64))], keys: Vec::new() };
    for trust in [&Trust::default(), &other] {
        assert_eq!(code(load_compiled(&bundle, trust)), Some(codes::BUNDLE_UNTRUSTED));
    }
    assert_eq!(code(full(&bundle, &other)), Some(codes::BUNDLE_UNTRUSTED));
    let ruleset = Bundle::read(&bundle).unwrap().manifest.digest;
    let ruleset = Trust { digests: vec![ruleset], keys: Vec::new() };
    assert_eq!(code(load_compiled(&bundle, &ruleset)), Some(codes::BUNDLE_UNTRUSTED), "not what a bundle is known by");
}

fn signed_with(seed: u8, bundle: &[u8]) -> (PublicKey, Vec<u8>) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey(key.verifying_key().to_bytes());
    (public, sign(bundle, public, |bytes| key.sign(bytes).to_bytes()).unwrap())
}

#[test]
fn a_trusted_signature_vouches_for_a_bundle() {
    let unsigned = small().pack().unwrap();
    let (one, first) = signed_with(1, &unsigned);
    let (two, both) = signed_with(2, &first);
    let of = |keys: &[PublicKey]| Trust { digests: Vec::new(), keys: keys.to_vec() };
    assert_eq!(signed_with(1, &first).1, first, "signing again changes nothing");
    assert_eq!(signed_with(1, &signed_with(2, &unsigned).1).1, both, "in whatever order");
    assert_eq!(code(load_compiled(&unsigned, &of(&[one]))), Some(codes::BUNDLE_UNTRUSTED));
    assert_eq!(code(load_compiled(&first, &of(&[one]))), None);
    assert_eq!(code(load_compiled(&first, &of(&[two]))), Some(codes::BUNDLE_UNTRUSTED));
    assert_eq!(code(load_compiled(&both, &of(&[two]))), None);
    assert_eq!(Bundle::read(&unsigned).unwrap().digest(), Bundle::read(&both).unwrap().digest());
    let start = Bundle::read(&first).unwrap().signed_bytes().len() + 32;
    for at in start..start + 4 + 96 {
        let mut changed = first.clone();
        changed[at] ^= 0x10;
        assert_eq!(code(Bundle::read(&changed)), Some(codes::BUNDLE_DAMAGED), "byte {at} of the signature");
    }
    let mut weak = first.clone();
    weak[start + 4..start + 36].copy_from_slice(&[[1_u8].as_slice(), &[0; 31]].concat());
    weak[start + 36..start + 100].copy_from_slice(&[[1_u8].as_slice(), &[0; 63]].concat());
    assert_eq!(code(Bundle::read(&weak)), Some(codes::BUNDLE_DAMAGED), "a key of small order signs everything");
}

/// T6008
#[test]
fn a_program_that_its_sources_do_not_give_is_refused() {
    let world = small();
    let (mut program, loaded) = world.load().unwrap();
    program.scorecards[0].initial += 1;
    let bundle = pack(&program, &loaded.sources, &world.files).unwrap();
    assert_eq!(code(full(&bundle, &Trust::default())), Some(codes::BUNDLE_MISMATCH));
    assert_eq!(code(full(&bundle, &trust_in(&bundle))), Some(codes::BUNDLE_MISMATCH), "trust does not make it true");
    let made = replaced(&bundle, "\"engine\":\"0.1.0\"", "\"engine\":\"0.0.9\"");
    assert_eq!(code(full(&made, &Trust::default())), Some(codes::BUNDLE_VERSION));
}

/// T6005: a manifest that names another ruleset, on a host with the parser and on one without.
#[test]
fn a_bundle_under_another_name_is_refused() {
    let sound = small().pack().unwrap();
    let version = Bundle::read(&sound).unwrap().manifest.version;
    let other = version.replacen('1', "2", 1);
    let [from, to] = [version, other].map(|version| format!("\"version\":\"{version}\""));
    let renamed = replaced(&sound, &from, &to);
    assert_eq!(code(full(&renamed, &Trust::default())), Some(codes::BUNDLE_DAMAGED));
    assert_eq!(code(load_compiled(&renamed, &trust_in(&renamed))), Some(codes::BUNDLE_DAMAGED));
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    let world = small();
    let mut other = small();
    for content in other.files.values_mut() {
        let text = String::from_utf8(std::mem::take(content)).unwrap();
        *content = format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes();
    }
    assert_eq!(world.pack().unwrap(), other.pack().unwrap());
}
