//! Which checks and corrections apply to which object: the table of contents of this stage.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::check::{
    body, bounds, dialect, discriminator, document, expression, http_names, keywords, media_type,
    parameter, pattern, required, security, server, types, values,
};
use super::correct;
use super::fields_not_in_openapiv3::carried_value;
use super::reporter::Reporter;
use super::walk::{Context, Visitor};
use crate::pointer::{Pointer, Trail};
use crate::spec::{Fields, ObjectKind};

/// Applies all checks and corrections.
pub(super) struct Checks {
    /// The names in `components.schemas`, which a mapping may refer to.
    schemas: HashSet<String>,
}

impl Checks {
    pub(super) fn new(document: &Value) -> Self {
        let schemas = document
            .pointer("/components/schemas")
            .and_then(Value::as_object);
        Self {
            schemas: schemas.into_iter().flat_map(Map::keys).cloned().collect(),
        }
    }
}

impl Visitor for Checks {
    fn correct_value(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        value: &mut Value,
        place: &Trail<'_>,
    ) {
        correct::bare_value::read_bare_value(&mut context.reporter, kind, value, place);
    }

    fn resolve(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    ) {
        use correct::reference;
        let Context { reporter, targets } = context;
        match kind {
            ObjectKind::Schema => {
                reference::resolve_dynamic_reference(reporter, targets, map, place);
            }
            ObjectKind::PathItem => reference::merge_path_item(reporter, targets, map, place),
            _ => {}
        }
    }

    fn enter(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    ) {
        use correct::{
            examples, missing_field, operation, parameter, reference, responses, schema_position,
            security,
        };
        let Context { reporter, targets } = context;
        match kind {
            ObjectKind::Document => {
                dialect::check_dialect(reporter, map, "jsonSchemaDialect", place);
                server::check_names(reporter, map, place);
                document::check_webhooks(reporter, map, place);
            }
            ObjectKind::Info => missing_field::add_version(reporter, map, place),
            ObjectKind::License => missing_field::add_license_name(reporter, map, place),
            ObjectKind::ServerVariable => missing_field::add_variable_default(reporter, map, place),
            ObjectKind::ExternalDocumentation => missing_field::add_url(reporter, map, place),
            ObjectKind::OAuthFlow => missing_field::add_flow_fields(reporter, map, place),
            ObjectKind::PathItem => enter_path_item(reporter, map, place),
            ObjectKind::Operation => operation::correct_operation(reporter, map, place),
            ObjectKind::Parameter => {
                examples::name_examples(reporter, map, place);
                schema_position::nest_parameter_keywords(reporter, map, place);
                parameter::correct_location(reporter, map, place);
            }
            ObjectKind::Header => {
                examples::name_examples(reporter, map, place);
                schema_position::nest_parameter_keywords(reporter, map, place);
            }
            ObjectKind::RequestBody => examples::move_into_content(reporter, map, place),
            ObjectKind::MediaType => {
                reference::replace_media_type(reporter, targets, map, place);
                examples::name_examples(reporter, map, place);
                schema_position::nest_media_type_keywords(reporter, map, place);
            }
            ObjectKind::Responses => {
                body::check_bodiless_statuses(reporter, map, place);
                responses::remove_interim_responses(reporter, map, place);
                responses::correct_statuses(reporter, map, place);
            }
            ObjectKind::Response => {
                schema_position::move_schema_into_content(reporter, map, place);
                examples::move_into_content(reporter, map, place);
            }
            ObjectKind::Callback => expression::check_callback(reporter, map, place),
            ObjectKind::Example => examples::nest_bare_example(reporter, map, place),
            ObjectKind::SecurityRequirement => security::correct_scopes(reporter, map, place),
            ObjectKind::SecurityScheme => enter_security_scheme(reporter, map, place),
            ObjectKind::Schema => enter_schema(reporter, map, place),
            _ => {}
        }
    }

    fn leave(
        &mut self,
        context: &mut Context<'_>,
        kind: ObjectKind,
        map: &mut Fields,
        place: &Trail<'_>,
    ) {
        use correct::{for_openapiv3, link, missing_field};
        let Context { reporter, targets } = context;
        match kind {
            ObjectKind::Server => {
                correct::server::correct_url(reporter, map, place);
                server::check_url(reporter, map, place);
            }
            ObjectKind::ServerVariable => {
                correct::server::remove_empty_enum(reporter, map, place);
                server::check_variable(reporter, map, place);
            }
            ObjectKind::Components => for_openapiv3::carry_mutual_tls(map),
            ObjectKind::Parameter => leave_parameter(reporter, map, place),
            ObjectKind::Header => {
                missing_field::add_header_schema(reporter, targets, map, place);
                parameter::check_schema_or_content(reporter, map, place, "a header");
                parameter::check_style(reporter, map, place, "header");
            }
            ObjectKind::RequestBody => media_type::check_request_content(reporter, map, place),
            ObjectKind::Encoding => {
                parameter::check_style(reporter, map, place, "query");
                media_type::check_content_type(reporter, map, place);
                http_names::check_headers(reporter, map, place);
                for_openapiv3::carry_explode(map);
            }
            ObjectKind::Response => {
                media_type::check_content(reporter, map, place);
                http_names::check_headers(reporter, map, place);
                for_openapiv3::add_description(map);
            }
            ObjectKind::Link => {
                link::correct_target(reporter, map, place);
                expression::check_link(reporter, map, place);
                link::correct_parameters(reporter, map, place);
            }
            ObjectKind::Discriminator => self.leave_discriminator(context, map, place),
            ObjectKind::Schema => leave_schema(reporter, map, place),
            _ => {}
        }
    }
}

