//! Times the native door over rows of facts, the same bytes that the benchmarks of the hosts send: one request of NDJSON per thousand rows.
//! `door FACTS.ndjson [ROWS] [ROUNDS]` takes the rows of the file again and again, and prints JSON on one line.

use std::time::Instant;

use sha2::{Digest as _, Sha256};
use trutina_engine::engine::Engine;
use trutina_engine::wire::call::Door;
use trutina_script::Parser;

type Failure = Box<dyn std::error::Error>;

const LOAD: i32 = 1;
const DECIDE_BATCH: i32 = 4;
const WARM_UP: usize = 2;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [path, rest @ ..] = arguments.as_slice() else { return Err("usage: door FACTS.ndjson [ROWS] [ROUNDS]".into()) };
    let number = |at: usize, or: usize| rest.get(at).map_or(Ok(or), |text| text.parse::<usize>());
    let (rows, rounds) = (number(0, 100_000)?, number(1, 5)?);
    let text = std::fs::read_to_string(path)?;
    let lines: Vec<&str> = text.lines().cycle().take(rows).collect();
    let mut door = Door::new(Engine::default(), Box::new(Parser));
    let loaded = door.call(LOAD, &payload()?);
    if !loaded.starts_with(br#"{"ok":{"handle":1,"#) {
        return Err(String::from_utf8_lossy(&loaded).into());
    }
    let requests: Vec<Vec<u8>> = lines.chunks(1000).map(request).collect();
    let mut times = Vec::new();
    let mut answers = Sha256::new();
    for round in 0..rounds.saturating_add(WARM_UP) {
        let start = Instant::now();
        let answered: Vec<Vec<u8>> = requests.iter().map(|request| door.call(DECIDE_BATCH, request)).collect();
        let took = start.elapsed().as_nanos() / rows.max(1) as u128;
        if round >= WARM_UP {
            times.push(took);
        } else if round == 0 {
            answered.iter().for_each(|answer| answers.update(answer));
        }
    }
    let facts: String = lines.iter().flat_map(|line| [*line, "\n"]).collect();
    println!(
        r#"{{"host":"native","rows":{rows},"request_sha256":"{}","answer_sha256":"{}","batch_bytes":{{"best":{},"all":{times:?}}}}}"#,
        hex(&Sha256::digest(facts)),
        hex(&answers.finalize()),
        times.iter().min().copied().unwrap_or_default(),
    );
    Ok(())
}

fn request(lines: &[&str]) -> Vec<u8> {
    let rows = lines.len();
    format!(
        "{{\"handle\":1,\"as_of\":\"2026-11-30\",\"rows\":{rows},\"format\":\"ndjson\",\"trace\":\"none\"}}\n{}\n",
        lines.join("\n")
    )
    .into_bytes()
}

/// The files of the shipped rating.
fn payload() -> Result<Vec<u8>, Failure> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../rulesets/retail-credit-rating");
    let mut files = Vec::new();
    for name in [
        "ruleset.toml",
        "rules.rhai",
        "reasons.csv",
        "application.scorecard.csv",
        "master.scale.csv",
        "limit.table.csv",
    ] {
        let text = std::fs::read_to_string(folder.join(name))?;
        files.push(format!("{}:{}", quoted(name), quoted(&text)));
    }
    Ok(format!("{{\"files\":{{{}}}}}", files.join(",")).into_bytes())
}

fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    trutina_engine::wire::canonical::write_string(&mut out, text);
    String::from_utf8_lossy(&out).into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
