//! batch.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::support::{Run, account, directory, file, first, json, read, trutina};

fn batch(ruleset: &str, input: &str, output: &Path, more: &[&str]) -> Run {
    let output = output.to_str().unwrap();
    let mut arguments = vec!["batch", ruleset, "--in", input, "--out", output, "--as-of", "2026-11-30"];
    arguments.extend(more);
    trutina(&arguments)
}

fn out(extension: &str) -> PathBuf {
    directory().join(format!("out.{extension}"))
}

#[test]
fn csv_to_csv() {
    let path = first();
    let target = out("csv");
    let run = batch(&path, &format!("{path}/applicants.csv"), &target, &["--id", "customer", "--keep", "age,housing"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let expected = "customer,age,housing,outcome,score,grade,limit,reasons,error\n\
         C001,41,own,approve,550,A,50000.00,,\n\
         C002,30,own,refer,470,B,10000.00,P02|R03|R01,\n\
         C003,50,own,refer,510,A,50000.00,P01|R03,\n\
         C004,17,family,decline,400,C,,K01|P01|R03|R01|R02,\n\
         C005,22,rent,refer,410,C,5000.00,L05|R03|R01|R02,\n";
    assert_eq!(read(&target), expected);
}

#[test]
fn rows_errors_and_the_summary() {
    let path = first();
    let place = directory();
    let input = file(
        &place,
        "in.csv",
        "customer,branch,age,monthly_income,monthly_debt,housing,bureau_score,x\n\
         C1,\"A, B\",41.0,12000,2400.00,own,720,\n\
         C2,,200,12000,2400.00,own,720,\n\
         C3,\"say \"\"hi\"\"\",17,0,0,family,,\n\
         C4,too,few\n\
         C5,,41,1.2E+04,0,own,,\n",
    );
    let target = place.join("out.csv");
    let run = batch(&path, &input, &target, &["--id", "customer", "--keep", "branch", "--ignore", "x"]);
    assert_eq!(run.status, 1, "{}", run.stderr);
    assert!(run.stdout.is_empty());
    let expected = "customer,branch,outcome,score,grade,limit,reasons,error\n\
         C1,\"A, B\",approve,550,A,50000.00,,\n\
         C2,,,,,,,T3008\n\
         C3,\"say \"\"hi\"\"\",decline,420,C,,K01|P01|P02|R03|R01|R02,\n\
         4,,,,,,,T1202\n\
         C5,,,,,,,T3006\n";
    assert_eq!(read(&target), expected);
    for part in [
        "5 rows in ",
        "approve  1  50.0 %",
        "decline  1  50.0 %",
        "T3008",
        "first in row 2: `200` is above the most allowed, `120` at /age",
        "a spreadsheet shortened it",
    ] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let arguments = ["--id", "customer", "--keep", "branch", "--ignore", "x", "--max-errors"];
    assert_eq!(batch(&path, &input, &target, &[&arguments[..], &["3"]].concat()).status, 0);
    assert_eq!(batch(&path, &input, &target, &[&arguments[..], &["2"]].concat()).status, 1);
}

#[test]
fn ndjson_in_and_out() {
    let path = first();
    let place = directory();
    let csv = format!("{path}/applicants.csv");
    let target = place.join("out.ndjson");
    let run = batch(&path, &csv, &target, &["--id", "customer"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let from_csv = read(&target);
    assert!(from_csv.lines().next().unwrap().starts_with("{\"id\":\"C001\",\"ruleset\":{"));
    let lines: Vec<_> = from_csv.lines().map(json).collect();
    assert_eq!(
        lines.iter().map(|line| line["outputs"]["outcome"].as_str().unwrap()).collect::<Vec<_>>(),
        ["approve", "refer", "refer", "decline", "refer"]
    );

    let mut text = String::new();
    for row in read(&csv).lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let score = if cells[5].is_empty() { "null" } else { cells[5] };
        writeln!(text, "{{\"customer\":\"{}\",\"age\":{},\"monthly_income\":{},\"monthly_debt\":\"{}\",\"housing\":\"{}\",\"bureau_score\":{score}}}", cells[0], cells[1], cells[2], cells[3], cells[4]).unwrap();
    }
    let input = file(&place, "in.ndjson", &text);
    assert_eq!(batch(&path, &input, &target, &["--id", "customer"]).status, 0);
    assert_eq!(read(&target), from_csv, "the same facts are the same bytes, whatever they come in");
    let without = batch(&path, &input, &target, &[]);
    assert_eq!(without.status, 1);
    assert_eq!(json(read(&target).lines().next().unwrap())["error"]["code"], "T3004");

    let rows = file(&place, "rows.ndjson", format!("{text}\nnonsense\n{{\"customer\":7,\"age\":1,\"age\":2}}"));
    let target = place.join("rows.csv");
    assert_eq!(batch(&path, &rows, &target, &["--id", "customer", "--max-errors", "3"]).status, 0);
    let rows = read(&target);
    assert!(rows.ends_with(",,,,,,T3001\n,,,,,,T3001\n7,,,,,,T3003\n"), "{rows}");
}

#[test]
fn a_column_that_is_for_nothing_stops_the_run() {
    let path = first();
    let place = directory();
    let input =
        file(&place, "in.csv", "customer,agee,monthly_income,monthly_debt,housing,bureau_score\nC1,1,1,1,own,\n");
    let target = place.join("out.csv");
    let run = batch(&path, &input, &target, &["--id", "customer"]);
    assert_eq!(run.status, 2);
    assert!(!target.exists());
    for part in ["error[T1205", "in.csv:1:10", "did you mean `age`?", "no row of"] {
        assert!(run.stderr.contains(part), "{part}: {}", run.stderr);
    }
    let run = batch(&path, &input, &target, &["--id", "custmer", "--ignore", "agee", "--format", "json"]);
    assert_eq!(run.status, 2);
    let found = json(&run.stdout);
    let messages: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["message"].as_str().unwrap()).collect();
    assert!(messages.iter().any(|message| message.contains("`customer` is no fact")), "{messages:?}");
    assert!(messages.iter().any(|message| message.contains("`--id` names the column `custmer`")), "{messages:?}");
    let twice = file(&place, "twice.csv", "age,age\n1,1\n");
    assert_eq!(batch(&path, &twice, &target, &[]).status, 2);
}

#[test]
fn results_do_not_depend_on_threads_or_chunks() {
    let path = first();
    let place = directory();
    let mut text = String::from("customer,age,monthly_income,monthly_debt,housing,bureau_score\n");
    for row in 0..7_001_u32 {
        let age = 15 + row % 70;
        let score = if row % 11 == 0 { String::new() } else { (290 + row * 7 % 600).to_string() };
        writeln!(
            text,
            "C{row},{age},{}.{:02},{}.00,{},{score}",
            row * 37 % 20_000,
            row % 100,
            row * 13 % 9_000,
            ["own", "rent", "family"][row as usize % 3]
        )
        .unwrap();
    }
    let input = file(&place, "in.csv", text);
    for kind in ["csv", "ndjson"] {
        let target = place.join(format!("out.{kind}"));
        let mut seen = Vec::new();
        for threads in ["1", "2", "5"] {
            let run =
                batch(&path, &input, &target, &["--id", "customer", "--threads", threads, "--max-errors", "9999"]);
            assert_eq!(run.status, 0, "{}", run.stderr);
            let summary: Vec<String> =
                run.stderr.lines().filter(|line| !line.contains("rows/s")).map(str::to_owned).collect();
            seen.push((read(&target), summary));
        }
        assert_eq!(seen[0].0.lines().count(), if kind == "csv" { 7_002 } else { 7_001 });
        assert!(seen.iter().all(|one| *one == seen[0]), "{kind}");
    }
}

#[test]
fn rows_are_numbered_and_kinds_of_values_are_written() {
    let place = directory();
    let input = file(
        &place,
        "in.csv",
        "客户,balance,opened,active,loans,divisor\n\
         李,-1,2026-11-29,true,\"[{\"\"amount\"\":1.5,\"\"due\"\":\"\"2026-12-31\"\"}]\",\n\
         王,10.00,2026-11-29,,,3\n\
         赵,10.00,2026-11-29,,,0\n\
         钱,10.00,29.11.2026,,,0\n",
    );
    let target = place.join("out.csv");
    let run = batch(account(), &input, &target, &["--max-errors", "2"]);
    assert_eq!(run.status, 0, "{}", run.stderr);
    let expected = "row,outcome,owed,share,days,due,active,reasons,error\n\
         1,refer,1.50,,1,\"[\"\"2026-12-31\"\"]\",true,W01,\n\
         2,approve,0.00,3.3333,1,,false,,\n\
         3,refer,,,,,,,T4002\n\
         4,refer,,,,,,,T3010\n";
    assert_eq!(read(&target), expected);
    assert!(!run.stderr.contains('李'), "sensitive: {}", run.stderr);
}

#[test]
fn encodings() {
    let place = directory();
    let text = "客户,balance,opened\n李,1,2026-11-29\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(text);
    let gb = file(&place, "gb.csv", gb);
    let utf = file(&place, "utf.csv", format!("\u{feff}{text}").replace('\n', "\r\n"));
    let target = place.join("out.csv");
    assert_eq!(batch(account(), &utf, &target, &[]).status, 0);
    let expected = read(&target);
    let plain = batch(account(), &gb, &target, &[]);
    assert_eq!(plain.status, 1);
    assert!(plain.stderr.contains("--encoding gb18030"), "{}", plain.stderr);
    let read_as_gb = batch(account(), &gb, &target, &["--encoding", "gb18030"]);
    assert_eq!(read_as_gb.status, 0, "{}", read_as_gb.stderr);
    assert_eq!(read(&target), expected);
}

#[test]
fn what_cannot_be_done_is_said() {
    let path = first();
    let place = directory();
    let input = format!("{path}/applicants.csv");
    let nowhere = place.join("nowhere").join("out.csv");
    let absent = place.join("absent.csv");
    for (input, output, part) in [
        (input.as_str(), place.join("out.parquet"), "no Parquet yet"),
        (input.as_str(), place.join("out.xlsx"), "of no known kind"),
        (input.as_str(), nowhere, "cannot write"),
        (input.as_str(), PathBuf::from(&input), "overwritten"),
        (absent.to_str().unwrap(), place.join("out.csv"), "cannot read the portfolio"),
        (file(&place, "empty.csv", "").as_str(), place.join("out.csv"), "is empty"),
    ] {
        let run = batch(&path, input, &output, &["--id", "customer"]);
        assert_eq!(run.status, 1, "{part}: {}", run.stderr);
        assert!(run.stderr.contains(part) && run.stderr.contains("help: "), "{}", run.stderr);
    }
    let left: Vec<_> = std::fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["empty.csv"], "no draft stays behind");
}

#[test]
fn a_required_fact_without_a_column_is_said_before_all_rows_fail() {
    let path = first();
    let input = file(&directory(), "in.csv", "age\n41\n");
    let target = out("csv");
    let run = batch(&path, &input, &target, &[]);
    assert_eq!(run.status, 1);
    assert!(run.stderr.contains("there is no column for the required fact `monthly_income`"), "{}", run.stderr);
    assert!(read(&target).ends_with("1,,,,,,T3005\n"));
}
