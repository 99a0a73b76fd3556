#![expect(clippy::unwrap_used, reason = "tests")]

use std::fmt::Debug;
use std::sync::Arc;

use proptest::prelude::*;

use super::{Coded, Reader};
use crate::schema::EnumDomain;
use crate::value::Value;
use crate::value::date::Date;
use crate::value::decimal::Decimal;

fn bytes_of(value: &impl Coded) -> Vec<u8> {
    let mut out = Vec::new();
    value.write(&mut out);
    out
}

fn read<T: Coded>(bytes: &[u8]) -> Option<T> {
    let mut reader = Reader::new(bytes);
    let value = T::read(&mut reader);
    reader.finish().then_some(value)
}

fn returns<T: Coded + PartialEq + Debug>(value: &T) {
    assert_eq!(read::<T>(&bytes_of(value)).as_ref(), Some(value));
}

#[test]
fn every_number_has_one_encoding() {
    assert_eq!(bytes_of(&0_u8), [0]);
    assert_eq!(bytes_of(&300_u32), [0xac, 0x02]);
    assert_eq!(bytes_of(&-1_i64), [1]);
    assert_eq!(read::<u32>(&[0x80, 0x00]), None, "a longer way to write zero");
    assert_eq!(read::<u8>(&[0x80, 0x02]), None, "256 is no u8");
    assert_eq!(read::<u16>(&[0xff, 0xff, 0x03]), Some(u16::MAX));
    assert_eq!(read::<u16>(&[0xff, 0xff, 0x07]), None);
    assert_eq!(read::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), Some(u64::MAX));
    assert_eq!(read::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]), None);
    assert_eq!(read::<bool>(&[2]), None);
    assert_eq!(read::<u8>(&[0x80]), None, "the end is missing");
    for number in [i128::MIN, i128::MAX, 0, -1, 1, i128::from(i64::MIN)] {
        returns(&number);
    }
    for number in [i64::MIN, i64::MAX] {
        returns(&number);
    }
    assert_eq!(read::<i64>(&bytes_of(&(i128::from(i64::MAX) + 1))), None);
}

#[test]
fn a_decimal_keeps_its_digits_and_the_sign_of_zero() {
    for (text, bytes) in [("1.50", [2_u8, 0x96, 0x01].as_slice()), ("-0.0", &[0x81, 0]), ("0.000", &[3, 0])] {
        let mut number: Decimal = text.parse().unwrap();
        number.set_sign_negative(text.starts_with('-'));
        assert_eq!(bytes_of(&number), bytes, "{text}");
        let back: Decimal = read(bytes).unwrap();
        assert_eq!((back.mantissa(), back.scale()), (number.mantissa(), number.scale()));
        assert_eq!(back.is_sign_negative(), number.is_sign_negative(), "{text}");
    }
    returns(&Decimal::MAX);
    returns(&Decimal::MIN);
    assert_eq!(read::<Decimal>(&[29, 1]), None, "29 digits");
}

#[test]
fn a_length_is_not_believed() {
    assert_eq!(read::<Vec<u8>>(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1]), None);
    assert_eq!(read::<String>(&[3, b'a', b'b']), None);
    assert_eq!(read::<String>(&[1, 0xff]), None, "no UTF-8");
    assert_eq!(read::<Date>(&bytes_of(&i64::from(i32::MAX))), None);
    assert_eq!(read::<Option<u8>>(&[0, 0]), None, "something is left over");
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| {
        let mut bytes = [7_u8, 1].repeat(depth);
        bytes.push(0);
        bytes
    };
    assert!(read::<Value>(&nested(200)).is_some());
    assert_eq!(read::<Value>(&nested(100_000)), None);
}

#[test]
fn nothing_is_read_behind_a_fault() {
    let mut bytes = vec![0x80, 0x80, 0x04];
    bytes.extend([2, 1, 99]);
    bytes.resize(bytes.len() + 65_536, 0);
    let mut reader = Reader::new(&bytes);
    let values = Vec::<Value>::read(&mut reader);
    assert_eq!(values, [Value::Boolean(true), Value::Missing], "it ends where 99 stands, which is no kind of value");
    assert!(!reader.finish());
    assert_eq!(u64::read(&mut reader), 0);
    assert_eq!(String::read(&mut reader), "");
    assert_eq!(Vec::<Value>::read(&mut reader), []);
    assert_eq!(Option::<Box<Value>>::read(&mut reader), None);
    assert!(!reader.finish(), "once wrong, always wrong");
}

#[test]
fn equal_domains_become_one() {
    let domain = |values: &[&str]| Arc::new(EnumDomain::new(values.iter().map(|text| (*text).to_owned()).collect()));
    let domains = [domain(&["a", "b"]), domain(&["a"]), domain(&["b", "a"]), domain(&["a", "b"]), domain(&["a"])];
    let back: Vec<Arc<EnumDomain>> = read(&bytes_of(&domains.to_vec())).unwrap();
    assert_eq!(back, domains);
    let same = |one: usize, other: usize| Arc::ptr_eq(back.get(one).unwrap(), back.get(other).unwrap());
    assert!(same(0, 3) && same(1, 4) && !same(0, 2));
}

proptest! {
    #[test]
    fn what_is_read_is_written_again(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        if let Some(value) = read::<Value>(&bytes) {
            prop_assert_eq!(bytes_of(&value), bytes);
        }
    }

    #[test]
    fn numbers_come_back(a: u64, b: i64, c: i128, d: u16, text: String) {
        returns(&(a, (b, (c, (d, text)))));
    }
}
