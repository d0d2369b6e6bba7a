//! The call of an operation in a test, and the expected request (wire rules 13 to 17).

mod accept;
mod body;
mod files;
mod serialized;
mod url;

use serde_json::{Value as Json, json};

use self::accept::accepted;
use self::serialized::Serialized;
use super::documented;
use super::page_value::{self, PageValue};
use super::request_parts::RequestParts;
use super::test_values::{SampleSpec, Tester, plain};
use crate::document::{SchemaType, SchemaView};
use crate::ident::MethodName;
use crate::ir::{Operation, Parameter, ParameterLocation, QueryStyle, Style, Type};
use crate::lower::{MergedSchema, OperationOrigin, ParameterOrigin};
use crate::proof::model::{Argument, WireBody, WireRequest, WireTest};
use crate::proof::sample::Direction;

/// Headers that the transport handles, so that no test sets them.
const OF_TRANSPORT: &[&str] = &["connection", "expect", "host", "upgrade"];

/// The optional arguments of a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Given {
    /// All arguments that have a value, with the body in one of its media types, as one of the
    /// branches of its union.
    All { choice: usize, branch: usize },
    /// The lists, empty.
    EmptyLists,
}

impl Default for Given {
    fn default() -> Self {
        let (choice, branch) = (0, 0);
        Self::All { choice, branch }
    }
}

