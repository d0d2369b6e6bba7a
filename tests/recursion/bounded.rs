//! The limits on the depth of recursive functions that do not check a depth.
//!
//! The stages run on a thread with a stack of 64 MiB (`threads.rs`).

/// The limit for JSON values and positions in them.
const JSON: &str = "the reader refuses files that are nested deeper than `MAX_DEPTH` \
    (`source/json.rs`, `source/yaml.rs`); `fits` limits overlays in the same way; a copy \
    in place of a `$ref` is at most that deep (`bundle.rs`), or twice \
    that (`Targets::copy`)";

/// The limit for JSON values that tests send or expect.
const SENT: &str = "a value of the document, or one that `proof/sample` and \
    `values/round_trip.rs` create, at most `DEEPEST` levels deep";

/// The limit for types and their modules.
const TYPE: &str = "`Lowering::deepen` and `nested_component` limit the depth of nested \
    schemas, and each schema adds a few types or one module; declared types \
    are named, not contained";

/// The limit for defaults and examples.
const VALUE: &str = "`ValueReader::read` counts its depth in `self.depth`, up to `DEEPEST`, and \
    each level creates at most two values";

/// The limit for branches of compositions.
const BRANCHES: &str = "`Check::compositions` rejects `allOf`, `oneOf` and `anyOf` that are more \
    than `MOST_LEVELS` schemas deep, and each schema is visited once";

/// The limit for transports that wrap another one.
const WRAPPED: &str = "calls the wrapped transport: the depth is the number of layers that the \
    user of the crate adds";

/// The limit for generated code.
const CODE: &str = "as deep as the types and values that it is created from: see `Scope::ty` and \
    `expression`";

/// Functions by file, with the limit on their recursion.
///
/// If several functions call one another, one on each cycle is sufficient.
pub(crate) const BOUNDED: &[(&str, &[&str], &str)] = &[
    ("bundle/schema_ids.rs", &["collect"], JSON),
    ("bundle/scan.rs", &["node"], JSON),
    ("document/allows_null.rs", &["view"], BRANCHES),
    ("document/schema/read.rs", &["schema"], JSON),
    ("document/equality.rs", &["hash", "is_same"], JSON),
    ("emit/value_expression.rs", &["expression"], VALUE),
    (
        "emit/value_expression.rs",
        &["is_deeper", "json", "json_literal"],
        JSON,
    ),
    (
        "emit/docs/note.rs",
        &["words"],
        "from the note on the names of properties to those on one name, which is a string and has no \
         properties (`lower/docs.rs`)",
    ),
    ("emit/example.rs", &["shortened"], VALUE),
    ("emit/lints.rs", &["has_constant"], VALUE),
    ("emit/lints.rs", &["has_constant_in_json"], JSON),
    ("emit/lints.rs", &["score"], TYPE),
    (
        "emit/manifest.rs",
        &["plain"],
        "the user's `Cargo.toml`: `toml_edit` rejects lists that are nested deeper than 80",
    ),
    ("emit/proof/names.rs", &["ty"], TYPE),
    ("emit/proof/wire/expression.rs", &["expression"], VALUE),
    ("emit/proof/wire/expression.rs", &["read_as"], TYPE),
    (
        "emit/proof/wire/test.rs",
        &["argument"],
        "`proof/oracle/request/files.rs` creates at most a choice that contains files that contain a value",
    ),
    ("emit/proof/wire/test.rs", &["with_media_type"], TYPE),
    ("emit/scope.rs", &["ty"], TYPE),
    ("emit/types.rs", &["module"], TYPE),
    (
        "ir/note.rs",
        &["text_length"],
        "from the note on the names of properties to those on one name, which is a string and has no \
         properties (`lower/docs.rs`)",
    ),
    (
        "lower/directions.rs",
        &["push_operation"],
        "the operations of callbacks are `incoming`, and their own callbacks are not visited",
    ),
    ("lower/discriminator.rs", &["of_branch"], BRANCHES),
    ("lower/recursion.rs", &["box_uses"], TYPE),
    (
        "lower/reference.rs",
        &["nested_component"],
        "counts its depth in `self.nested`, and defers deeper schemas than `DEEPEST`",
    ),
    (
        "lower/schema.rs",
        &["lower_merged"],
        "`Lowering::deepen` counts its depth, and rejects deeper schemas than `DEEPEST`",
    ),
    (
        "lower/schema.rs",
        &["lower_view"],
        "without `lower_merged` and `nested_component`, it calls itself for a wrapped schema, which is \
         nested in it: at most as deep as the document",
    ),
    (
        "lower/pagination/schema.rs",
        &["properties"],
        "calls the function of that name of `SchemaView`",
    ),
    (
        "lower/webhook.rs",
        &["lower_nested_callbacks"],
        "`may_nest` rejects callbacks deeper than `MOST_NESTED`",
    ),
    ("normalize/survey.rs", &["survey_node"], JSON),
    ("normalize/walk/values.rs", &["visit_value"], JSON),
    ("plan/sizes.rs", &["plain"], TYPE),
    (
        "pointer.rs",
        &["text"],
        "the implementation for `&T` calls that of `T`, so it ends with the type",
    ),
    ("pointer.rs", &["pointer", "title"], JSON),
    ("proof/oracle/request/files.rs", &["place_of_file"], TYPE),
    ("proof/oracle/style.rs", &["deep"], SENT),
    ("proof/oracle/test_values.rs", &["plain"], SENT),
    (
        "proof/templates/server.rs",
        &["same"],
        "`serde_json` has read both values, and rejects a depth of more than 128",
    ),
    (
        "proof/templates/server.rs",
        &["same_body"],
        "calls itself for the parts of a body, which `proof/oracle` does not nest",
    ),
    (
        "runtime/endpoint_call.rs",
        &["query", "header"],
        "each calls the function of that name of `Options`",
    ),
    (
        "runtime/endpoint_call.rs",
        &["json"],
        "calls the function of that name of `Reply`",
    ),
    (
        "runtime/exchange.rs",
        &["within"],
        "polls the future of a transport",
    ),
    (
        "runtime/object_reader.rs",
        &["read"],
        "the implementation for `Box<T>` calls that of `T`, so it ends with the type",
    ),
    (
        "runtime/observer.rs",
        &["send", "sleep", "now", "date"],
        WRAPPED,
    ),
    (
        "runtime/paging.rs",
        &["into_items"],
        "the implementations for `Option<L>` and `Box<L>` call that of `L`, so it ends with the type",
    ),
    (
        "runtime/parameter.rs",
        &["deep_object"],
        "as deep as the value that the user of the crate sends, which was serialized by \
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
    ("source/inexact_numbers.rs", &["visit"], JSON),
    ("source/overlay/action.rs", &["merge"], JSON),
    ("values/exact_numbers.rs", &["exact_text"], JSON),
    (
        "values/from_json.rs",
        &["read"],
        "counts its depth in `self.depth`, and returns `None` beyond `DEEPEST`",
    ),
    (
        "values/round_trip.rs",
        &["write"],
        "counts its depth in `self.depth`, and returns `None` beyond `DEEPEST`",
    ),
    ("write/format.rs", &["print_item"], CODE),
    ("write/macro_table.rs", &["inline", "pieces"], CODE),
];
