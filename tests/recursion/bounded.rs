//! The limits on the depth of recursive functions that do not check a depth.
//!
//! The stages run on a thread with a stack of 64 MiB (`threads.rs`).

/// The limit for JSON values and positions in them.
const JSON: &str = "the reader refuses files that are nested deeper than `MAX_DEPTH` \
    (`source/json.rs`, `source/yaml.rs`); `fits` keeps overlays to the same; what is copied \
    in the place of a `$ref` is copied to no place deeper than that (`bundle/mod.rs`), or twice \
    that (`Targets::copy`)";

/// The limit for JSON values that tests send or expect.
const SENT: &str = "a value of the document, or one that `proof/sample` and \
    `values/round_trip.rs` create, none deeper than the `DEEPEST` of its file";

/// The limit for types and their modules.
const TYPE: &str = "`Lowering::deepen` and `nested_component` bound how deep schemas stand in one \
    another while they are lowered, and each adds a few types or one module; declared types \
    are named, not contained";

/// The limit for defaults and examples.
const VALUE: &str = "`ValueReader::read` counts its depth in `self.depth` and goes `DEEPEST` deep, and \
    each level makes two values at most";

/// The limit for branches of compositions.
const BRANCHES: &str = "`Check::compositions` refuses `allOf`, `oneOf` and `anyOf` that lead more \
    than `MOST_LEVELS` schemas deep, and each schema is looked at once";

/// The limit for transports that wrap another one.
const WRAPPED: &str = "from a transport to the one that it wraps: no deeper than the layers that the \
    user of the crate adds";

/// The limit for generated code.
const CODE: &str = "as deep as the types and values that it is made of: see `Scope::ty` and \
    `expression`";

