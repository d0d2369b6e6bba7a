//! Finds the fields with which generated code reads a page and selects the next one.

use std::collections::HashMap;

use crate::ir::{
    Certainty, Field, FieldStep, NextPage, PageCode, PageInput, PageItems, Pagination, Presence,
    ResponseCodec, Shape, Style, Type, TypeDef, TypePath,
};

use super::super::operation_draft::OperationDraft;

pub(in crate::lower) type Types<'t> = HashMap<&'t TypePath, &'t TypeDef>;

/// The maximum number of aliases and newtypes that are followed.
const MAX_DEPTH: usize = 32;

/// Returns the code that reads the pages of an operation, or the reason why there is none.
pub(in crate::lower) fn page_code(
    operation: &OperationDraft<'_>,
    types: &Types<'_>,
) -> Result<PageCode, String> {
    let Some(pagination) = &operation.pagination else {
        return Err("it is not paginated".to_owned());
    };
    if pagination.certainty != Certainty::Certain {
        return Err("it is not certain".to_owned());
    }
    if operation.http_method != "GET" && matches!(pagination.next, Some(NextPage::Link)) {
        return Err("only a GET can follow a URL".to_owned());
    }
    let input = input(operation, pagination, types)?;
    Ok(PageCode {
        input,
        items: items(operation, pagination, types),
    })
}

/// Returns the input that selects a page.
fn input(
    operation: &OperationDraft<'_>,
    pagination: &Pagination,
    types: &Types<'_>,
) -> Result<Option<PageInput>, String> {
    let Some(parameter) = &pagination.parameter else {
        return Ok(None);
    };
    let Some(query) = &parameter.query else {
        let (input, _) = body_input(operation, &parameter.path, types)?;
        return Ok(Some(input));
    };
    let mut parameters = operation.parameters.iter();
    let found = parameters.find(|other| {
        let is_query = matches!(other.style, Style::Query { .. });
        is_query && other.name.wire == *query
    });
    let found = found.ok_or("the parameter is left out")?;
    let (path, _) = steps(&found.ty, !found.required, &parameter.path, types)?;
    Ok(Some(PageInput {
        parameter: Some(found.name.rust.clone()),
        is_optional: !found.required,
        path,
    }))
}

/// Returns the property of the body with this name, and its type.
pub(in crate::lower) fn body_field(
    operation: &OperationDraft<'_>,
    name: &str,
    types: &Types<'_>,
) -> Result<(PageInput, Type), String> {
    body_input(operation, &[name.to_owned()], types)
}

/// Returns the input at a path in the body, and its type.
fn body_input(
    operation: &OperationDraft<'_>,
    path: &[String],
    types: &Types<'_>,
) -> Result<(PageInput, Type), String> {
    let body = operation.body.as_ref().ok_or("the body is left out")?;
    let [choice] = body.choices.as_slice() else {
        return Err("the body has several media types".to_owned());
    };
    let (path, ty) = steps(&choice.ty, !body.required, path, types)?;
    let input = PageInput {
        parameter: None,
        is_optional: !body.required,
        path,
    };
    Ok((input, ty))
}

/// Returns the fields on the path to a value, and its type.
fn steps(
    ty: &Type,
    is_optional: bool,
    path: &[String],
    types: &Types<'_>,
) -> Result<(Vec<FieldStep>, Type), String> {
    let (mut ty, mut steps) = (ty, Vec::new());
    // An absent struct on the path is created from its default.
    let mut is_absent = is_optional;
    for name in path {
        let (around, field) = field_of(ty, name, types)
            .ok_or_else(|| format!("`{name}` is not a field of a struct"))?;
        steps.extend(around.steps);
        if is_absent && !around.has_default {
            return Err(format!("the object with `{name}` has required properties"));
        }
        let options = options(field);
        is_absent = options > 0;
        steps.push(FieldStep {
            field: Some(field.name.rust.clone()),
            options,
        });
        ty = &field.ty;
    }
    Ok((steps, ty.clone()))
}

/// Returns the fields that contain the items of the output.
fn items(
    operation: &OperationDraft<'_>,
    pagination: &Pagination,
    types: &Types<'_>,
) -> Option<PageItems> {
    let success = &operation.outcomes.success;
    let bodies = success.cases.iter().flat_map(|case| &case.bodies);
    let body = bodies
        .into_iter()
        .find(|body| matches!(body.codec, ResponseCodec::Json | ResponseCodec::JsonOrText))?;
    let name = success.enum_name.as_ref();
    let variant = name.map(|name| (name.clone(), body.variant.clone()));
    let mut path = Vec::new();
    let mut ty = &body.ty;
    for name in &pagination.items {
        let (around, field) = field_of(ty, name, types)?;
        path.extend(around.steps);
        path.push(FieldStep {
            field: Some(field.name.rust.clone()),
            options: options(field),
        });
        ty = &field.ty;
    }
    let item = item_of(ty, &mut path, types)?;
    Some(PageItems {
        variant,
        path,
        item,
    })
}

/// The newtypes around a struct.
struct Around {
    steps: Vec<FieldStep>,
    /// True if the struct has a default.
    has_default: bool,
}

/// Returns the field of a property, if the type is a struct that has it.
fn field_of<'t>(ty: &'t Type, name: &str, types: &Types<'t>) -> Option<(Around, &'t Field)> {
    let mut steps = Vec::new();
    let mut ty = ty;
    for _ in 0..MAX_DEPTH {
        ty = match ty {
            Type::Box(inner) => inner,
            Type::Named(path) => match &types.get(path)?.shape {
                Shape::Alias(inner) => inner,
                Shape::Newtype(inner) => {
                    steps.push(FieldStep {
                        field: None,
                        options: 0,
                    });
                    inner
                }
                Shape::Struct(shape) => {
                    let field = shape.fields.iter().find(|field| field.name.wire == name)?;
                    let mut fields = shape.fields.iter();
                    let has_default = !fields.any(Field::is_argument_of_new);
                    return Some((Around { steps, has_default }, field));
                }
                Shape::Enum(_) | Shape::Union(_) => return None,
            },
            _ => return None,
        };
    }
    None
}

/// Returns the number of `Option`s around the value of a field.
fn options(field: &Field) -> usize {
    match field.presence {
        Presence::Required | Presence::Defaulted | Presence::Preset => 0,
        Presence::Nullable
        | Presence::Optional
        | Presence::NullableDefaulted
        | Presence::NullablePreset => 1,
        Presence::OptionalNullable => 2,
    }
}

/// Returns the type of the items of a list, and adds the newtypes around the list to `path`.
fn item_of<'t>(ty: &'t Type, path: &mut Vec<FieldStep>, types: &Types<'t>) -> Option<Type> {
    let mut ty = ty;
    for _ in 0..MAX_DEPTH {
        ty = match ty {
            Type::Vec(item) => return Some((**item).clone()),
            // An absent list has no items.
            Type::Option(inner) | Type::Box(inner) => inner,
            Type::Named(name) => match &types.get(name)?.shape {
                Shape::Alias(inner) => inner,
                Shape::Newtype(inner) => {
                    path.push(FieldStep {
                        field: None,
                        options: 0,
                    });
                    inner
                }
                _ => return None,
            },
            _ => return None,
        };
    }
    None
}
