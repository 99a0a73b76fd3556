#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;

use super::*;
use crate::diagnostic::codes;

const LIMITS: JsonLimits = JsonLimits { bytes_max: 1 << 20, depth_max: 64 };

fn same(ours: &Json<'_>, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Json::Null, serde_json::Value::Null) => true,
        (Json::Boolean(a), serde_json::Value::Bool(b)) => a == b,
        (Json::Number(a), serde_json::Value::Number(b)) => {
            serde_json::from_str::<serde_json::Number>(a).is_ok_and(|a| a == *b)
        }
        (Json::Text(a), serde_json::Value::String(b)) => a == b,
        (Json::Array(a), serde_json::Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), serde_json::Value::Object(b)) => {
            let last = |key: &str| a.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value);
            a.iter().all(|(key, _)| b.contains_key(key.as_ref()))
                && b.iter().all(|(key, value)| last(key).is_some_and(|ours| same(ours, value)))
        }
        _ => false,
    }
}

/// Both accept and mean the same, or both refuse. serde_json refuses numbers beyond f64 as well, which we only keep.
fn agree(bytes: &[u8]) {
    let ours = read(bytes, LIMITS);
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Ok(value) => assert!(same(&ours.unwrap().value, &value), "{}", String::from_utf8_lossy(bytes)),
        Err(error) if error.to_string().contains("out of range") => {}
        Err(error) => assert!(ours.is_err(), "{error}: {}", String::from_utf8_lossy(bytes)),
    }
}

