//! Portfolios from disk, chunk by chunk: memory does not grow with the file.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use trutina_engine::diagnostic::codes::{NOT_UTF8, REQUEST_TOO_LARGE};
use trutina_engine::parse::csv;
use trutina_engine::wire::input::FACTS_LIMITS;

use super::chunk::Chunk;
use crate::args::Encoding;
use crate::failure::Failure;

/// Bytes read at a time.
const BLOCK: usize = 256 << 10;

/// A portfolio that is being read.
pub enum Source {
    /// Rows of cells under a header.
    Csv(CsvSource),
    /// One JSON object per line.
    Ndjson(NdjsonSource),
}

impl Source {
    /// Fills a chunk; `false` if there are no more rows.
    pub fn fill(&mut self, chunk: &mut Chunk) -> Result<bool, Failure> {
        match self {
            Self::Csv(source) => source.fill(chunk)?,
            Self::Ndjson(source) => source.fill(chunk)?,
        }
        Ok(!chunk.rows.is_empty())
    }

    /// Bytes of the file read so far.
    pub const fn bytes_read(&self) -> u64 {
        match self {
            Self::Csv(source) => source.blocks.bytes_read,
            Self::Ndjson(source) => source.bytes_read,
        }
    }
}

/// The blocks of a file, as UTF-8.
struct Blocks {
    path: PathBuf,
    file: File,
    block: Vec<u8>,
    decoder: Option<encoding_rs::Decoder>,
    decoded: String,
    bytes_read: u64,
    /// The file has no more bytes; a decoder may swallow a block whole (half a character) before that.
    ended: bool,
}

impl Blocks {
    fn open(path: &Path, encoding: Encoding) -> Result<Self, Failure> {
        let file = File::open(path).map_err(|error| Failure::file("read the portfolio", path, &error))?;
        let decoder = match encoding {
            Encoding::Utf8 => None,
            Encoding::Gb18030 => Some(encoding_rs::GB18030.new_decoder_without_bom_handling()),
        };
        Ok(Self {
            path: path.to_owned(),
            file,
            block: vec![0; BLOCK],
            decoder,
            decoded: String::new(),
            bytes_read: 0,
            ended: false,
        })
    }

    /// The next bytes; empty at the end.
    fn next(&mut self) -> Result<&[u8], Failure> {
        let failed = |error: std::io::Error| Failure::file("read the portfolio", &self.path, &error);
        let count = loop {
            match self.file.read(&mut self.block) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                other => break other.map_err(failed)?,
            }
        };
        self.bytes_read = self.bytes_read.saturating_add(u64::try_from(count).unwrap_or(0));
        self.ended = count == 0;
        let block = self.block.get(..count).unwrap_or_default();
        let Some(decoder) = &mut self.decoder else { return Ok(block) };
        self.decoded.clear();
        let room = decoder.max_utf8_buffer_length(count).unwrap_or(BLOCK.saturating_mul(4));
        self.decoded.reserve(room);
        let (_, _, damaged) = decoder.decode_to_string(block, &mut self.decoded, count == 0);
        if damaged {
            return Err(Failure::new(format!("`{}` is not GB18030 throughout", self.path.display()))
                .with_help("leave `--encoding` away if it is UTF-8; otherwise have it exported again"));
        }
        Ok(self.decoded.as_bytes())
    }
}

/// A CSV file behind its header.
pub struct CsvSource {
    reader: csv::Reader,
    blocks: Blocks,
    finished: bool,
}

/// A header as written: its cells, each with its place, and what is wrong with it.
pub struct Header {
    /// Names of the columns.
    pub names: Vec<String>,
    /// The line as written.
    pub line: String,
    /// Column (from 1) at which each name begins; the header stands on line 1.
    pub places: Vec<u32>,
    /// Problems of the header itself.
    pub problems: Vec<csv::Problem>,
}

