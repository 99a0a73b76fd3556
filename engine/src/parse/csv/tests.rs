#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;
use proptest::prelude::*;

type Row = Result<Vec<String>, (u16, u32, u32)>;

fn read_in_chunks(bytes: &[u8], chunk: usize) -> Vec<Row> {
    let mut reader = Reader::new();
    let mut rows = Vec::new();
    let mut rest = bytes.chunks(chunk.max(1));
    loop {
        while let Some(found) = reader.next_record() {
            rows.push(match found {
                Ok(record) => Ok(record.iter().map(str::to_owned).collect()),
                Err(problem) => Err((problem.code.number(), problem.line, problem.column)),
            });
        }
        match rest.next() {
            Some(bytes) => reader.feed(bytes),
            None if reader.finished => return rows,
            None => reader.finish(),
        }
    }
}

fn read(text: &str) -> Vec<Row> {
    read_in_chunks(text.as_bytes(), usize::MAX)
}

fn row(fields: &[&str]) -> Row {
    Ok(fields.iter().map(|field| (*field).to_owned()).collect())
}

#[test]
fn well_formed_files_are_read() {
    let cases: &[(&str, &[&[&str]])] = &[
        ("", &[]),
        ("\u{FEFF}", &[]),
        ("a", &[&["a"]]),
        ("a,b\n1,2\n", &[&["a", "b"], &["1", "2"]]),
        ("\u{FEFF}a,b\r\n1,2", &[&["a", "b"], &["1", "2"]]),
        ("a,b\n,\n", &[&["a", "b"], &["", ""]]),
        ("\"a\"\"b\",\"c\nd\"\n\"\",\"\"\"\"\r\n", &[&["a\"b", "c\nd"], &["", "\""]]),
        ("a\n\"\r\"\n", &[&["a"], &["\r"]]),
    ];
    for (text, rows) in cases {
        let expected: Vec<Row> = rows.iter().map(|fields| row(fields)).collect();
        assert_eq!(read(text), expected, "{text:?}");
    }
}

#[test]
fn every_fault_is_found_and_reading_goes_on() {
    let cases: &[(&str, &[Row])] = &[
        ("a,b\n1,\"2\n3,4\n", &[row(&["a", "b"]), Err((1201, 2, 3)), row(&["3", "4"])]),
        ("a,b\n1,\"2\n3,\"4\"\n5,6\n", &[row(&["a", "b"]), Err((1201, 3, 4)), row(&["3", "4"]), row(&["5", "6"])]),
        ("a,b\n1,x\"y\"\n3,4\n", &[row(&["a", "b"]), Err((1201, 2, 4)), row(&["3", "4"])]),
        ("a,b\n\n1,2\n\r\n", &[row(&["a", "b"]), Err((1203, 2, 1)), row(&["1", "2"]), Err((1203, 4, 1))]),
        ("a,b\n1\n1,2,3\n1,2\n", &[row(&["a", "b"]), Err((1202, 2, 2)), Err((1202, 3, 5)), row(&["1", "2"])]),
        ("a,b\n1,2,,\n", &[row(&["a", "b"]), Err((1206, 2, 5))]),
        ("a,b\n理财,\"x\"y\n", &[row(&["a", "b"]), Err((1201, 2, 7))]),
        ("a,b\r1,2\r", &[Err((1210, 1, 3))]),
        ("a\n\"b", &[row(&["a"]), Err((1201, 2, 1))]),
    ];
    for (text, rows) in cases {
        assert_eq!(read(text), *rows, "{text:?}");
    }
    assert_eq!(read_in_chunks(b"a\n\xC0\xED\n1\n", 4), [row(&["a"]), Err((1002, 2, 1)), row(&["1"])]);
}

#[test]
fn a_record_without_end_is_refused_early() {
    let mut text = b"a\n\"".to_vec();
    text.resize(RECORD_BYTES_MAX * 3, b'x');
    text.extend_from_slice(b"\n1\n");
    assert_eq!(read_in_chunks(&text, 65_536), [row(&["a"]), Err((1201, 2, 1)), row(&["1"])]);
    text.drain(..3);
    let rows = read_in_chunks(&text, 65_536);
    assert_eq!(rows, [Err((5006, 1, 1)), row(&["1"])]);
}

#[test]
fn places_are_those_of_the_file() {
    let mut reader = Reader::new();
    reader.feed("客户,\"a\nb\",c\n1,2,3\n".as_bytes());
    reader.finish();
    let header = reader.next_record().unwrap().unwrap();
    assert_eq!([header.position(0), header.position(1), header.position(2)], [(1, 1), (1, 4), (2, 4)]);
    assert_eq!(header.raw(1), Some("\"a\nb\""));
    let second = reader.next_record().unwrap().unwrap();
    assert_eq!((second.line(), second.position(2)), (3, (3, 5)));
}

#[test]
fn headers_are_judged() {
    let problems = |text: &str| -> Vec<(u16, u32)> {
        let mut reader = Reader::new();
        reader.feed(text.as_bytes());
        reader.finish();
        let header = reader.next_record().unwrap().unwrap();
        header_problems(&header).into_iter().map(|problem| (problem.code.number(), problem.column)).collect()
    };
    assert_eq!(problems("a,b,c\n"), []);
    assert_eq!(problems("a,b,a,,c\n"), [(1204, 5), (1204, 7)]);
    assert_eq!(problems("a,b,,\n"), [(1206, 5)]);
}

proptest! {
    #[test]
    fn agrees_with_a_lenient_reader_on_well_formed_files(
        rows in (1_usize..5).prop_flat_map(|width| prop::collection::vec(prop::collection::vec("[a-c,\"\r\n 理]{0,5}", width), 1..8)),
        crlf in any::<bool>(),
        chunk in 1_usize..20,
    ) {
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().terminator(terminator).from_writer(Vec::new());
        for fields in &rows {
            writer.write_record(fields).unwrap();
        }
        let bytes = writer.into_inner().unwrap();
        let mut theirs = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let expected: Vec<Row> =
            theirs.records().map(|record| Ok(record.unwrap().iter().map(str::to_owned).collect())).collect();
        prop_assert_eq!(&expected, &rows.into_iter().map(Ok).collect::<Vec<Row>>());
        prop_assert_eq!(read_in_chunks(&bytes, chunk), expected);
    }

    #[test]
    fn chunks_change_nothing_and_no_bytes_stop_it(
        bytes in prop::collection::vec(prop::sample::select(b"ab,\"\n\r\xEF\xBB\xBF\xC0".to_vec()), 0..60),
        chunk in 1_usize..9,
    ) {
        prop_assert_eq!(read_in_chunks(&bytes, chunk), read_in_chunks(&bytes, usize::MAX));
    }
}