fn json_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|n| n.to_string()),
        "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?",
        "\"([ -!#-\\[\\]-~é漢]|\\\\[\"\\\\/bfnrt]|\\\\u[0-9a-cA-C][0-9a-f]{3}|\\\\ud83d\\\\ude00){0,6}\"",
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let space = "[ \t\n\r]{0,2}";
        prop_oneof![
            (proptest::collection::vec(inner.clone(), 0..4), space)
                .prop_map(|(items, space)| format!("[{space}{}{space}]", items.join(&format!("{space},")))),
            proptest::collection::vec(("\"[a-c]{1,2}\"", inner), 0..4).prop_map(|entries| {
                let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}: {value}")).collect();
                format!("{{{}}}", entries.join(", "))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_documents(text in json_text()) {
        agree(text.as_bytes());
        prop_assert!(read(text.as_bytes(), LIMITS).is_ok());
    }

    #[test]
    fn agrees_with_serde_json_on_damaged_documents(text in json_text(), at in any::<prop::sample::Index>(), byte in prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\0.e-+ u".to_vec())], how in 0..3) {
        let mut bytes = text.into_bytes();
        let place = at.index(bytes.len());
        match how {
            0 => bytes[place] = byte,
            1 => bytes.insert(place, byte),
            _ => { bytes.remove(place); }
        }
        agree(&bytes);
    }

    #[test]
    fn agrees_with_serde_json_on_noise(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        agree(&bytes);
    }

    #[test]
    fn a_member_is_left_as_it_stands(text in json_text(), before in json_text(), after in json_text(), space in "[ \t\n\r]{0,2}") {
        let document = format!("{{\"a\":{before},\"left\":{space}{text}{space},\"b\":{after}}}");
        let (read, left) = read_around(document.as_bytes(), LIMITS, Some("left")).unwrap();
        prop_assert_eq!(left, Some(text.as_bytes()));
        prop_assert_eq!(read.value.get("left"), Some(&Json::Null));
        let whole = super::read(document.as_bytes(), LIMITS).unwrap();
        prop_assert_eq!(read.value.get("b"), whole.value.get("b"));
    }

    #[test]
    fn finds_every_duplicate(keys in proptest::collection::vec("[a-f]{1,2}", 0..40)) {
        let text = format!("{{{}}}", keys.iter().map(|key| format!("\"{key}\":0")).collect::<Vec<_>>().join(","));
        let expected = keys.iter().enumerate().find(|(index, key)| keys[..*index].contains(key)).map(|(_, key)| format!("/{key}"));
        prop_assert_eq!(read(text.as_bytes(), LIMITS).unwrap().duplicate, expected);
    }

    #[test]
    fn finds_a_duplicate_among_many(count in 2_usize..90, first in any::<prop::sample::Index>(), second in any::<prop::sample::Index>(), head in "[a-c]{0,12}") {
        let mut keys: Vec<String> = (0..count).map(|number| format!("{head}{number}_of_a_fact")).collect();
        let (first, second) = (first.index(count), second.index(count));
        keys[second] = keys[first].clone();
        let text = format!("{{{}}}", keys.iter().map(|key| format!("\"{key}\":0")).collect::<Vec<_>>().join(","));
        let expected = (first != second).then(|| format!("/{}", keys[first]));
        prop_assert_eq!(read(text.as_bytes(), LIMITS).unwrap().duplicate, expected);
    }
}

#[test]
fn limits_have_codes_of_their_own() {
    let small = JsonLimits { bytes_max: 8, depth_max: 2 };
    assert_eq!(read(b"[1,2,3,4,5]", small).unwrap_err().code, codes::REQUEST_TOO_LARGE);
    assert_eq!(read(b"[[[1]]]", small).unwrap_err().code, codes::NESTING_TOO_DEEP);
    assert!(read(b"[[1]]", small).is_ok());
    assert!(read("[".repeat(100_000).as_bytes(), LIMITS).is_err_and(|error| error.code == codes::NESTING_TOO_DEEP));
}

#[test]
fn syntax_errors_have_a_place() {
    let error = read("{\n \"ä\": x}".as_bytes(), LIMITS).unwrap_err();
    assert_eq!((error.line, error.column), (2, 7));
    assert_eq!(error.message, "not JSON: a value is expected here (line 2, column 7)");
    assert_eq!(read(b"[\"\xff\"]", LIMITS).unwrap_err().column, 3);
    for same in ["[1,\n  oops]", "[1,\r\n  oops]", "[1,\r  oops]", "[1, \r  oops]"] {
        let error = read(same.as_bytes(), LIMITS).unwrap_err();
        assert_eq!((error.line, error.column), (2, 3), "{same:?}");
    }
    assert!(read(br#""\ud800""#, LIMITS).is_err());
    assert!(read(br#""\udc00\ud800""#, LIMITS).is_err());
    assert_eq!(read(br#""\ud83d\ude00""#, LIMITS).unwrap().value, Json::Text("\u{1f600}".into()));
}

#[test]
fn a_duplicate_is_found_in_the_order_of_the_document() {
    let of = |text: &str| read(text.as_bytes(), LIMITS).unwrap().duplicate;
    assert_eq!(of(r#"{"a":[{"x/y":1,"x/y":2}],"a":1}"#).as_deref(), Some("/a/0/x~1y"));
    assert_eq!(of(r#"{"a":1,"\u0061":2}"#).as_deref(), Some("/a"));
    assert_eq!(of(r#"[{"a":1},{"a":2}]"#), None);
}

#[test]
fn what_is_wrong_with_a_member_is_left_to_others() {
    for (document, left) in [
        (r#"{"left":{"a":]},"b":1}"#, Some("{\"a\":]}")),
        (r#"{"left":{"a":"}\"","a":1}}"#, Some("{\"a\":\"}\\\"\",\"a\":1}")),
        (r#"{"left":nonsense}"#, Some("nonsense")),
        (r#"{"b":{"left":{"a":1}}}"#, None),
    ] {
        let (_, found) = read_around(document.as_bytes(), LIMITS, Some("left")).unwrap();
        assert_eq!(found, left.map(str::as_bytes), "{document}");
    }
    let deep = format!("{{\"left\":{}1{}}}", "[".repeat(1000), "]".repeat(1000));
    assert!(read_around(deep.as_bytes(), LIMITS, Some("left")).is_ok());
    for document in [r#"{"left":}"#, r#"{"left":{"a":1}"#, r#"{"left":"#, r#"{"left":{"a":1}}}"#, r#"{"left":"a}"#] {
        assert!(read_around(document.as_bytes(), LIMITS, Some("left")).is_err(), "{document}");
    }
}
