//! The speed of reading and writing with tables, compared to serde's derives:
//! `cargo bench --bench codec`.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "of the runtime, only the codec is measured"
)]

#[path = "../../generator/runtime/src/lib.rs"]
mod runtime;

use divan::{Bencher, black_box};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Declares the same types for tables and for derives.
macro_rules! types {
    ($($derives:ident),*) => {
        use std::collections::BTreeMap;

        /// Text fields, most of them optional, like the response of a registration.
        #[derive(Clone, Debug, PartialEq, $($derives),*)]
        pub struct Registration {
            pub client_id: String,
            pub client_secret: Option<String>,
            pub redirect_uris: Option<Vec<String>>,
            pub client_name: Option<String>,
            pub grant_types: Option<Vec<Grant>>,
            pub response_types: Option<Vec<String>>,
            pub scope: Option<String>,
            pub token_endpoint_auth_method: Option<Grant>,
            pub client_id_issued_at: i64,
            pub logo_uri: Option<String>,
            pub tos_uri: Option<String>,
            pub policy_uri: Option<String>,
        }

        #[derive(Clone, Copy, Debug, PartialEq, $($derives),*)]
        pub enum Grant {
            AuthorizationCode,
            ClientCredentials,
            RefreshToken,
        }

        /// Numbers and small objects.
        #[derive(Clone, Debug, PartialEq, $($derives),*)]
        pub struct Page {
            pub items: Vec<Item>,
            pub total: i64,
            pub next: Option<String>,
        }

        #[derive(Clone, Debug, PartialEq, $($derives),*)]
        pub struct Item {
            pub id: i64,
            pub price: f64,
            pub active: bool,
            pub name: String,
            pub counts: BTreeMap<String, i64>,
        }
    };
}

/// Lists the branches of a union of ten objects, each with two properties.
macro_rules! blocks {
    ($run:ident) => {
        $run! {
            Paragraph "text" text "style" style,
            Heading "title" title "depth" depth,
            Image "source" source "width" width,
            Video "stream" stream "length" length,
            Table "rows" rows "columns" columns,
            Quote "quote" quote "author" author,
            Code "code" code "language" language,
            Link "target" target "label" label,
            List "items" items "ordered" ordered,
            Divider "line" line "color" color,
        }
    };
}

mod table {
    types! {}

    use crate::runtime::codec::object;
    use crate::runtime::text_enum::text_enum;

    object! { Registration, open {
        "client_id" client_id: required,
        "client_secret" client_secret: optional,
        "redirect_uris" redirect_uris: optional,
        "client_name" client_name: optional,
        "grant_types" grant_types: optional,
        "response_types" response_types: optional,
        "scope" scope: optional,
        "token_endpoint_auth_method" token_endpoint_auth_method: optional,
        "client_id_issued_at" client_id_issued_at: required,
        "logo_uri" logo_uri: optional,
        "tos_uri" tos_uri: optional,
        "policy_uri" policy_uri: optional,
    } }

    text_enum! { Grant, closed {
        "authorization_code" AuthorizationCode,
        "client_credentials" ClientCredentials,
        "refresh_token" RefreshToken,
    } }

    object! { Page, open {
        "items" items: required,
        "total" total: required,
        "next" next: optional,
    } }

    object! { Item, open {
        "id" id: required,
        "price" price: required,
        "active" active: required,
        "name" name: required,
        "counts" counts: required,
    } }
}

/// Untagged unions with tables.
mod table_union {
    use crate::runtime::codec::object;
    use crate::runtime::untagged_union::untagged_union;

    macro_rules! union {
        ($($name:ident $one:literal $first:ident $two:literal $second:ident,)*) => {
            $(
                #[derive(Clone, Debug, PartialEq)]
                pub struct $name {
                    pub id: String,
                    pub $first: String,
                    pub $second: Option<i64>,
                    pub tags: Option<Vec<String>>,
                }

                object! { $name, open {
                    "id" id: required,
                    $one $first: required,
                    $two $second: optional,
                    "tags" tags: optional,
                } }
            )*

            #[derive(Clone, Debug, PartialEq)]
            pub enum Block {
                $($name($name),)*
                Other(crate::runtime::json_value::Json),
            }

            untagged_union! { Block, other(Other) { $($name: struct,)* } }
        };
    }

