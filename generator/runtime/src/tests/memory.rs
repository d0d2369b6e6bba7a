//! The memory that a decoded body takes, measured by the system in a separate process.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::process::Command;

use serde::de::DeserializeOwned;

use crate::runtime::codec::object;
use crate::runtime::json;
use crate::runtime::json_value::Json;

/// The environment variable that names the kind for the separate process.
const KIND: &str = "READ_KIND";

const ITEMS: usize = 1_000_000;

#[derive(Clone, Debug, Default, PartialEq)]
struct Wide {
    a: Option<String>,
    b: Option<String>,
    c: Option<Vec<String>>,
    d: Option<i64>,
}

object! { Wide, open {
    "a" a: optional,
    "b" b: optional,
    "c" c: optional,
    "d" d: optional,
} }

/// A body with many items, and the maximum factor of memory for the decoded value.
struct Kind {
    name: &'static str,
    item: &'static str,
    most: f64,
    read: fn(&[u8]),
}

const KINDS: &[Kind] = &[
    Kind {
        name: "numbers",
        item: "1",
        most: 8.0,
        read: read::<Vec<i64>>,
    },
    Kind {
        name: "floats",
        item: "0.5",
        most: 8.0,
        read: read::<Vec<f64>>,
    },
    Kind {
        name: "texts",
        item: "\"a\"",
        most: 24.0,
        read: read::<Vec<String>>,
    },
    Kind {
        name: "longer texts",
        item: "\"a text of forty characters, or a few mor\"",
        most: 8.0,
        read: read::<Vec<String>>,
    },
    Kind {
        name: "any numbers",
        item: "1",
        most: 24.0,
        read: read::<Json>,
    },
    Kind {
        name: "any texts",
        item: "\"a\"",
        most: 24.0,
        read: read::<Json>,
    },
    Kind {
        name: "any lists",
        item: "[1]",
        most: 24.0,
        read: read::<Json>,
    },
    Kind {
        name: "any empty lists",
        item: "[]",
        most: 24.0,
        read: read::<Json>,
    },
    Kind {
        name: "any objects",
        item: "{\"\":1}",
        most: 24.0,
        read: read::<Json>,
    },
    Kind {
        name: "any object of a list",
        item: "{}",
        most: 24.0,
        read: read::<Vec<Json>>,
    },
    // A node has room for eleven members.
    Kind {
        name: "maps",
        item: "{\"\":1}",
        most: 72.0,
        read: read::<Vec<BTreeMap<String, i64>>>,
    },
    // The size of the type, for an item of three bytes.
    Kind {
        name: "objects",
        item: "{}",
        most: size_of::<Wide>() as f64 / 3.0 + 8.0,
        read: read::<Vec<Wide>>,
    },
];

fn read<T: DeserializeOwned>(text: &[u8]) {
    assert!(black_box(json::read::<T>(text)).is_ok());
}

/// Returns a value from the system's status of this process, in bytes.
fn status(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.unwrap().trim_start_matches(':').trim();
    let number = number.strip_suffix(" kB").unwrap();
    number.parse::<f64>().unwrap() * 1024.0
}

#[test]
fn the_memory_of_a_body_is_a_bounded_multiple_of_its_size() {
    // Each kind has a process of its own, so that they can be measured at the same time.
    std::thread::scope(|scope| {
        for kind in KINDS {
            scope.spawn(|| measure(kind));
        }
    });
}

fn measure(Kind { name, most, .. }: &Kind) {
    let output = Command::new(env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::memory::one_kind",
            "--ignored",
            "--nocapture",
        ])
        .env(KIND, name)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let times = text.lines().find_map(|line| line.split_once("times "));
    let times: f64 = times.expect(&text).1.parse().unwrap();
    println!("{name}: {times:.1}");
    assert!(
        times <= *most,
        "{name}: {times:.1}, and {most:.1} are the most"
    );
}

#[test]
#[ignore = "it runs in a process of its own"]
fn one_kind() {
    let name = env::var(KIND).unwrap_or_default();
    let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
        return;
    };
    let item = format!("{},", kind.item);
    let text = format!("[{}{}]", item.repeat(ITEMS - 1), kind.item);
    let before = status("VmRSS");
    (kind.read)(text.as_bytes());
    let taken = status("VmHWM") - before;
    println!("times {}", taken / text.len() as f64);
}
