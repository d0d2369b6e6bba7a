//! What the values of the features do not reach, each for a reason.

/// Components of which no value is found.
pub const UNMADE: &[&str] = &[
    // What one branch requires, the other one refuses.
    "composition_all_of_merged#OpenBranch",
    // They are only ever null, which is no value of a component's own.
    "enums_types#OnlyNull",
    "unions_type_arrays#Null",
    // By `$anchor`, which the judge does not find in a document of OpenAPI.
    "references_definitions#Tree",
    // They allow nothing.
    "unions_not#AlsoNever",
    "unions_not#Never",
    // What the larger branch takes, the smaller one takes too.
    "unions_one_of#Subset",
];

/// Faults of today: a part of the component's name, and a part of the message.
pub const KNOWN_FAULTS: &[(&str, &str)] = &[];

/// Branches, tags and properties that no value reaches: where, and why.
pub const UNREACHED: &[(&str, &str)] = &[
    (
        "composition_all_of_merged#/Narrowed/allOf/1/properties/id absent",
        "another part requires it",
    ),
    (
        "composition_all_of_unions#/Typed/oneOf/0/properties/kind absent",
        "it is required beside the alternatives",
    ),
    (
        "composition_all_of_unions#/Typed/oneOf/1/properties/kind absent",
        "it is required beside the alternatives",
    ),
    (
        "composition_inheritance#/Line/properties/kind absent",
        "the parent requires it",
    ),
    (
        "composition_inheritance#/Point/properties/kind absent",
        "the parent requires it",
    ),
    (
        "composition_nullable#/Place/properties/twins_by_reference/oneOf/0",
        "the other branch takes each of its values",
    ),
    (
        "composition_nullable#/Place/properties/twins_by_reference/oneOf/0/anyOf/1",
        "the other branch takes each of its values",
    ),
    (
        "composition_nullable#/Place/properties/twins_by_reference/oneOf/1",
        "the other branch takes each of its values",
    ),
    (
        "defaults_elsewhere#/Options/properties/refused default",
        "its own schema refuses the default",
    ),
    (
        "examples_places#/OldTag/allOf/1/properties/old present",
        "another part allows objects only",
    ),
    (
        "objects_conditions#/Address/properties/postcode present",
        "its pattern is in a condition",
    ),
    (
        "objects_conditions#/Shipment/properties/express present",
        "what it needs is in a condition",
    ),
    (
        "objects_without_properties#/Holder/properties/never present",
        "it allows nothing",
    ),
    (
        "unions_discriminator#/CallRecord/properties/record_type default",
        "the discriminator means the schema by its name",
    ),
    (
        "unions_discriminator#/TextRecord/properties/record_type default",
        "the discriminator means the schema by its name",
    ),
    (
        "unions_hierarchies#/Canvas/properties/round/allOf/1/properties/kind absent",
        "the parent requires it",
    ),
    (
        "unions_one_of#/Scalar/oneOf/1",
        "every integer is a number, which is another branch",
    ),
    (
        "unions_untagged#/Spelled/oneOf/1",
        "every integer is a number, which is another branch",
    ),
];
