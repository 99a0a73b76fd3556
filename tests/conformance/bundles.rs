//! The same rulesets out of bundles, which the runtime module loads: decided there, and in a module that holds its ruleset.

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use trutina_engine::wire::bundle::{PublicKey, sign};
use trutina_tests::harness::bundles::{World, decided, generated, packs, trust_in, worlds_in};

use crate::corpus::{AS_OF, Cases, LEVELS, is_json, one_line, pack, portfolio, short};
use crate::entry::{Entry, base64};

/// Every so many generated rulesets one is packed.
pub const GENERATED_STEP: u64 = 10;

/// All of them; the ones in modules of their own if the runtime module is there to be baked.
pub fn all(cases: &mut Cases, runtime: Option<&[u8]>) {
    for world in packs().into_iter().chain(decided()).chain(worlds_in("explain")) {
        let name = format!("bundle/{}", short(&world.name));
        let Some(bundle) = world.pack() else { continue };
        cases.bundle(&name, &bundle, &by_digest(&bundle), None);
        cases.out_of_bundle(&name, &world);
        // Nobody else reads sources: that tells the runtime module from the other.
        cases.call_of(&format!("{name}/sources"), &name, 5, json!({ "files": {} }).to_string());
        cases.drop(&name);
    }
    let rating = pack("retail-credit-rating");
    let bundle = rating.pack().expect("a pack");
    cases.bundle("bundle/portfolio", &bundle, &by_digest(&bundle), None);
    cases.applicants("bundle/portfolio");
    cases.drop("bundle/portfolio");
    trust(cases, &pack("retail-prescreening"));
    if let Some(runtime) = runtime {
        for (name, world) in [("baked/rating", &rating), ("baked/prescreening", &pack("retail-prescreening"))] {
            baked(cases, runtime, name, world);
        }
    }
}

/// Some of the generated rulesets of these seeds.
pub fn of_seeds(cases: &mut Cases, seeds: std::ops::Range<u64>) {
    for seed in seeds.filter(|seed| seed.is_multiple_of(GENERATED_STEP)) {
        let (name, world) = (format!("bundle/generated/{seed}"), generated(seed));
        let Some(bundle) = world.pack() else { continue };
        cases.bundle(&name, &bundle, &by_digest(&bundle), None);
        cases.out_of_bundle(&name, &world);
        cases.drop(&name);
    }
}

fn by_digest(bundle: &[u8]) -> Value {
    json!({ "digests": trust_in(bundle).digests })
}

/// Who is trusted, and who is not.
fn trust(cases: &mut Cases, world: &World) {
    let bundle = world.pack().expect("a pack");
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey(key.verifying_key().to_bytes());
    let signed = sign(&bundle, public, |bytes| key.sign(bytes).to_bytes()).expect("a signed bundle");
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut damaged = bundle.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let ways = [
        ("signed", &signed, json!({ "keys": [hex(&public.0)] })),
        ("signed by nobody", &bundle, json!({ "keys": [hex(&public.0)] })),
        ("another digest", &bundle, json!({ "digests": [format!("sha256:{}", "0".repeat(64))] })),
        ("damaged", &damaged, by_digest(&bundle)),
        ("cut off", &bundle[..middle].to_vec(), by_digest(&bundle)),
    ];
    let (facts, as_of) = &world.records[0];
    for (what, bundle, trust) in ways {
        let name = format!("trust/{what}");
        cases.bundle(&name, bundle, &trust, None);
        cases.case(format!("{name}/decision"), &name, &as_of.to_string(), facts, "full");
        cases.drop(&name);
    }
}

/// A ruleset in a module of its own.
fn baked(cases: &mut Cases, runtime: &[u8], name: &str, world: &World) {
    let bundle = world.pack().expect("a pack");
    let trust = by_digest(&bundle);
    let payload = [format!("{}\n", json!({ "trust": trust })).as_bytes(), &bundle].concat();
    let module = trutina_bake::bake(runtime, &payload).unwrap_or_else(|why| panic!("{name}: {why}"));
    cases.bundle(name, &bundle, &trust, Some(&module));
    cases.out_of_bundle(name, world);
    if name.ends_with("rating") {
        cases.applicants(name);
    }
    cases.drop(name);
}

impl Cases {
    fn bundle(&mut self, name: &str, bundle: &[u8], trust: &Value, module: Option<&[u8]>) {
        let (ruleset, bundle, trust) = (name.to_owned(), base64(bundle), Some(trust.clone()));
        self.entries.push(Entry::Bundle { ruleset, bundle, trust, module: module.map(base64) });
    }

    /// Every record once, its level of traces by turns; all in one batch; some in words.
    fn out_of_bundle(&mut self, name: &str, world: &World) {
        self.call(&format!("{name}/description"), 6, format!("{{\"handle\":\"@{name}\"}}"));
        for (index, (facts, as_of)) in world.records.iter().enumerate().filter(|(_, (facts, _))| is_json(facts)) {
            self.case(format!("{name}/{index}"), name, &as_of.to_string(), facts, LEVELS[index % 3]);
            if index % 8 == 0 {
                let request =
                    format!("{{\"handle\":\"@{name}\",\"as_of\":\"{as_of}\",\"facts\":{facts},\"lang\":\"en\"}}");
                self.call(&format!("{name}/{index} in words"), 7, request);
            }
        }
        let lines = world.records.iter().filter(|(facts, _)| is_json(facts)).map(|(facts, _)| one_line(facts));
        let lines: Vec<String> = lines.collect();
        if let Some((program, _)) = world.load() {
            self.columns(format!("{name}/columns"), name, AS_OF, &program.facts, &lines, "full");
        }
        self.batch(format!("{name}/batch"), name, AS_OF, lines, "none");
    }

    /// The 1,000 applicants of the shipped pack.
    fn applicants(&mut self, name: &str) {
        let (program, _) = pack("retail-credit-rating").load().expect("a pack");
        let rows = portfolio(&program.facts);
        self.columns(format!("{name}/applicants in columns"), name, AS_OF, &program.facts, &rows, "none");
        self.batch(format!("{name}/applicants"), name, AS_OF, rows, "none");
    }
}
