//! Interpretations of a fault that preserve more than removing a part.

use serde_json::{Value, json};

use super::describe::{self, holders, quoted};
use super::follow::behind;
use super::index::Index;
use super::reference;
use super::{
    annotation, body, general_remedies, parameter, path, security, server, template, unknown_types,
    wrong_types,
};
use crate::diagnostic::{Diagnostic, Edit, Location, Remedy, Scope, code};
use crate::pointer::Pointer;
use crate::source::Sources;
use crate::spec::{FieldType, ObjectKind, type_at};

/// Returns the possible corrections of an error at a node, the most likely first.
pub(super) fn interpretations(
    document: &Index<'_>,
    error: &Diagnostic,
    at: &Pointer,
    sources: &mut Sources,
) -> Vec<Remedy> {
    let is_in_scheme = std::iter::successors(Some(at.clone()), Pointer::parent)
        .any(|at| type_at(&at).kind() == Some(ObjectKind::SecurityScheme));
    if is_in_scheme {
        return security::meant(document, at).into_iter().collect();
    }
    if error.code == code::NO_FORM {
        return without_form(document, error);
    }
    if let Some(remedy) = wrong_types::led_to(document, at) {
        return vec![remedy];
    }
    let found = match error.code {
        code::UNKNOWN_SECURITY_SCHEME => security::unknown(document, at),
        code::MISSING_FIELD => missing(document, at)
            .or_else(|| parameter::of_template(document, at))
            .or_else(|| server::without_default(document, at))
            .or_else(|| wrong_types::body_schema(document, at)),
        code::UNDECLARED_SERVER_VARIABLE => server::undeclared(document, at),
        code::INVALID_STYLE => style(document, at),
        code::WRONG_TYPE => wrong_type(document, at, sources),
        code::NOT_A_SCHEMA => not_a_schema(document, at),
        code::PARAMETER_WITHOUT_SCHEMA => parameter::without_schema(
            document,
            &std::iter::successors(Some(at.clone()), Pointer::parent)
                .find(|at| type_at(at).kind() == Some(ObjectKind::Parameter))
                .unwrap_or_default(),
        ),
        code::UNDECLARED_PATH_PARAMETER => template::undeclared(document, error, at),
        code::DUPLICATE_PARAMETER => template::twice(document, error, at),
        code::CONTRADICTORY_SCHEMA => crossed_bounds(document, error, at),
        code::UNKNOWN_LOCATION => body::of_swagger_2(document, at)
            .or_else(|| parameter::of_template(document, &at.parent()?)),
        code::INVALID_PATH => path::path(document, at),
        code::INVALID_NAME => path::method(document, at),
        code::UNKNOWN_METHOD => Some(general_remedies::operation(document, at)),
        code::INVALID_MEDIA_TYPE => body::without(document, at),
        code::DUPLICATE_OPERATION_ID => named_by_path(document, at),
        code::UNKNOWN_TYPE => unknown_types::unknown(document, at),
        code::UNRESOLVED_REFERENCE => mapping(document, at),
        code::CIRCULAR_REFERENCE => own_branch(document, at),
        _ => None,
    };
    found.into_iter().collect()
}

/// Returns the remedies for a parameter that no style can serialize.
fn without_form(document: &Index<'_>, error: &Diagnostic) -> Vec<Remedy> {
    let Some((Location::Node(parameter, _), _)) = error.related.first() else {
        return Vec::new();
    };
    let steps = describe::steps(parameter);
    let outer = steps.iter().rev().nth(1);
    outer.map_or_else(Vec::new, |outer| {
        parameter::whole(document, parameter, outer)
    })
}

/// Returns the remedy for two bounds that exclude all values. Either may be wrong, so both are
/// removed.
fn crossed_bounds(document: &Value, error: &Diagnostic, at: &Pointer) -> Option<Remedy> {
    let Some((Location::Node(other, _), _)) = error.related.first() else {
        return None;
    };
    let (one, two) = (at.last()?, other.last()?);
    let is_bound = |key: &str| {
        ["min", "max", "exclusive"]
            .iter()
            .any(|start| key.starts_with(start))
    };
    if at.parent() != other.parent() || !is_bound(&one) || !is_bound(&two) {
        return None;
    }
    let of = holders(document, at);
    Some(Remedy::with_edits(
        Scope::Keyword,
        vec![Edit::Remove(at.clone()), Edit::Remove(other.clone())],
        format!("`{one}` and `{two}`{of} are ignored"),
    ))
}

/// Returns the remedy for a duplicate operationId: the second operation is treated as having none.
fn named_by_path(document: &Value, at: &Pointer) -> Option<Remedy> {
    let operation = at.parent()?;
    let name = describe::name(document, &operation, ObjectKind::Operation);
    let effect = format!("{} is named by its method and path", quoted(&name));
    let edit = Edit::Remove(at.clone());
    Some(Remedy::new(Scope::Annotation, edit, effect))
}

