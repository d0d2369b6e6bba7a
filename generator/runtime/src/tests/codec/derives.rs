//! The tables read and write what serde's derives do.

use super::*;

/// The same types twice: with tables, and with derives.
pub(super) mod table {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    pub struct Widget {
        pub id: String,
        pub note: Option<i64>,
        pub tags: Option<Vec<String>>,
        pub parent: Option<Option<Box<Widget>>>,
        pub size: f64,
        pub kind: Kind,
        pub counts: BTreeMap<String, u8>,
    }

    impl Widget {
        pub fn default_size() -> f64 {
            1.5
        }
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Kind {
        Big,
        None,
        Self_,
    }
}

object! { table::Widget, open {
    "id" id: required,
    "note" note: nullable,
    "tags" tags: optional,
    "parent" parent: optional_nullable,
    "size" size: default(default_size),
    "kind" kind: required,
    "counts" counts: required,
} }

text_enum! { table::Kind, closed {
    "big" Big,
    "" None,
    "self" Self_,
} }

mod derived {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Widget {
        pub id: String,
        #[serde(deserialize_with = "Option::deserialize")]
        pub note: Option<i64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tags: Option<Vec<String>>,
        #[serde(
            default,
            deserialize_with = "some",
            skip_serializing_if = "Option::is_none"
        )]
        pub parent: Option<Option<Box<Widget>>>,
        #[serde(default = "size", skip_serializing_if = "is_size")]
        pub size: f64,
        pub kind: Kind,
        pub counts: BTreeMap<String, u8>,
    }

    fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        T::deserialize(deserializer).map(Some)
    }

    fn size() -> f64 {
        1.5
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
    fn is_size(size: &f64) -> bool {
        *size == 1.5
    }

    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    pub enum Kind {
        #[serde(rename = "big")]
        Big,
        #[serde(rename = "")]
        None,
        #[serde(rename = "self")]
        Self_,
    }
}

/// Checks that tables and derives both read a text or both reject it, and write the same.
fn same(text: &str) {
    let ours = serde_json::from_str::<table::Widget>(text);
    let theirs = serde_json::from_str::<derived::Widget>(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            assert_eq!(
                serde_json::to_string(ours).unwrap(),
                serde_json::to_string(theirs).unwrap(),
                "{text}"
            );
            assert_eq!(
                serde_json::to_value(ours).unwrap(),
                serde_json::to_value(theirs).unwrap(),
                "{text}"
            );
        }
        (Err(_), Err(_)) => {}
        _ => panic!("{text}\n{ours:?}\n{theirs:?}"),
    }
}

#[test]
fn reads_and_writes_as_the_derives_do() {
    let full = json!({
        "id": "a\"\u{1F600}", "note": 5, "tags": ["x", ""], "size": 2.0, "kind": "self",
        "parent": {"id": "p", "note": null, "kind": "", "counts": {}, "parent": null},
        "counts": {"b": 1, "a": 255},
    });
    same(&full.to_string());
    let object = full.as_object().unwrap();
    for name in object.keys() {
        let mut without = object.clone();
        without.remove(name);
        same(&Value::Object(without).to_string());
        for wrong in [
            json!(true),
            json!("text"),
            json!(-1),
            json!([]),
            json!({}),
            json!(1e300),
        ] {
            let mut other = object.clone();
            other.insert(name.clone(), wrong);
            same(&Value::Object(other).to_string());
        }
    }
    for text in [
        "",
        "{",
        "{}",
        "[]",
        "null",
        "1",
        "\"\"",
        "{\"id\"}",
        "{\"id\":}",
        "{\"id\":\"\",}",
        r#"{"id":"a","id":"b","note":1,"kind":"big","counts":{}}"#,
        r#"{"\u0069d":"a","note":1,"kind":"big","counts":{},"unknown":{"a":[1,{}]}}"#,
        r#"{"id":"a","note":1,"kind":"big","counts":{}} x"#,
    ] {
        same(text);
    }
}

/// Any JSON value that has some properties of a widget.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>()
            .prop_map(|n| serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)),
        prop_oneof![Just("big"), Just(""), Just("self"), Just("x")].prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((0_usize..8, inner), 0..8).prop_map(|entries| {
                let names = [
                    "id", "note", "tags", "parent", "size", "kind", "counts", "x",
                ];
                entries
                    .into_iter()
                    .map(|(i, value)| (names[i].to_owned(), value))
                    .collect()
            }),
        ]
    })
}

/// A widget that is valid except for a few of its properties.
fn almost() -> impl Strategy<Value = Value> {
    let legal = json!({"id": "a", "note": null, "kind": "big", "counts": {"a": 1}});
    prop::collection::vec((0_usize..8, anything()), 0..3).prop_map(move |entries| {
        let names = [
            "id", "note", "tags", "parent", "size", "kind", "counts", "x",
        ];
        let mut value = legal.clone();
        for (i, other) in entries {
            value[names[i]] = other;
        }
        value
    })
}

/// Removes nulls. Unless null is a valid value, tables read it as absent, unlike derives.
fn without_nulls(value: &mut Value) {
    let Value::Object(object) = value else {
        return;
    };
    if object.get("size").is_some_and(Value::is_null) {
        object.remove("size");
    }
    object.values_mut().for_each(without_nulls);
}

proptest! {
    #[test]
    fn reads_what_the_derives_read(mut value in prop_oneof![anything(), almost()]) {
        without_nulls(&mut value);
        same(&value.to_string());
    }
}
