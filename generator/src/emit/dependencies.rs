//! Selects the dependencies and Cargo features of the generated crate.

use super::runtime::DOWNLOAD;
use crate::plan::{RuntimeFeature, RuntimeFeatures};

/// The dependencies and features of the generated code.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// The dependencies of the crate.
    pub dependencies: Vec<Dependency>,
    /// The dependencies of its tests.
    pub dev_dependencies: Vec<Dependency>,
    /// Cargo features, each with the features and dependencies that it enables.
    pub features: indexmap::IndexMap<String, Vec<String>>,
}

/// A dependency from the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// The package's name.
    pub name: String,
    /// The version requirement.
    pub version: String,
    /// The enabled features.
    pub features: Vec<String>,
    /// True if the package's default features are enabled.
    pub default_features: bool,
    /// True if a feature must enable it.
    pub optional: bool,
}

/// A possible dependency of the generated crate.
pub(super) struct Crate {
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) features: &'static [&'static str],
    /// Cargo features that only some features of the runtime need.
    pub(super) features_for: &'static [(&'static [RuntimeFeature], &'static str)],
    pub(super) default_features: bool,
    /// True if a Cargo feature must enable it.
    pub(super) optional: bool,
    pub(super) needed_by: &'static [RuntimeFeature],
    pub(super) reason: &'static str,
}

/// A dependency of every crate, with its default features only.
const PLAIN: Crate = Crate {
    name: "",
    version: "",
    features: &[],
    features_for: &[],
    default_features: true,
    optional: false,
    needed_by: &[],
    reason: "",
};

/// The dependencies, ordered by name.
pub(super) const CRATES: &[Crate] = &[
    Crate {
        name: "base64",
        version: "0.23",
        features: &["std"],
        default_features: false,
        needed_by: &[
            RuntimeFeature::Base64,
            RuntimeFeature::Basic,
            RuntimeFeature::OAuth2,
        ],
        reason: "the document has bytes in base64 text, basic authentication, or OAuth 2",
        ..PLAIN
    },
    Crate {
        name: "bytes",
        version: "1",
        reason: "bodies, without copying them",
        ..PLAIN
    },
    Crate {
        name: "chrono",
        version: "0.4",
        features: &["serde", "std"],
        default_features: false,
        needed_by: &[RuntimeFeature::Chrono],
        reason: "the document has dates",
        ..PLAIN
    },
    Crate {
        name: "encoding_rs",
        version: "0.8",
        optional: true,
        needed_by: &[RuntimeFeature::Text],
        reason: "the document has text bodies, which may be in other charsets than UTF-8; behind the feature `charset`, which is on by default",
        ..PLAIN
    },
    Crate {
        name: "futures-core",
        version: "0.3",
        default_features: false,
        optional: true,
        reason: "the trait `Stream`; behind the features `stream` and `wasm`, which are off by default",
        ..PLAIN
    },
    Crate {
        name: "getrandom",
        version: "0.4",
        needed_by: &[
            RuntimeFeature::AuthorizationCode,
            RuntimeFeature::IdempotencyHeader,
        ],
        reason: "the document has idempotency keys, or logins of OAuth 2, which are random",
        ..PLAIN
    },
    Crate {
        name: "gloo-timers",
        version: "0.4",
        features: &["futures"],
        optional: true,
        reason: "the timer in a browser; behind the feature `wasm`, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "http",
        version: "1",
        reason: "methods, headers and status codes, the same for every transport",
        ..PLAIN
    },
    Crate {
        name: "http-body",
        version: "1",
        reason: "bodies in pieces, the same for every transport",
        ..PLAIN
    },
    Crate {
        name: "httpdate",
        version: "1",
        reason: "the dates of the header `Retry-After`",
        ..PLAIN
    },
    Crate {
        name: "reqwest",
        version: "0.13",
        features: &["rustls"],
        default_features: false,
        optional: true,
        reason: "the HTTP client; behind the feature of its name, which is on by default",
        ..PLAIN
    },
    Crate {
        name: "send_wrapper",
        version: "0.6",
        features: &["futures"],
        optional: true,
        reason: "values of JavaScript in a browser; behind the feature `wasm`, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "serde",
        version: "1",
        features: &["std"],
        default_features: false,
        reason: "the traits that the types implement; without its derives",
        ..PLAIN
    },
    Crate {
        name: "serde_json",
        version: "1",
        features: &["raw_value"],
        // Without the feature, a parsed number can be off by one unit in the last place (wire rule
        // 10).
        features_for: &[(&[RuntimeFeature::Number], "float_roundtrip")],
        reason: "JSON",
        ..PLAIN
    },
    Crate {
        name: "serde_path_to_error",
        version: "0.1",
        reason: "the path to a value of a body that cannot be decoded",
        ..PLAIN
    },
    Crate {
        name: "sha2",
        version: "0.11",
        default_features: false,
        needed_by: &[RuntimeFeature::AuthorizationCode],
        reason: "the document has logins of OAuth 2, which PKCE protects",
        ..PLAIN
    },
    Crate {
        name: "tokio",
        version: "1",
        features: &["time"],
        default_features: false,
        optional: true,
        reason: "the timer between two attempts, which reqwest brings; behind the feature `reqwest`",
        ..PLAIN
    },
    Crate {
        name: "tower-layer",
        version: "0.3",
        optional: true,
        reason: "layers around the HTTP client; behind the feature `tower`",
        ..PLAIN
    },
    Crate {
        name: "tower-service",
        version: "0.3",
        optional: true,
        reason: "any service as the HTTP client; behind the feature `tower`, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "tracing",
        version: "0.1",
        features: &["std"],
        default_features: false,
        optional: true,
        reason: "a span for each request; behind the feature of its name, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "ureq",
        version: "3",
        features: &["rustls"],
        default_features: false,
        optional: true,
        reason: "an HTTP client that blocks; behind the feature `blocking`, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "uuid",
        version: "1",
        features: &["serde", "std"],
        default_features: false,
        needed_by: &[RuntimeFeature::Uuid],
        reason: "the document has UUIDs",
        ..PLAIN
    },
    Crate {
        name: "web-time",
        version: "1",
        optional: true,
        reason: "the clock in a browser; behind the feature `wasm`, which is off by default",
        ..PLAIN
    },
    Crate {
        name: "zeroize",
        version: "1",
        features: &["alloc"],
        default_features: false,
        needed_by: &[RuntimeFeature::OAuth2],
        reason: "the client fetches tokens of OAuth 2, and wipes them from memory",
        ..PLAIN
    },
];

