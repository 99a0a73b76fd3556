//! Prints the generated case of a seed: `cargo run -p trutina-tests --example generated -- 7`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for people")]

fn main() {
    let seed = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0);
    let case = trutina_tests::generate::from_seed(seed);
    for (path, bytes) in &case.files {
        println!("== {path}\n{}", String::from_utf8_lossy(bytes));
    }
    println!("== as_of {}", case.as_of);
    for record in &case.records {
        println!("{record}");
    }
}
