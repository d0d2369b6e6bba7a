//! Parts of the features that no generated value covers, each with a reason.

/// Components without a generated value.
pub const UNMADE: &[&str] = &[
    // One branch requires a property that the other one forbids.
    "composition_all_of_merged#OpenBranch",
    // Only null is valid, which is not a value of a component's own type.
    "enums_types#OnlyNull",
    "unions_type_arrays#Null",
    // Uses `$anchor`, which the validator does not find in an OpenAPI document.
    "references_definitions#Tree",
    // No value is valid.
    "unions_not#AlsoNever",
    "unions_not#Never",
    // The smaller branch accepts every value of the larger one.
    "unions_one_of#Subset",
];

/// Known faults: a part of the component's name, and a part of the message.
pub const KNOWN_FAULTS: &[(&str, &str)] = &[];

/// Branches, tags and properties that no value covers, with the reason.
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
