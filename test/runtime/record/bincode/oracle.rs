//! Writes the vectors of `vectors.ts`. `types.rs` is the Rust that test/golden/generated/bincode/expected/generated/codec.ts
//! shows, with `Serialize, Deserialize` in the place of `Encode, Decode`. Run with bincode 1.3.3, serde 1 and num-bigint 0.4.

mod types;
use bincode::Options;
use num_bigint::BigInt;
use serde::Serialize;
use std::collections::BTreeMap;
use types::*;

fn hex<T: Serialize>(value: &T) -> String {
    let bytes = bincode::DefaultOptions::new().serialize(value).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
fn show<T: Serialize>(name: &str, value: T) {
    println!("  [\"{name}\", \"{}\"],", hex(&value));
}
fn big(text: &str) -> Vec<u8> {
    text.parse::<BigInt>().unwrap().to_signed_bytes_be()
}
fn object(members: Vec<(&str, Value)>) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
}

fn empty() -> Session {
    Session {
        address: None, big: None, blob: None, count: None, deep: None, distinct: None, either: None, figure: None,
        fives: None, flag: None, letters: None, level: None, maybe: None, mixed: None, nothing: None, only: None,
        pair: None, path: None, ratio: None, scores: None, sealed: None, seen: None, since: None, step: None,
        tags: None, text: None, theme: None, total: None, when: None,
    }
}

fn full() -> Session {
    Session {
        address: Some(SessionAddress {
            country: "CH".into(), kind: Some(SessionAddressKind::Work), note: None, street: "Zürichbergstraße 1".into(),
        }),
        big: Some(big("-170141183460469231731687303715884105729")),
        blob: Some(vec![0, 255, 128, 251]),
        count: Some(-5),
        deep: Some(vec![SessionDeepItem {
            at: 1_795_468_800_000,
            by: vec![None, Some(SessionDeepItemByItem { id: big("0") }), Some(SessionDeepItemByItem { id: big("128") })],
        }]),
        distinct: Some(vec![vec![], vec![9_007_199_254_740_991, -9_007_199_254_740_991]]),
        either: Some(Some(Value::Text("abc".into()))),
        figure: Some(object(vec![("side", Value::Bigint(big("-1"))), ("type", Value::Text("square".into()))])),
        fives: Some(big("95")),
        flag: Some(true),
        letters: Some("Abc".into()),
        level: Some(SessionLevel::N20),
        maybe: Some(Some(SessionMaybe { a: "".into() })),
        mixed: Some(SessionMixed::True),
        nothing: Some(()),
        only: Some(SessionOnly::Only),
        pair: Some(SessionPair("\u{0}".into(), 2_147_483_648)),
        path: Some(SessionPath("p".into(), vec![0.5, -0.0])),
        ratio: Some(0.25),
        scores: Some(BTreeMap::from([("a".into(), 1.0), ("b".into(), -2.5)])),
        sealed: Some(SessionSealed { a: -2_147_483_649, b: Some(None) }),
        seen: Some(BTreeMap::from([("😀".to_string(), -1)])),
        since: Some(0),
        step: Some(-0.1),
        tags: Some(vec!["x".into(), "ß".into()]),
        text: Some("😀😀".into()),
        theme: Some(Some(SessionTheme::System)),
        total: Some(-126),
        when: Some(object(vec![("$date", Value::Integer(1_795_468_800_000))])),
    }
}

fn nulls() -> Session {
    Session {
        deep: Some(vec![]), either: Some(None), flag: Some(false), level: Some(SessionLevel::N1), maybe: Some(None),
        mixed: Some(SessionMixed::N1), scores: Some(BTreeMap::new()),
        sealed: Some(SessionSealed { a: 0, b: Some(Some(true)) }),
        theme: Some(None), total: Some(32_768), when: Some(object(vec![("$$date", Value::Text("x".into()))])),
        figure: Some(object(vec![("radius", Value::Number(0.5)), ("type", Value::Text("circle".into()))])),
        ..empty()
    }
}

fn main() {
    println!("integers");
    for value in [
        0i64, -1, 1, 124, 125, -125, -126, 126, 127, -128, 32_767, -32_768, 32_768, -32_769, 65_535, 65_536,
        2_147_483_647, -2_147_483_648, 2_147_483_648, -2_147_483_649, 4_294_967_295, 4_294_967_296,
        1_795_468_800_000, 9_007_199_254_740_991, -9_007_199_254_740_991,
    ] {
        println!("  [{value}, \"{}\"],", hex(&value));
    }
    println!("lengths");
    for value in [0u64, 1, 250, 251, 252, 65_535, 65_536, 4_294_967_295, 4_294_967_296, 9_007_199_254_740_991] {
        println!("  [{value}, \"{}\"],", hex(&value));
    }
    println!("numbers");
    for value in [0.0f64, -0.0, 1.0, 0.1, -2.5, 5e-324, 1.7976931348623157e308] {
        println!("  [{value:?}, \"{}\"],", hex(&value));
    }
    println!("texts");
    for value in ["", "a", "ß", "😀", "\u{0}"] {
        println!("  [{value:?}, \"{}\"],", hex(&value));
    }
    println!("  [251 times a, \"{}…\"],", &hex(&"a".repeat(251))[..10]);
    println!("bigints");
    for value in [
        "0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "9007199254740993",
        "18446744073709551616", "-170141183460469231731687303715884105729",
    ] {
        println!("  [{value}n, \"{}\"],", hex(&big(value)));
    }
    println!("sessions");
    show("empty", empty());
    show("full", full());
    show("nulls", nulls());
    let bytes = bincode::DefaultOptions::new().serialize(&full()).unwrap();
    let back: Session = bincode::DefaultOptions::new().deserialize(&bytes).unwrap();
    assert_eq!(back, full());
}
