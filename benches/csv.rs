//! How fast are the cells of a CSV portfolio found, and how fast do they become facts?

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rust_decimal::Decimal;
use trutina_benches::{load, rows};
use trutina_engine::parse::csv::Reader;
use trutina_engine::record::Record;
use trutina_engine::value::slot::Slot;
use trutina_engine::wire::input::RowReader;

const CHUNK: usize = 1 << 16;

/// Sum of the lengths of all cells, and their number, read in chunks as a host reads a file.
fn trutina(bytes: &[u8]) -> (usize, usize) {
    let mut reader = Reader::new();
    let (mut length, mut cells) = (0, 0);
    let mut chunks = bytes.chunks(CHUNK);
    loop {
        while let Some(record) = reader.next_record() {
            let record = record.expect("a sound file");
            cells += record.len();
            length += record.iter().map(str::len).sum::<usize>();
        }
        match chunks.next() {
            Some(chunk) => reader.feed(chunk),
            None if cells == (rows::ROWS + 1) * rows::COLUMNS => return (length, cells),
            None => reader.finish(),
        }
    }
}

/// The same with the crate `csv`, which takes bad quoting as it comes.
fn csv_crate(bytes: &[u8]) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).buffer_capacity(CHUNK).from_reader(bytes);
    let mut record = csv::StringRecord::new();
    let (mut length, mut cells) = (0, 0);
    while reader.read_record(&mut record).expect("a sound file") {
        cells += record.len();
        length += record.iter().map(str::len).sum::<usize>();
    }
    (length, cells)
}

fn find_cells(c: &mut Criterion) {
    let text = rows::csv();
    assert_eq!(trutina(text.as_bytes()), csv_crate(text.as_bytes()));
    let mut group = c.benchmark_group("csv_cells");
    group.throughput(Throughput::Elements(((rows::ROWS + 1) * rows::COLUMNS) as u64));
    group.bench_function("csv_crate", |b| b.iter(|| csv_crate(black_box(text.as_bytes()))));
    group.bench_function("trutina", |b| b.iter(|| trutina(black_box(text.as_bytes()))));
    group.finish();
}

/// The same facts, whoever read them.
fn same(record: &Record, row: &rows::Row) -> bool {
    let months = match row.months {
        rows::Months::Missing => Slot::Missing,
        rows::Months::Unknown => Slot::Special(0),
        rows::Months::Known(months) => Slot::Integer(months),
    };
    let expected = [Slot::Integer(row.age), months, Slot::Decimal(row.income), Slot::Decimal(row.rate)];
    let (year, month, day) = row.opened;
    record.slots[..4] == expected
        && record.slots[4..6] == [Slot::Enum(row.segment), Slot::Boolean(row.active)]
        && matches!(record.slots[6], Slot::Date(date) if date.to_string() == format!("{year:04}-{month:02}-{day:02}"))
        && record.text == row.name
        && matches!(record.slots[2], Slot::Decimal(income) if Decimal::scale(&income) == 2)
}

fn read_rows(c: &mut Criterion) {
    let program = load(&rows::files());
    let text = rows::csv();
    let table: Vec<csv::StringRecord> =
        csv::Reader::from_reader(text.as_bytes()).records().map(|row| row.expect("a sound file")).collect();
    let reader = RowReader::new(&program.facts, text.lines().next().unwrap_or("").split(','));
    let mut record = Record::default();
    for row in &table {
        reader.read(|column| &row[column], &mut record).expect("facts");
        let by_hand = rows::by_hand(|column| &row[column], String::new()).expect("facts");
        assert!(same(&record, &by_hand), "{row:?}: {record:?}");
    }
    let mut next = (0..table.len()).cycle();
    let mut group = c.benchmark_group("row_of_8_facts");
    group.throughput(Throughput::Elements(rows::COLUMNS as u64));
    let mut name = String::new();
    group.bench_function("by_hand", |b| {
        b.iter(|| {
            let cells = &table[next.next().unwrap_or(0)];
            let row = rows::by_hand(|column| black_box(&cells[column]), std::mem::take(&mut name)).expect("facts");
            let age = row.age;
            name = black_box(row).name;
            age
        });
    });
    group.bench_function("trutina", |b| {
        b.iter(|| {
            let cells = &table[next.next().unwrap_or(0)];
            reader.read(|column| black_box(&cells[column]), &mut record).expect("facts");
            black_box(record.slots.len())
        });
    });
    group.finish();
}

criterion_group!(benches, find_cells, read_rows);
criterion_main!(benches);
