use super::{PublicKey, Trust, is_file, split_trust};
use crate::diagnostic::codes::BAD_REQUEST;

#[test]
fn paths_stay_below_the_ruleset() {
    for good in ["sources/ruleset.toml", "sources/a/b.table.csv", "evidence/cases/first.json", "sources/规则.rhai"] {
        assert!(is_file(good), "{good}");
    }
    for bad in [
        "sources/",
        "sources/../x",
        "sources/a//b",
        "sources/./a",
        "sources//etc/passwd",
        "sources/a\\b",
        "sources/c:a",
        "sources/a\0",
        "program",
        "other/a",
    ] {
        assert!(!is_file(bad), "{bad}");
    }
}

#[test]
fn a_line_says_whom_to_trust() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    let bundle = b"TRUTINA\0...";
    let request = |line: &str| [line.as_bytes(), b"\n", bundle.as_slice()].concat();
    let keys = format!("\"{}\",\"{}=\"", "cd".repeat(32), "zc3N".repeat(10) + "zc0");
    let line = format!("{{\"trust\":{{\"digests\":[\"{digest}\"],\"keys\":[{keys}]}}}}");
    let key = PublicKey([0xcd; 32]);
    let expected = Trust { digests: vec![digest], keys: vec![key, key] };
    assert_eq!(split_trust(&request(&line)), Some(Ok((expected, bundle.as_slice()))));
    assert_eq!(split_trust(bundle), Some(Ok((Trust::default(), bundle.as_slice()))));
    assert_eq!(split_trust(b"{\"files\":{}}"), None);
    assert_eq!(split_trust(b"{\"files\":{}}\n{}"), None);
    for bad in [
        "{}",
        "{\"trust\":{\"digest\":[]}}",
        "{\"trust\":{\"digests\":\"\"}}",
        "{\"trust\":{\"digests\":[\"sha256:00\"]}}",
        "{\"trust\":{\"keys\":[\"00\"]}}",
        "{\"trust\":{},\"trust\":{}}",
        "{\"trust\":{},\"more\":1}",
        "{",
    ] {
        let code = split_trust(&request(bad)).and_then(Result::err).map(|problem| problem.code);
        assert_eq!(code, Some(BAD_REQUEST), "{bad}");
    }
}
