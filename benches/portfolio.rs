//! The whole command line on the sample portfolio repeated to 100,000 and to 1,000,000 rows, on one thread.
//!
//! `cargo build --release -p trutina-cli && cargo run --release -p trutina-benches --bin portfolio`
//! prints the time of the whole process, rows per second of it, rows per second of the processor's time that the process
//! got (a virtual machine may get less of its core than the whole), and its peak memory (`VmHWM`), medians of five runs.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../rulesets/retail-credit-rating");
const RUNS: usize = 5;

fn main() -> io::Result<()> {
    let directory = std::env::temp_dir().join(format!("trutina-portfolio-{}", std::process::id()));
    fs::create_dir_all(&directory)?;
    let mut report = String::new();
    for rows in [100_000_usize, 1_000_000] {
        let input = directory.join(format!("{rows}.csv"));
        repeat(rows, &input)?;
        let mut seconds = Vec::new();
        let mut processor = Vec::new();
        let mut kilobytes = Vec::new();
        for _ in 0..RUNS {
            let before = processor_seconds();
            let (time, memory) = run(&input, &directory.join("out.csv"))?;
            seconds.push(time);
            processor.push(processor_seconds() - before);
            kilobytes.push(memory);
        }
        seconds.sort_by(f64::total_cmp);
        processor.sort_by(f64::total_cmp);
        kilobytes.sort_unstable();
        let (time, own, memory) = (seconds[RUNS / 2], processor[RUNS / 2], kilobytes[RUNS / 2]);
        let rate = |seconds: f64| rows as f64 / seconds;
        let _ = writeln!(
            report,
            "{rows:>9} rows  {time:>7.3} s  {:>9.0} rows/s  {:>9.0} per second of processor time  peak {memory} kB",
            rate(time),
            rate(own)
        );
    }
    fs::remove_dir_all(&directory)?;
    print!("{report}");
    Ok(())
}

/// The 1,000 applicants over and over, ids made distinct.
fn repeat(rows: usize, to: &Path) -> io::Result<()> {
    let text = fs::read_to_string(Path::new(PACK).join("portfolio.csv"))?;
    let mut lines = text.lines();
    let header = lines.next().unwrap_or("");
    let applicants: Vec<&str> = lines.map(|line| line.split_once(',').map_or(line, |(_, facts)| facts)).collect();
    let mut file = BufWriter::new(fs::File::create(to)?);
    writeln!(file, "{header}")?;
    for (row, facts) in (0..rows).zip(applicants.iter().cycle()) {
        writeln!(file, "A{row:07},{facts}")?;
    }
    file.flush()
}

fn run(input: &Path, output: &Path) -> io::Result<(f64, u64)> {
    let begin = Instant::now();
    let mut child = Command::new(binary())
        .args([
            "batch",
            PACK,
            "--as-of",
            "2026-11-30",
            "--threads",
            "1",
            "--id",
            "applicant",
            "--ignore",
            "creditability",
            "--in",
        ])
        .arg(input)
        .arg("--out")
        .arg(output)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let mut peak = 0;
    loop {
        peak = high_water_mark(child.id()).unwrap_or(peak).max(peak);
        if let Some(status) = child.try_wait()? {
            assert!(status.success(), "the batch ended with {status}");
            return Ok((begin.elapsed().as_secs_f64(), peak));
        }
        sleep(Duration::from_millis(2));
    }
}

/// Processor time of all children that have ended, in seconds; the kernel counts in hundredths.
fn processor_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or("").split_whitespace();
    let ticks: f64 = fields.skip(13).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

/// Peak resident memory in kB, as the kernel keeps it.
fn high_water_mark(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// The `trutina` beside this program.
fn binary() -> PathBuf {
    let mut path = std::env::current_exe().unwrap_or_default();
    path.set_file_name("trutina");
    path
}