/// Returns the remedy for a missing required field that does not affect requests or responses.
fn missing(document: &Value, at: &Pointer) -> Option<Remedy> {
    let has = |field: &str| document.get(field).is_some_and(|value| !value.is_null());
    let empty = |field: &str, value: Value| {
        let effect = format!("`{field}` is read as empty");
        let edit = Edit::Set(at.child(field), value);
        Some(Remedy::new(Scope::Annotation, edit, effect))
    };
    match at.as_str() {
        "" if !has("info") => empty("info", no_info()),
        "" if !has("paths") => empty("paths", json!({})),
        "/info" => empty("title", json!("")),
        _ => None,
    }
}

fn no_info() -> Value {
    json!({ "title": "", "version": "0.0.0" })
}

fn wrong_type(document: &Value, at: &Pointer, sources: &mut Sources) -> Option<Remedy> {
    let empty = |value: Value| {
        let field = at.last().unwrap_or_default();
        let effect = format!("`{field}` is read as empty");
        let edit = Edit::Set(at.clone(), value);
        Some(Remedy::new(Scope::Annotation, edit, effect))
    };
    match at.as_str() {
        "/info" => return empty(no_info()),
        "/info/title" if !document.pointer(at.as_str())?.is_string() => return empty(json!("")),
        "/info/version" => return empty(json!("0.0.0")),
        "/paths" => {
            let effect = "no operation is generated: `paths` is read as empty";
            let edit = Edit::Set(at.clone(), json!({}));
            return Some(Remedy::new(Scope::Path, edit, effect));
        }
        _ => {}
    }
    let holder = at.parent()?;
    match (type_at(&holder).kind(), at.last()?.as_str()) {
        (Some(ObjectKind::Schema), "properties") => listed_properties(document, at),
        (Some(ObjectKind::Schema), "type") => unknown_types::unknown(document, at),
        (Some(ObjectKind::Schema), "enum") => wrong_types::enumeration(document, at),
        (Some(ObjectKind::Schema), "allOf" | "oneOf" | "anyOf") => {
            wrong_types::one_branch(document, at)
        }
        (Some(ObjectKind::Parameter), "content") => parameter::without_schema(document, &holder),
        (_, "servers") => one_server(document, at),
        (_, "variables") => server::variables_as_list(document, at),
        (_, "parameters") => listed_parameters(document, at),
        (_, "security") => requirement_by_name(document, at),
        _ => other_type(document, at, &holder)
            .or_else(|| wrong_types::text_for_object(document, at))
            .or_else(|| wrong_types::media_type(document, at))
            .or_else(|| wrong_types::tag_by_name(document, at))
            .or_else(|| server::without_default(document, at))
            .or_else(|| annotation::of_file(document, at, sources)),
    }
}

/// Returns the remedy for `properties` as a list. Each item has a name, or is an object whose only
/// key is the name.
fn listed_properties(document: &Value, at: &Pointer) -> Option<Remedy> {
    let list = document.pointer(at.as_str())?.as_array()?;
    if let Some(properties) = wrong_types::named_properties(list) {
        let of = holders(document, at);
        let effect = format!("each property{of} is any JSON value");
        let edit = Edit::Set(at.clone(), Value::Object(properties));
        return Some(Remedy::new(Scope::Keyword, edit, effect));
    }
    let properties = wrong_types::named(list)?;
    let effect = format!(
        "`properties`{} are read by their names",
        holders(document, at)
    );
    let edit = Edit::Set(at.clone(), Value::Object(properties));
    Some(Remedy::new(Scope::Keyword, edit, effect))
}

/// Returns the remedy for a value of the wrong type that has one interpretation, by the list or
/// object that contains it.
fn other_type(document: &Value, at: &Pointer, holder: &Pointer) -> Option<Remedy> {
    let outer = holder.parent()?;
    match (holder.last()?.as_str(), outer.last()?.as_str()) {
        // Removing one of several types would reject its values.
        ("type", _) if type_at(&outer).kind() == Some(ObjectKind::Schema) => {
            unknown_types::unknown(document, at)
        }
        ("security", _) => requirement_by_name(document, at),
        (_, "security") => {
            let name = at.last()?;
            let effect = format!("the scopes of {} are read as empty", quoted(&name));
            let edit = Edit::Set(at.clone(), json!([]));
            Some(Remedy::new(Scope::Security, edit, effect))
        }
        _ => None,
    }
}

/// Returns the remedy for `security`, or an entry of it, that is the name of a scheme.
fn requirement_by_name(document: &Value, at: &Pointer) -> Option<Remedy> {
    let name = document.pointer(at.as_str())?.as_str()?;
    let schemes = document.pointer("/components/securitySchemes")?;
    schemes.get(name)?;
    let requirement = json!({ name: [] });
    let is_list = at.last()? == "security";
    let value = if is_list {
        json!([requirement])
    } else {
        requirement
    };
    let effect = format!("{} is read as a requirement of the scheme", quoted(name));
    let edit = Edit::Set(at.clone(), value);
    Some(Remedy::new(Scope::Security, edit, effect))
}