impl CsvSource {
    /// Opens a file and reads its header.
    pub fn open(path: &Path, encoding: Encoding) -> Result<(Self, Header), Failure> {
        let mut source = Self { reader: csv::Reader::new(), blocks: Blocks::open(path, encoding)?, finished: false };
        loop {
            match source.reader.next_record() {
                Some(Ok(record)) => {
                    let header = Header {
                        names: record.iter().map(str::to_owned).collect(),
                        line: (0..record.len()).filter_map(|index| record.raw(index)).collect::<Vec<_>>().join(","),
                        places: (0..record.len()).map(|index| record.position(index).1).collect(),
                        problems: csv::header_problems(&record),
                    };
                    return Ok((source, header));
                }
                Some(Err(problem)) => return Err(source.damaged(&problem)),
                None if source.finished => {
                    return Err(Failure::new(format!("`{}` is empty", path.display()))
                        .with_help("a portfolio begins with a header row that names its columns"));
                }
                None => source.feed()?,
            }
        }
    }

    fn feed(&mut self) -> Result<(), Failure> {
        self.reader.feed(self.blocks.next()?);
        if self.blocks.ended {
            self.reader.finish();
            self.finished = true;
        }
        Ok(())
    }

    fn damaged(&self, problem: &csv::Problem) -> Failure {
        let place = format!("`{}`, line {}, column {}", self.blocks.path.display(), problem.line, problem.column);
        let failure = Failure::new(format!("{place}: {}", problem.message));
        match (problem.code == NOT_UTF8, problem.help) {
            (true, _) => failure
                .with_help("portfolios are UTF-8; if this one is GB18030 (GBK, GB2312), say `--encoding gb18030`"),
            (false, Some(advice)) => failure.with_help(advice),
            (false, None) => failure,
        }
    }

    fn fill(&mut self, chunk: &mut Chunk) -> Result<(), Failure> {
        while !chunk.is_full() {
            match self.reader.next_record() {
                Some(Ok(record)) => chunk.push_record(&record),
                Some(Err(problem)) if problem.code == NOT_UTF8 => return Err(self.damaged(&problem)),
                Some(Err(problem)) => {
                    chunk.push_problem(problem.code, format!("line {}: {}", problem.line, problem.message));
                }
                None if self.finished => break,
                None => self.feed()?,
            }
        }
        Ok(())
    }
}

/// A file of JSON lines.
pub struct NdjsonSource {
    path: PathBuf,
    reader: BufReader<File>,
    line: Vec<u8>,
    begun: bool,
    bytes_read: u64,
}

impl NdjsonSource {
    /// Opens a file.
    pub fn open(path: &Path, encoding: Encoding) -> Result<Self, Failure> {
        if encoding != Encoding::Utf8 {
            return Err(Failure::new("NDJSON is always UTF-8").with_help("leave `--encoding` away"));
        }
        let file = File::open(path).map_err(|error| Failure::file("read the portfolio", path, &error))?;
        let reader = BufReader::with_capacity(BLOCK, file);
        Ok(Self { path: path.to_owned(), reader, line: Vec::new(), begun: false, bytes_read: 0 })
    }

    fn fill(&mut self, chunk: &mut Chunk) -> Result<(), Failure> {
        while !chunk.is_full() {
            let Some(too_long) = self.next_line()? else { break };
            let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
            if too_long {
                chunk.push_problem(
                    REQUEST_TOO_LARGE,
                    format!("the line is longer than {} bytes", FACTS_LIMITS.bytes_max),
                );
            } else {
                chunk.push_line(line);
            }
        }
        Ok(())
    }

    /// Reads a line without its end; says whether it is too long to be kept. `None` at the end of the file.
    fn next_line(&mut self) -> Result<Option<bool>, Failure> {
        self.line.clear();
        let (mut any, mut too_long) = (false, false);
        loop {
            let block =
                self.reader.fill_buf().map_err(|error| Failure::file("read the portfolio", &self.path, &error))?;
            if block.is_empty() {
                return Ok(any.then_some(too_long));
            }
            any = true;
            let end = block.iter().position(|byte| *byte == b'\n');
            let piece = block.get(..end.unwrap_or(block.len())).unwrap_or_default();
            too_long = too_long || self.line.len().saturating_add(piece.len()) > FACTS_LIMITS.bytes_max;
            if !too_long {
                self.line.extend_from_slice(piece);
            }
            let used = piece.len().saturating_add(usize::from(end.is_some()));
            self.reader.consume(used);
            self.bytes_read = self.bytes_read.saturating_add(u64::try_from(used).unwrap_or(0));
            if end.is_some() {
                if !std::mem::replace(&mut self.begun, true) && self.line.starts_with(b"\xEF\xBB\xBF") {
                    self.line.drain(..3);
                }
                return Ok(Some(too_long));
            }
        }
    }
}
