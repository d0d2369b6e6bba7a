//! Which checks and corrections apply to which object.

use serde_json::{Map, Value};

use super::place::Place;
use super::walk::Walk;
use super::{content, examples, expression, names, object, parameter, schema, security, servers};
use crate::spec::ObjectKind;

type Fields = Map<String, Value>;

/// Checks and corrects an object before its fields are visited.
pub(super) fn enter(walk: &mut Walk<'_>, kind: ObjectKind, map: &mut Fields, place: &Place<'_>) {
    match kind {
        ObjectKind::Document => object::document(walk, map, place),
        ObjectKind::Info => object::info(walk, map, place),
        ObjectKind::License => object::license(walk, map, place),
        ObjectKind::ServerVariable => object::server_variable(walk, map, place),
        ObjectKind::PathItem => object::path_item(walk, map, place),
        ObjectKind::Operation => object::operation(walk, map, place),
        ObjectKind::ExternalDocumentation => object::external_docs(walk, map, place),
        ObjectKind::Parameter => parameter::parameter_place(walk, map, place),
        ObjectKind::Header => parameter::hoisted_schema(walk, map, place),
        ObjectKind::RequestBody => examples::beside_content(walk, map, place),
        ObjectKind::MediaType => object::media_type(walk, map, place),
        ObjectKind::Responses => object::responses(walk, map, place),
        ObjectKind::Response => content::before_response(walk, map, place),
        ObjectKind::Callback => expression::callback(walk, map, place),
        ObjectKind::Example => examples::bare(walk, map, place),
        ObjectKind::SecurityRequirement => security::scopes(walk, map, place),
        ObjectKind::SecurityScheme => security::security_scheme(walk, map, place),
        ObjectKind::OAuthFlow => security::flow(walk, map, place),
        ObjectKind::Schema => schema::before(walk, map, place),
        _ => {}
    }
}

/// Checks and corrects an object after its fields were visited.
pub(super) fn leave(walk: &mut Walk<'_>, kind: ObjectKind, map: &mut Fields, place: &Place<'_>) {
    match kind {
        ObjectKind::Server => servers::server(walk, map, place),
        ObjectKind::ServerVariable => servers::variable(walk, map, place),
        ObjectKind::Components => security::components(walk, map, place),
        ObjectKind::Parameter => parameter::parameter(walk, map, place),
        ObjectKind::Header => parameter::header(walk, map, place),
        ObjectKind::RequestBody => names::body(walk, map, place),
        ObjectKind::Encoding => object::encoding(walk, map, place),
        ObjectKind::Response => content::after_response(walk, map, place),
        ObjectKind::Link => object::link(walk, map, place),
        ObjectKind::Discriminator => object::discriminator(walk, map, place),
        ObjectKind::Schema => schema::after(walk, map, place),
        _ => {}
    }
}