    blocks!(union);

    #[derive(Clone, Debug, PartialEq)]
    pub enum Id {
        Text(String),
        Number(i64),
        Other(crate::runtime::json_value::Json),
    }

    untagged_union! { Id, other(Other) { Text: string, Number: number, } }
}

/// The same unions with derives.
mod derived_union {
    use serde::{Deserialize, Serialize};

    macro_rules! union {
        ($($name:ident $one:literal $first:ident $two:literal $second:ident,)*) => {
            $(
                #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
                pub struct $name {
                    pub id: String,
                    pub $first: String,
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    pub $second: Option<i64>,
                    #[serde(default, skip_serializing_if = "Option::is_none")]
                    pub tags: Option<Vec<String>>,
                }
            )*

            #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
            #[serde(untagged)]
            pub enum Block {
                $($name($name),)*
                Other(serde_json::Value),
            }
        };
    }

    blocks!(union);

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(untagged)]
    pub enum Id {
        Text(String),
        Number(i64),
        Other(serde_json::Value),
    }
}

mod derived {
    use serde::{Deserialize, Serialize};
    use std::collections::BTreeMap;

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Registration {
        pub client_id: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub client_secret: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub redirect_uris: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub client_name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub grant_types: Option<Vec<Grant>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub response_types: Option<Vec<String>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub scope: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub token_endpoint_auth_method: Option<Grant>,
        pub client_id_issued_at: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub logo_uri: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub tos_uri: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub policy_uri: Option<String>,
    }

    #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Grant {
        AuthorizationCode,
        ClientCredentials,
        RefreshToken,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Page {
        pub items: Vec<Item>,
        pub total: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub next: Option<String>,
    }

    #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub struct Item {
        pub id: i64,
        pub price: f64,
        pub active: bool,
        pub name: String,
        pub counts: BTreeMap<String, i64>,
    }
}

const REGISTRATION: &str = r#"{"client_id":"abc123def456","client_secret":"s3cr3t-s3cr3t-s3cr3t","redirect_uris":["https://example.com/callback","https://example.org/callback"],"client_name":"My OAuth Application","grant_types":["authorization_code","refresh_token"],"response_types":["code"],"scope":"admin","token_endpoint_auth_method":"client_credentials","client_id_issued_at":1700000000,"logo_uri":"https://example.com/logo","tos_uri":"https://example.com/tos","policy_uri":"https://example.com/policy"}"#;
const REVERSED: &str = r#"{"policy_uri":"https://example.com/policy","tos_uri":"https://example.com/tos","logo_uri":"https://example.com/logo","client_id_issued_at":1700000000,"token_endpoint_auth_method":"client_credentials","scope":"admin","response_types":["code"],"grant_types":["authorization_code","refresh_token"],"client_name":"My OAuth Application","redirect_uris":["https://example.com/callback","https://example.org/callback"],"client_secret":"s3cr3t-s3cr3t-s3cr3t","client_id":"abc123def456"}"#;
const SPARSE: &str = r#"{"client_id":"abc123def456","scope":"admin","unknown":{"a":[1,2,3]},"client_id_issued_at":1700000000,"policy_uri":"https://example.com/policy"}"#;