fn crates(used: &RuntimeFeatures) -> impl Iterator<Item = &'static Crate> {
    CRATES.iter().filter(|one| used.need(one.needed_by))
}

/// Returns the entries of `Cargo.toml` for a document that uses these features.
pub(super) fn needs(used: &RuntimeFeatures) -> Needs {
    let features = cargo_features(used).into_iter();
    let features = features.map(|(name, enables)| {
        let enables = enables.into_iter().map(str::to_owned);
        (name.to_owned(), enables.collect())
    });
    Needs {
        dependencies: crates(used).map(|one| dependency(one, used)).collect(),
        dev_dependencies: Vec::new(),
        features: features.collect(),
    }
}

fn dependency(one: &Crate, used: &RuntimeFeatures) -> Dependency {
    let Crate {
        name,
        version,
        features,
        features_for,
        default_features,
        optional,
        needed_by: _,
        reason: _,
    } = one;
    let features_for = features_for.iter().filter(|(one, _)| used.need(one));
    let features = features
        .iter()
        .copied()
        .chain(features_for.map(|(_, feature)| *feature));
    Dependency {
        name: (*name).to_owned(),
        version: (*version).to_owned(),
        features: features.map(str::to_owned).collect(),
        default_features: *default_features,
        optional: *optional,
    }
}

/// Returns the Cargo features of the crate, each with those that it enables.
fn cargo_features(used: &RuntimeFeatures) -> Vec<(&'static str, Vec<&'static str>)> {
    let has_text = used.need(&[RuntimeFeature::Text]);
    let charset = has_text.then_some("charset");
    let mut features = vec![
        ("default", charset.into_iter().chain(["reqwest"]).collect()),
        ("reqwest", vec!["dep:reqwest", "dep:tokio"]),
        ("tower", vec!["dep:tower-layer", "dep:tower-service"]),
        ("blocking", vec!["dep:ureq"]),
        ("hash", vec![]),
        ("observer", vec![]),
        ("testing", vec![]),
        ("tracing", vec!["dep:tracing", "observer"]),
        (
            "wasm",
            vec![
                "dep:futures-core",
                "dep:gloo-timers",
                "dep:send_wrapper",
                "dep:web-time",
                "reqwest?/stream",
            ],
        ),
    ];
    if used.need(&[
        RuntimeFeature::AuthorizationCode,
        RuntimeFeature::IdempotencyHeader,
    ]) && let Some((_, wasm)) = features.last_mut()
    {
        wasm.push("getrandom/wasm_js");
    }
    // The encodings that reqwest decodes.
    features.extend([
        ("gzip", vec!["reqwest?/gzip"]),
        ("brotli", vec!["reqwest?/brotli"]),
        ("zstd", vec!["reqwest?/zstd"]),
    ]);
    let has_downloads = used.need(&[RuntimeFeature::Download]);
    features.extend(has_downloads.then(|| (DOWNLOAD, vec![])));
    let has_streams = has_downloads || used.need(&[RuntimeFeature::Pages, RuntimeFeature::Pieces]);
    features.extend(has_streams.then(|| ("stream", vec!["dep:futures-core"])));
    features.extend(charset.map(|charset| (charset, vec!["dep:encoding_rs"])));
    features
}

/// Returns the dependencies, each with its purpose.
pub(super) fn reasons(
    used: &RuntimeFeatures,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    crates(used).map(|one| (one.name, one.reason))
}