/// Functions by file, with the limit on their recursion.
///
/// If several functions call one another, one on each cycle is sufficient.
pub(crate) const BOUNDED: &[(&str, &[&str], &str)] = &[
    ("bundle/names.rs", &["collect"], JSON),
    ("bundle/scan.rs", &["node"], JSON),
    ("document/null.rs", &["view"], BRANCHES),
    ("document/schema/identity.rs", &["write"], JSON),
    ("document/schema/read.rs", &["schema"], JSON),
    ("document/same.rs", &["hash", "is_same"], JSON),
    ("emit/default_value.rs", &["expression"], VALUE),
    (
        "emit/default_value.rs",
        &["is_deeper", "json", "json_literal"],
        JSON,
    ),
    ("emit/example.rs", &["shortened"], VALUE),
    ("emit/lints.rs", &["has_constant"], VALUE),
    ("emit/lints.rs", &["has_constant_in_json"], JSON),
    ("emit/lints.rs", &["score"], TYPE),
    (
        "emit/manifest.rs",
        &["plain"],
        "the user's `Cargo.toml`: `toml_edit` refuses lists that are nested deeper than 80",
    ),
    ("emit/proof/names.rs", &["ty"], TYPE),
    ("emit/proof/wire/expression.rs", &["expression"], VALUE),
    ("emit/proof/wire/expression.rs", &["read_as"], TYPE),
    (
        "emit/proof/wire/test.rs",
        &["argument"],
        "`proof/oracle/request.rs` makes a choice around files around one that is neither",
    ),
    ("emit/proof/wire/test.rs", &["with_media_type"], TYPE),
    ("emit/scope.rs", &["ty"], TYPE),
    ("emit/types.rs", &["module"], TYPE),
    ("ir/types.rs", &["rename"], TYPE),
    ("lower/all_of.rs", &["add"], BRANCHES),
    (
        "lower/directions.rs",
        &["push_operation"],
        "the operations of callbacks are `incoming`, and their own callbacks are not looked at",
    ),
    ("lower/discriminator.rs", &["of_branch"], BRANCHES),
    ("lower/identical.rs", &["names_any"], TYPE),
    ("lower/mention.rs", &["named", "ty"], TYPE),
    ("lower/recursion.rs", &["box_uses"], TYPE),
    (
        "lower/reference.rs",
        &["nested_component"],
        "counts its depth in `self.nested`, and puts off what is deeper than `DEEPEST`",
    ),
    ("lower/response.rs", &["is_of_components"], TYPE),
    (
        "lower/schema.rs",
        &["lower_merged"],
        "`Lowering::deepen` counts its depth, and refuses what is deeper than `DEEPEST`",
    ),
    (
        "lower/schema.rs",
        &["lower_view"],
        "without `lower_merged` and `nested_component`, from a schema that wraps one to that one, which \
         stands in it: no deeper than the document",
    ),
    (
        "lower/pagination/seen.rs",
        &["properties"],
        "calls the function of that name of `SchemaView`",
    ),
    (
        "lower/webhook.rs",
        &["lower_nested_callbacks"],
        "`may_nest` refuses what is deeper than `MOST_NESTED`",
    ),
    ("normalize/survey.rs", &["survey_node"], JSON),
    ("normalize/walk/values.rs", &["visit_value"], JSON),
    ("plan/mod.rs", &["is_deprecated"], TYPE),
    ("plan/runtime_features.rs", &["ty"], TYPE),
    ("plan/sizes.rs", &["plain"], TYPE),
    (
        "pointer.rs",
        &["text"],
        "the one of `&T` calls that of `T`, so that it ends with the type",
    ),
    ("pointer.rs", &["pointer", "title"], JSON),
    ("proof/oracle/request.rs", &["place_of_file"], TYPE),
    ("proof/oracle/style.rs", &["deep"], SENT),
    ("proof/oracle/tester.rs", &["plain"], SENT),
    (
        "proof/templates/server.rs",
        &["same"],
        "`serde_json` has read both values, and refuses what is nested deeper than 128",
    ),
    (
        "proof/templates/server.rs",
        &["same_body"],
        "from a body of parts to a part of it: `proof/oracle` writes no parts in parts",
    ),
    (
        "runtime/call.rs",
        &["query", "header"],
        "each calls the function of that name of `Options`",
    ),
    (
        "runtime/call.rs",
        &["json"],
        "calls the function of that name of `Reply`",
    ),
    (
        "runtime/codec.rs",
        &["read"],
        "the one of `Box<T>` calls that of `T`, so that it ends with the type",
    ),
    (
        "runtime/exchange.rs",
        &["within"],
        "polls the future of a transport",
    ),
    (
        "runtime/observer.rs",
        &["send", "sleep", "now", "date"],
        WRAPPED,
    ),
    (
        "runtime/paging.rs",
        &["into_items"],
        "those of `Option<L>` and `Box<L>` call that of `L`, so that it ends with the type",
    ),
    (
        "runtime/parameter.rs",
        &["deep_object"],
        "as deep as the value that the user of the crate sends, which has been serialized by \
         recursion before",
    ),
    (
        "runtime/tape.rs",
        &["send", "sleep", "now", "date"],
        WRAPPED,
    ),
    (
        "runtime/tower.rs",
        &["send", "sleep", "now", "date"],
        WRAPPED,
    ),
    (
        "runtime/tracing.rs",
        &["send", "sleep", "now", "date"],
        WRAPPED,
    ),
    (
        "runtime/transport.rs",
        &["monotonic"],
        "calls the function `elapsed` of `Instant`",
    ),
    ("source/digits.rs", &["visit"], JSON),
    ("source/overlay/action.rs", &["merge"], JSON),
    ("values/digits.rs", &["exact_text"], JSON),
    (
        "values/reader.rs",
        &["read"],
        "counts its depth in `self.depth`, and returns `None` beyond `DEEPEST`",
    ),
    (
        "values/round_trip.rs",
        &["of"],
        "counts its depth in `self.depth`, and returns `None` beyond `DEEPEST`",
    ),
    ("write/format.rs", &["print_item"], CODE),
    ("write/table.rs", &["inline", "pieces"], CODE),
];