fn page() -> String {
    let items: Vec<_> = (0..100)
        .map(|i| format!(r#"{{"id":{i},"price":{i}.25,"active":true,"name":"item {i}","counts":{{"a":{i},"b":2}}}}"#))
        .collect();
    format!(
        r#"{{"items":[{}],"total":100,"next":"x"}}"#,
        items.join(",")
    )
}

const TEXTS: [&str; 4] = ["registration", "reversed", "sparse", "page"];

fn text(name: &str) -> String {
    match name {
        "registration" => REGISTRATION.to_owned(),
        "reversed" => REVERSED.to_owned(),
        "sparse" => SPARSE.to_owned(),
        _ => page(),
    }
}

fn read_as<T: DeserializeOwned>(bencher: Bencher, text: &str) {
    bencher.bench(|| serde_json::from_str::<T>(black_box(text)).unwrap());
}

fn write_as<T: DeserializeOwned + Serialize>(bencher: Bencher, text: &str) {
    let value: T = serde_json::from_str(text).unwrap();
    let mut buffer = Vec::with_capacity(1 << 16);
    bencher.bench_local(|| {
        buffer.clear();
        serde_json::to_writer(&mut buffer, black_box(&value)).unwrap();
        buffer.len()
    });
}

macro_rules! measured {
    ($($group:ident $run:ident,)*) => {
        $(mod $group {
            use super::*;

            #[divan::bench(args = TEXTS)]
            fn table(bencher: Bencher, name: &str) {
                match name {
                    "page" => $run::<crate::table::Page>(bencher, &text(name)),
                    _ => $run::<crate::table::Registration>(bencher, &text(name)),
                }
            }

            #[divan::bench(args = TEXTS)]
            fn derived(bencher: Bencher, name: &str) {
                match name {
                    "page" => $run::<crate::derived::Page>(bencher, &text(name)),
                    _ => $run::<crate::derived::Registration>(bencher, &text(name)),
                }
            }
        })*
    };
}

measured! {
    read read_as,
    write write_as,
}

const BLOCKS: [&str; 6] = ["first", "fifth", "last", "added", "none", "page"];

fn block(name: &str) -> String {
    let of = |own: &str| {
        format!(r#"{{"id":"b-1f2e3d4c",{own},"tags":["draft","release notes","2024"]}}"#)
    };
    match name {
        "first" => of(r#""text":"Some words of a paragraph.","style":1"#),
        "fifth" => of(r#""rows":"a;b;c","columns":3"#),
        "last" => of(r#""line":"dashed","color":255"#),
        // A property that no branch declares.
        "added" => of(r#""line":"dashed","color":255,"since":{"version":[1,2]}"#),
        "none" => of(r#""shape":"round""#),
        _ => {
            let blocks: Vec<_> = (0..20)
                .flat_map(|_| ["first", "fifth", "last"].map(block))
                .collect();
            format!("[{}]", blocks.join(","))
        }
    }
}

/// A union of ten objects without a tag.
mod union {
    use super::*;

    #[divan::bench(args = BLOCKS)]
    fn table(bencher: Bencher, name: &str) {
        match name {
            "page" => read_as::<Vec<table_union::Block>>(bencher, &block(name)),
            _ => read_as::<table_union::Block>(bencher, &block(name)),
        }
    }

    #[divan::bench(args = BLOCKS)]
    fn derived(bencher: Bencher, name: &str) {
        match name {
            "page" => read_as::<Vec<derived_union::Block>>(bencher, &block(name)),
            _ => read_as::<derived_union::Block>(bencher, &block(name)),
        }
    }
}

const IDS: [&str; 2] = [r#""b-1f2e3d4c""#, "1234567"];

/// A union whose first byte selects the branch.
mod union_of_scalars {
    use super::*;

    #[divan::bench(args = IDS)]
    fn table(bencher: Bencher, text: &str) {
        read_as::<table_union::Id>(bencher, text);
    }

    #[divan::bench(args = IDS)]
    fn derived(bencher: Bencher, text: &str) {
        read_as::<derived_union::Id>(bencher, text);
    }
}

/// Any JSON value, compared to that of `serde_json`, which does not keep digits and order.
mod any {
    use super::*;

    #[divan::bench(args = TEXTS)]
    fn read_own(bencher: Bencher, name: &str) {
        read_as::<crate::runtime::json_value::Json>(bencher, &text(name));
    }

    #[divan::bench(args = TEXTS)]
    fn read_serde_json(bencher: Bencher, name: &str) {
        read_as::<serde_json::Value>(bencher, &text(name));
    }

    #[divan::bench(args = TEXTS)]
    fn write_own(bencher: Bencher, name: &str) {
        write_as::<crate::runtime::json_value::Json>(bencher, &text(name));
    }

    #[divan::bench(args = TEXTS)]
    fn write_serde_json(bencher: Bencher, name: &str) {
        write_as::<serde_json::Value>(bencher, &text(name));
    }
}

fn main() {
    divan::main();
}
