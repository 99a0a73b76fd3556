//! Reading, deciding and writing side by side. One thread reads and writes; the others decide. Chunks leave in the order
//! in which they came, and only so many are under way that memory stays the same whatever the file's size.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::chunk::Chunk;
use super::input::Source;
use super::output::Sink;
use super::summary::Tally;
use super::worker::{Done, Plan, Worker};
use crate::failure::Failure;

/// A run shorter than this shows no progress bar.
const LONG: Duration = Duration::from_millis(700);

/// Chunks under way per worker.
const AHEAD: usize = 3;

/// Decides all rows of `source` into `sink`.
pub fn run(plan: &Plan<'_>, source: Source, sink: &mut Sink, threads: usize, size: u64) -> Result<Tally, Failure> {
    let mut flow = Flow {
        source,
        sink,
        tally: Tally::new(plan.program),
        sequence: 0,
        next_row: 1,
        progress: Progress { started: Instant::now(), size, bar: None },
    };
    if threads <= 1 {
        flow.alone(plan)?
    } else {
        flow.together(plan, threads)?
    }
    flow.progress.clear();
    Ok(flow.tally)
}

struct Flow<'s> {
    source: Source,
    sink: &'s mut Sink,
    tally: Tally,
    sequence: u64,
    next_row: u64,
    progress: Progress,
}

impl Flow<'_> {
    /// The next chunk, in the memory of an old one.
    fn read(&mut self, mut chunk: Chunk) -> Result<Option<Chunk>, Failure> {
        chunk.restart(self.sequence, self.next_row);
        if !self.source.fill(&mut chunk)? {
            return Ok(None);
        }
        self.sequence = self.sequence.saturating_add(1);
        self.next_row = self.next_row.saturating_add(u64::try_from(chunk.rows.len()).unwrap_or(0));
        Ok(Some(chunk))
    }

    fn write(&mut self, done: Done) -> Result<(), Failure> {
        self.sink.write(&done.bytes)?;
        self.tally.add(done.tally);
        self.progress.show(self.source.bytes_read());
        Ok(())
    }

    fn alone(&mut self, plan: &Plan<'_>) -> Result<(), Failure> {
        let mut worker = Worker::new(plan);
        let mut spare = Chunk::default();
        while let Some(chunk) = self.read(spare)? {
            self.write(worker.decide(&chunk))?;
            spare = chunk;
        }
        Ok(())
    }

    fn together(&mut self, plan: &Plan<'_>, threads: usize) -> Result<(), Failure> {
        let (work, inbox) = channel::<Chunk>();
        let inbox = Arc::new(Mutex::new(inbox));
        let (answers, outbox) = channel();
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (inbox, answers) = (Arc::clone(&inbox), answers.clone());
                scope.spawn(move || serve(plan, &inbox, &answers));
            }
            drop(answers);
            // Dropping `work` at the end of this call, with or without an error, sends the workers home.
            self.feed(work, &outbox, threads.saturating_mul(AHEAD))
        })
    }

    fn feed(&mut self, work: Sender<Chunk>, outbox: &Receiver<Answer>, most: usize) -> Result<(), Failure> {
        let mut waiting: BTreeMap<u64, Done> = BTreeMap::new();
        let mut spare: Vec<Chunk> = Vec::new();
        let (mut next, mut under_way, mut ended) = (0_u64, 0_usize, false);
        while !ended || under_way > 0 {
            while !ended && under_way < most {
                match self.read(spare.pop().unwrap_or_default())? {
                    Some(chunk) => {
                        work.send(chunk).map_err(|_| broken())?;
                        under_way = under_way.saturating_add(1);
                    }
                    None => ended = true,
                }
            }
            if under_way == 0 {
                break;
            }
            let (done, chunk) = outbox.recv().map_err(|_| broken())?.ok_or_else(broken)?;
            spare.push(chunk);
            waiting.insert(done.sequence, done);
            while let Some(done) = waiting.remove(&next) {
                self.write(done)?;
                next = next.saturating_add(1);
                under_way = under_way.saturating_sub(1);
            }
        }
        Ok(())
    }
}

/// What a worker answers; nothing if it broke down.
type Answer = Option<(Done, Chunk)>;

fn serve(plan: &Plan<'_>, inbox: &Mutex<Receiver<Chunk>>, answers: &Sender<Answer>) {
    let mut worker = Worker::new(plan);
    loop {
        let chunk = match inbox.lock() {
            Ok(inbox) => inbox.recv(),
            Err(_) => return,
        };
        let Ok(chunk) = chunk else { return };
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| worker.decide(&chunk)));
        let answer = done.ok().map(|done| (done, chunk));
        let broken = answer.is_none();
        if answers.send(answer).is_err() || broken {
            return;
        }
    }
}

fn broken() -> Failure {
    Failure::new("a defect in Trutina stopped a worker")
        .with_help("report it with the ruleset and the row, as SECURITY.md says")
}

/// A bar on a terminal, once a run turns out to be long.
struct Progress {
    started: Instant,
    size: u64,
    bar: Option<ProgressBar>,
}

impl Progress {
    fn show(&mut self, bytes: u64) {
        if self.bar.is_none() && self.size > 0 && self.started.elapsed() > LONG {
            let bar = ProgressBar::new(self.size); // it stays hidden unless stderr is a terminal
            let style = ProgressStyle::with_template("{bar:32} {percent:>3} %  {elapsed} gone, {eta} to go");
            self.bar = Some(style.map(|style| bar.clone().with_style(style)).unwrap_or(bar));
        }
        if let Some(bar) = &self.bar {
            bar.set_position(bytes.min(self.size));
        }
    }

    fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