/// Returns the remedy for `parameters` as a single parameter or as an object by name.
fn listed_parameters(document: &Value, at: &Pointer) -> Option<Remedy> {
    let written = document.pointer(at.as_str())?.as_object()?;
    if type_at(at) != FieldType::List(ObjectKind::Parameter) {
        return None;
    }
    let is_one = written.contains_key("in") && written.contains_key("name");
    let list = if is_one || written.contains_key("$ref") {
        vec![Value::Object(written.clone())]
    } else {
        let named = written.iter().map(|(name, parameter)| {
            let mut parameter = parameter.as_object()?.clone();
            if !parameter.contains_key("$ref") {
                parameter.get("in")?;
                parameter
                    .entry("name")
                    .or_insert_with(|| Value::from(name.clone()));
            }
            Some(Value::Object(parameter))
        });
        named.collect::<Option<_>>()?
    };
    let effect = format!("`parameters`{} is read as a list", holders(document, at));
    let edit = Edit::Set(at.clone(), Value::Array(list));
    Some(Remedy::new(Scope::Parameter, edit, effect))
}

/// Returns the remedy for an unknown style or one that its location does not allow. A scalar is
/// serialized the same in all styles. Parameters with lists and objects are removed.
fn style(document: &Index<'_>, at: &Pointer) -> Option<Remedy> {
    let parameter = at.parent()?;
    if type_at(&parameter).kind() != Some(ObjectKind::Parameter) {
        return None;
    }
    let node = document.pointer(parameter.as_str())?;
    let schema = node
        .get("schema")
        .and_then(|schema| behind(document, schema));
    let is_single = schema
        .and_then(|schema| schema.get("type"))
        .is_some_and(|of| {
            matches!(
                of.as_str(),
                Some("string" | "number" | "integer" | "boolean")
            )
        });
    // In a path or header, `form` is read as `simple`: `a,b`.
    let place = node.get("in").and_then(Value::as_str);
    let is_form = node.get("style").and_then(Value::as_str) == Some("form");
    let is_simple = is_form && matches!(place, Some("path" | "header"));
    if is_single || is_simple {
        return None;
    }
    let steps = describe::steps(&parameter);
    let outer = steps.iter().rev().nth(1)?;
    parameter::whole(document, &parameter, outer).pop()
}

/// Returns the remedy for `servers` as a single server or its URL.
fn one_server(document: &Value, at: &Pointer) -> Option<Remedy> {
    let written = document.pointer(at.as_str())?;
    let server = match written {
        Value::Object(map) if map.contains_key("url") => written.clone(),
        Value::String(url) => json!({ "url": url }),
        _ => return None,
    };
    let effect = format!(
        "`servers`{} is read as a list with one entry",
        holders(document, at)
    );
    let edit = Edit::Set(at.clone(), Value::Array(vec![server]));
    Some(Remedy::new(Scope::Server, edit, effect))
}

/// Returns the remedy for a string instead of a schema: the name of a type or schema, or among
/// properties a keyword that is indented too deep.
fn not_a_schema(document: &Value, at: &Pointer) -> Option<Remedy> {
    let written = document.pointer(at.as_str())?;
    let (scope, _) = describe::schema(at);
    if scope == Scope::Property
        && let Some(remedy) = misplaced_keyword(document, at, written)
    {
        return Some(remedy);
    }
    wrong_types::schema_of_text(document, at, written.as_str()?)
}

/// Returns the remedy for a keyword of the schema among its properties, recognized by its value,
/// which is not a schema.
fn misplaced_keyword(document: &Value, at: &Pointer, written: &Value) -> Option<Remedy> {
    let key = at.last()?;
    let fits = match key.as_str() {
        "description" | "title" | "pattern" | "format" => written.is_string(),
        "type" => written
            .as_str()
            .is_some_and(|name| wrong_types::TYPES.contains(&name)),
        "required" | "enum" | "examples" => written.is_array(),
        "example" => !written.is_null(),
        _ => false,
    };
    let schema = at.parent()?.parent()?;
    let meant = schema.child(&key);
    if !fits || document.pointer(meant.as_str()).is_some() {
        return None;
    }
    let effect = format!(
        "{}{} is read as a keyword of the schema, not as a property",
        quoted(&key),
        holders(document, &meant)
    );
    Some(Remedy::with_edits(
        Scope::Property,
        vec![Edit::Remove(at.clone()), Edit::Set(meant, written.clone())],
        effect,
    ))
}

/// Returns the remedy for a value of `mapping` without a target.
fn mapping(document: &Value, at: &Pointer) -> Option<Remedy> {
    (at.parent()?.last()? == "mapping").then(|| reference::mapping(document, at))
}

/// Returns the remedy for a branch that refers to its own schema, which adds nothing.
fn own_branch(document: &Value, at: &Pointer) -> Option<Remedy> {
    let list = at.parent()?;
    let keyword = list.last()?;
    let branches = document.pointer(list.as_str())?.as_array()?;
    if !matches!(keyword.as_str(), "allOf" | "oneOf" | "anyOf") {
        return None;
    }
    let of = holders(document, &list);
    let effect = format!("the branch of the `{keyword}`{of} is left out");
    let edit = if branches.len() == 1 {
        Edit::Remove(list)
    } else {
        Edit::Remove(at.clone())
    };
    Some(Remedy::new(Scope::Keyword, edit, effect))
}