impl Tester<'_> {
    /// Returns the call and the expected request.
    pub(super) fn test(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
    ) -> Result<WireTest, String> {
        self.test_of_page(operation, origin, extent, None)
    }

    /// Returns the call for a page, and the request that it sends.
    pub(super) fn test_of_page(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
        page: Option<PageValue<'_>>,
    ) -> Result<WireTest, String> {
        let mut request = RequestParts::default();
        let parameters = self.arguments(operation, origin, extent, page, &mut request)?;
        let accept = documented::accept(self.document, &origin.source, &accepted(operation));
        if !accept.is_empty() {
            request.headers.entry("accept".to_owned()).or_insert(accept);
        }
        let (body, sent) = self
            .body_argument(operation, origin, extent, &mut request)?
            .map_or((None, WireBody::Empty), |(body, sent)| (Some(body), sent));
        self.credentials(origin, &mut request)?;
        if !request.cookies.is_empty() {
            request
                .headers
                .insert("cookie".to_owned(), request.cookies.join("; "));
        }
        let request = WireRequest {
            method: origin.source.method.to_owned(),
            url: self.url(operation, &request)?,
            headers: request.headers.into_iter().collect(),
            body: sent,
        };
        Ok(WireTest {
            name: self.test_name(operation, extent, body.is_some()),
            parameters,
            body,
            request,
            answers: Vec::new(),
            pages: None,
        })
    }

    fn test_name(self, operation: &Operation, extent: Given, has_body: bool) -> MethodName {
        let mut name = operation.method_name.clone();
        match extent {
            Given::EmptyLists => name = self.unused(&name.suffixed("_with_empty_lists")),
            Given::All { choice, branch } if has_body => {
                if choice > 0 {
                    name = self.unused(&name.suffixed(&format!("_with_body_{}", choice + 1)));
                }
                if branch > 0 {
                    name = self.unused(&name.suffixed(&format!("_with_branch_{}", branch + 1)));
                }
            }
            Given::All { .. } => {}
        }
        name
    }

    /// Adds the parameters to the request, and returns their arguments.
    fn arguments(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
        page: Option<PageValue<'_>>,
        request: &mut RequestParts,
    ) -> Result<Vec<Option<Argument>>, String> {
        let parameters = operation.parameters.iter().zip(&origin.parameters);
        let arguments = parameters.map(|(parameter, sample)| {
            let argument = if parameter.required || extent != Given::EmptyLists {
                self.parameter(parameter, sample, page, request)
            } else {
                self.empty_list(parameter, sample)
            };
            if argument.is_none() && parameter.required {
                let name = &parameter.name.wire;
                return Err(format!("no value for the parameter `{name}`"));
            }
            Ok(argument)
        });
        arguments.collect()
    }

    /// Returns the argument for the body and the expected body, unless the call has no body.
    fn body_argument(
        self,
        operation: &Operation,
        origin: &OperationOrigin<'_>,
        extent: Given,
        request: &mut RequestParts,
    ) -> Result<Option<(Argument, WireBody)>, String> {
        let (choice, branch) = match extent {
            Given::All { choice, branch } => (choice, branch),
            Given::EmptyLists => (0, 0),
        };
        let body = operation.body.as_ref();
        let Some(body) = body.filter(|body| body.required || extent != Given::EmptyLists) else {
            return Ok(None);
        };
        let Some(one) = body.choices.get(choice) else {
            return Ok(None);
        };
        let (argument, sent) = self
            .request_body(one, branch, origin, request)
            .ok_or_else(|| format!("there is no value for a body of `{}`", one.media_type))?;
        let argument = match &body.choice_type {
            None => argument,
            Some(ty) => Argument::Choice(ty.clone(), one.variant.clone(), Box::new(argument)),
        };
        Ok(Some((argument, sent)))
    }

    /// Adds a parameter to the request, and returns its argument.
    fn parameter(
        self,
        parameter: &Parameter,
        sample: &ParameterOrigin<'_>,
        page: Option<PageValue<'_>>,
        request: &mut RequestParts,
    ) -> Option<Argument> {
        let name = parameter.name.wire.as_str();
        let header = name.to_ascii_lowercase();
        let style = documented::style(sample.source, self.arrays);
        if matches!(
            style,
            Style::Header { .. } | Style::Json(ParameterLocation::Header)
        ) && OF_TRANSPORT.contains(&header.as_str())
        {
            return None;
        }
        let spec = sample.schema.as_ref().map(|node| SampleSpec {
            node,
            hint: name,
            direction: Direction::Sent,
            levels: 2,
            odd: match &style {
                Style::Path { .. } | Style::Json(ParameterLocation::Path) => " a/b?%20ü",
                Style::Query { .. } | Style::Json(ParameterLocation::Query) => ": a/b&%20ü",
                Style::Cookie { .. } | Style::Json(ParameterLocation::Cookie) => " 1;%20ü",
                Style::Header { .. } | Style::Json(ParameterLocation::Header) => "",
            },
        });
        let fits = |json: &Json| Serialized::new(name, &style, json).is_some();
        let mut value = self.value(&parameter.ty, sample.given, spec, fits);
        if let Some(page) = page
            && page.parameter.query.as_deref() == Some(name)
            && matches!(
                style,
                Style::Query { .. } | Style::Json(ParameterLocation::Query)
            )
        {
            let mut json = value.map(|(json, _)| json).unwrap_or_default();
            page_value::set(&mut json, &page.parameter.path, Some(page.value.clone()))?;
            let written = plain(self.codec.written(&parameter.ty, &json)?);
            value = Some((json, written));
        }
        let (json, written) = value?;
        match Serialized::new(name, &style, &written)? {
            Serialized::Path(text) => request.variables.push((name.to_owned(), text)),
            Serialized::Query(pairs) => request.query.extend(pairs),
            Serialized::Cookies(cookies) => request.cookies.extend(cookies),
            Serialized::Header(text) => {
                request.headers.insert(header, text);
            }
        }
        Some(self.argument(&parameter.ty, json))
    }

    /// Returns an empty list as the argument of an optional parameter: it sends nothing (wire rule
    /// 13).
    pub(super) fn empty_list(
        self,
        parameter: &Parameter,
        sample: &ParameterOrigin<'_>,
    ) -> Option<Argument> {
        let is_joined = match &parameter.style {
            Style::Query { style, .. } => !matches!(style, QueryStyle::DeepObject(_)),
            Style::Header { .. } | Style::Cookie { .. } => true,
            Style::Path { .. } | Style::Json(_) => false,
        };
        if parameter.required || !is_joined {
            return None;
        }
        let merged = MergedSchema::new(&sample.schema.as_ref()?.follow()?);
        let is_list = merged.value_type() == Some(SchemaType::Array);
        let may_be_empty = merged.last(SchemaView::min_items).unwrap_or_default() == 0;
        let json = json!([]);
        let is_read = self.codec.written(&parameter.ty, &json).as_ref() == Some(&json);
        (is_list && may_be_empty && is_read).then(|| self.argument(&parameter.ty, json))
    }

    fn argument(self, ty: &Type, json: Json) -> Argument {
        Argument::Value {
            ty: ty.clone(),
            value: self.expressions.value(ty, &json),
            json,
        }
    }
}