impl Checks {
    /// Checks the schemas that a discriminator refers to, and records them.
    fn leave_discriminator(&self, context: &mut Context<'_>, map: &Fields, place: &Trail<'_>) {
        let mapping = map.get("mapping").and_then(Value::as_object);
        let at = place.key("mapping");
        let names = mapping.into_iter().flatten();
        let names = names.map(|(value, name)| (name, at.key(value)));
        let default = carried_value(map, "defaultMapping");
        let default = default.map(|name| (name, place.key("defaultMapping")));
        for (name, at) in names.chain(default) {
            if let Some(name) = name.as_str() {
                let reporter = &mut context.reporter;
                discriminator::check_mapped_schema(reporter, name, &self.schemas, &at);
                let target = Pointer::from_reference(name);
                context.targets.record_target(ObjectKind::Schema, target);
            }
        }
    }
}

fn enter_path_item(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    use correct::operation;
    operation::remove_misspelled_methods(reporter, map, place);
    http_names::check_methods(reporter, map, place);
    operation::remove_trace_body(reporter, map, place);
    body::check_head(reporter, map, place);
}

fn enter_security_scheme(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let Some(of_type) = correct::security::correct_type(reporter, map, place) else {
        return;
    };
    security::check_fields(reporter, map, place, of_type);
    match of_type {
        "apiKey" => {
            correct::security::correct_key_location(reporter, map, place);
            security::check_api_key_name(reporter, map, place);
        }
        "http" => security::check_http_scheme(reporter, map, place),
        _ => {}
    }
}

fn leave_parameter(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    let name = map.get("name").and_then(Value::as_str).unwrap_or_default();
    let subject = format!("parameter `{name}`");
    parameter::check_schema_or_content(reporter, map, place, &subject);
    let Some(location) = map.get("in").and_then(Value::as_str) else {
        return;
    };
    parameter::check_name(reporter, map, place);
    media_type::check_content(reporter, map, place);
    if matches!(location, "path" | "query" | "header" | "cookie") {
        parameter::check_style(reporter, map, place, location);
    }
    correct::parameter::require_in_path(reporter, map, place);
    correct::for_openapiv3::carry_parameter_fields(map);
}

/// Checks a schema before its keywords are visited, and corrects known mistakes.
fn enter_schema(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    use correct::{examples, required, schema};
    keywords::check_newer_keywords(reporter, map, place);
    pattern::check_patterns(reporter, map, place);
    dialect::check_dialect(reporter, map, "$schema", place);
    schema::correct_null_type(reporter, map, place);
    schema::correct_null_branches(reporter, map, place);
    required::remove_required_flag(reporter, map, place);
    required::list_required_properties(reporter, map, place);
    examples::list_examples(reporter, map, place);
    schema::remove_empty_lists(reporter, map, place);
    schema::remove_old_keywords(reporter, map, place);
    required::remove_duplicate_names(reporter, map, place);
    bounds::check_exclusive_bounds(reporter, map, place);
    keywords::check_nullable(reporter, map, place);
}

/// Checks how the keywords of a schema combine. Each keyword by itself was visited.
fn leave_schema(reporter: &mut Reporter<'_>, map: &mut Fields, place: &Trail<'_>) {
    bounds::check_bounds(reporter, map, place);
    values::check_branches(reporter, map, place);
    correct::annotations::copy_annotations(map);
    values::check_const(reporter, map, place);
    correct::enumeration::correct_enum(reporter, map, place);
    correct::types::correct_types(reporter, map, place);
    let declared = types::declared_types(map);
    keywords::check_applicable(reporter, map, place, &declared);
    keywords::check_format(reporter, map, place, &declared);
    values::check_listed_values(reporter, map, place, &declared);
    values::check_multiple_of(reporter, map, place);
    keywords::check_items(reporter, map, place, &declared);
    required::check_required(reporter, map, place);
    correct::schema::remove_both_directions(reporter, map, place);
    correct::excluded_default::remove_excluded_default(reporter, map, place);
    keywords::check_unchecked(reporter, map, place);
}
