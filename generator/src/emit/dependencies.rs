//! Selects the dependencies and Cargo features of the generated crate.

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

/// The dependencies, ordered by name.
pub(super) const CRATES: &[Crate] = &[
    Crate {
        name: "base64",
        version: "0.23",
        features: &["std"],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[
            RuntimeFeature::Base64,
            RuntimeFeature::Basic,
            RuntimeFeature::OAuth2,
        ],
        reason: "the document has bytes in base64 text, basic authentication, or OAuth 2",
    },
    Crate {
        name: "bytes",
        version: "1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "bodies, without copying them",
    },
    Crate {
        name: "chrono",
        version: "0.4",
        features: &["serde", "std"],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[RuntimeFeature::Chrono],
        reason: "the document has dates",
    },
    Crate {
        name: "encoding_rs",
        version: "0.8",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[RuntimeFeature::Text],
        reason: "the document has text bodies, which may be in other charsets than UTF-8; behind the feature `charset`, which is on by default",
    },
    Crate {
        name: "futures-core",
        version: "0.3",
        features: &[],
        features_for: &[],
        default_features: false,
        optional: true,
        needed_by: &[],
        reason: "the trait `Stream`; behind the features `stream` and `wasm`, which are off by default",
    },
    Crate {
        name: "getrandom",
        version: "0.4",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[
            RuntimeFeature::AuthorizationCode,
            RuntimeFeature::IdempotencyHeader,
        ],
        reason: "the document has idempotency keys, or logins of OAuth 2, which are random",
    },
    Crate {
        name: "gloo-timers",
        version: "0.4",
        features: &["futures"],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[],
        reason: "the timer in a browser; behind the feature `wasm`, which is off by default",
    },
    Crate {
        name: "http",
        version: "1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "methods, headers and status codes, the same for every transport",
    },
    Crate {
        name: "http-body",
        version: "1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "bodies in pieces, the same for every transport",
    },
    Crate {
        name: "httpdate",
        version: "1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "the dates of the header `Retry-After`",
    },
    Crate {
        name: "reqwest",
        version: "0.13",
        features: &["rustls"],
        features_for: &[],
        default_features: false,
        optional: true,
        needed_by: &[],
        reason: "the HTTP client; behind the feature of its name, which is on by default",
    },
    Crate {
        name: "send_wrapper",
        version: "0.6",
        features: &["futures"],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[],
        reason: "what JavaScript owns in a browser; behind the feature `wasm`, which is off by default",
    },
    Crate {
        name: "serde",
        version: "1",
        features: &["std"],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[],
        reason: "the traits that the types implement; without its derives",
    },
    Crate {
        name: "serde_json",
        version: "1",
        features: &["raw_value"],
        // Without the feature, a parsed number can be off by one unit in the last place (wire rule
        // 10).
        features_for: &[(&[RuntimeFeature::Number], "float_roundtrip")],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "JSON",
    },
    Crate {
        name: "serde_path_to_error",
        version: "0.1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: false,
        needed_by: &[],
        reason: "the path to a value of a body that cannot be decoded",
    },
    Crate {
        name: "sha2",
        version: "0.11",
        features: &[],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[RuntimeFeature::AuthorizationCode],
        reason: "the document has logins of OAuth 2, which PKCE protects",
    },
    Crate {
        name: "tokio",
        version: "1",
        features: &["time"],
        features_for: &[],
        default_features: false,
        optional: true,
        needed_by: &[],
        reason: "the timer between two attempts, which reqwest brings; behind the feature `reqwest`",
    },
    Crate {
        name: "tower-layer",
        version: "0.3",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[],
        reason: "layers around the HTTP client; behind the feature `tower`",
    },
    Crate {
        name: "tower-service",
        version: "0.3",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[],
        reason: "any service as the HTTP client; behind the feature `tower`, which is off by default",
    },
    Crate {
        name: "tracing",
        version: "0.1",
        features: &["std"],
        features_for: &[],
        default_features: false,
        optional: true,
        needed_by: &[],
        reason: "a span for each request; behind the feature of its name, which is off by default",
    },
    Crate {
        name: "ureq",
        version: "3",
        features: &["rustls"],
        features_for: &[],
        default_features: false,
        optional: true,
        needed_by: &[],
        reason: "an HTTP client that blocks; behind the feature `blocking`, which is off by default",
    },
    Crate {
        name: "uuid",
        version: "1",
        features: &["serde", "std"],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[RuntimeFeature::Uuid],
        reason: "the document has UUIDs",
    },
    Crate {
        name: "web-time",
        version: "1",
        features: &[],
        features_for: &[],
        default_features: true,
        optional: true,
        needed_by: &[],
        reason: "the clock in a browser; behind the feature `wasm`, which is off by default",
    },
    Crate {
        name: "zeroize",
        version: "1",
        features: &["alloc"],
        features_for: &[],
        default_features: false,
        optional: false,
        needed_by: &[RuntimeFeature::OAuth2],
        reason: "the client fetches tokens of OAuth 2, and wipes them from memory",
    },
];

fn crates(uses: &RuntimeFeatures) -> impl Iterator<Item = &'static Crate> {
    CRATES.iter().filter(|one| uses.need(one.needed_by))
}

/// Returns the entries of `Cargo.toml` for a document that uses these features.
pub(super) fn needs(uses: &RuntimeFeatures) -> Needs {
    let dependencies = crates(uses).map(|one| {
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
        Dependency {
            name: (*name).to_owned(),
            version: (*version).to_owned(),
            features: features
                .iter()
                .copied()
                .chain(
                    features_for
                        .iter()
                        .filter(|(one, _)| uses.need(one))
                        .map(|(_, feature)| *feature),
                )
                .map(str::to_owned)
                .collect(),
            default_features: *default_features,
            optional: *optional,
        }
    });
    let has_text = uses.need(&[RuntimeFeature::Text]);
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
    if uses.need(&[
        RuntimeFeature::AuthorizationCode,
        RuntimeFeature::IdempotencyHeader,
    ]) && let Some((_, wasm)) = features.last_mut()
    {
        wasm.push("getrandom/wasm_js");
    }
    // What reqwest decodes.
    features.extend([
        ("gzip", vec!["reqwest?/gzip"]),
        ("brotli", vec!["reqwest?/brotli"]),
        ("zstd", vec!["reqwest?/zstd"]),
    ]);
    let has_streams = uses.need(&[RuntimeFeature::Pages, RuntimeFeature::Pieces]);
    features.extend(has_streams.then(|| ("stream", vec!["dep:futures-core"])));
    features.extend(charset.map(|charset| (charset, vec!["dep:encoding_rs"])));
    Needs {
        dependencies: dependencies.collect(),
        dev_dependencies: Vec::new(),
        features: features
            .into_iter()
            .map(|(name, enables): (&str, Vec<&str>)| {
                let enables = enables.into_iter().map(str::to_owned);
                (name.to_owned(), enables.collect())
            })
            .collect(),
    }
}

/// Returns the dependencies, each with its purpose.
pub(super) fn reasons(
    uses: &RuntimeFeatures,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    crates(uses).map(|one| (one.name, one.reason))
}
