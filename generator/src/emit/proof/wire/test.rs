//! The test of an operation: its call, the expected request, and the expected results.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::expression::{SHORT, binding, call, literal, read_as, reads, short};
use crate::emit::Context;
use crate::emit::docs::code;
use crate::emit::operation::{body_name, variant_name};
use crate::emit::proof::json::{Constants, within};
use crate::emit::proof::text::{ALLOW_DEPRECATED, one_line};
use crate::emit::scope::{plain, takes_into};
use crate::ir::{Operation, ResponseCodec, Type, Value};
use crate::plan::accessors;
use crate::proof::model::{
    Argument, ChosenFile, WireAnswer, WireBody, WirePages, WireRequest, WireTest,
};

/// Writes the tests of one operation.
pub(super) struct Writer<'a, 'c> {
    pub context: &'a Context<'c>,
    pub operation: &'a Operation,
    /// The name of the connecting function.
    pub connect: &'a str,
    pub constants: &'a mut Constants,
    /// The index of the file for the tests.
    pub file: usize,
    /// The modules of the crate that are used.
    pub modules: &'a mut BTreeSet<&'static str>,
    /// True if a test has pages.
    pub has_pages: &'a mut bool,
    pub out: &'a mut String,
    /// The text that `body` is bound to.
    pub last_body: Option<String>,
}

/// Returns an expression that sets the media type of files; `variant` is the path of the variant
/// for a file in a union.
fn with_media_type(files: &str, ty: &Type, variant: Option<&str>, media_type: &str) -> String {
    match (ty, variant) {
        (Type::Option(ty), _) => {
            let file = with_media_type("file", ty, variant, media_type);
            format!("{files}.map(|file| {file})")
        }
        (Type::Vec(ty), _) => {
            let file = with_media_type("file", ty, variant, media_type);
            format!("{files}.into_iter().map(|file| {file}).collect()")
        }
        (_, Some(variant)) => format!(
            "match {files} {{\n        {variant}(file) => {{\n            {variant}(file.of_type({media_type}))\n        }}\n        other => other,\n    }}"
        ),
        (_, None) => format!("{files}.of_type({media_type})"),
    }
}

/// Returns the type within options and lists.
fn innermost(ty: &Type) -> &Type {
    let mut ty = ty;
    while let Type::Option(inner) | Type::Vec(inner) = ty {
        ty = inner;
    }
    ty
}

/// The place of an argument.
struct Place {
    /// The argument's name.
    name: String,
    /// The name of its variable, if the expression is long.
    bound: String,
}

impl Writer<'_, '_> {
    pub fn operation(&mut self) {
        let operation = self.operation;
        let Some(planned) = self.context.tests_of(operation) else {
            return;
        };
        match &planned.tests {
            Ok(tests) => tests.iter().for_each(|test| self.test(test)),
            Err(reason) => {
                let (name, reason) = (plain(operation.method_name.as_str()), one_line(reason));
                let _ = writeln!(self.out, "\n// `{name}` is not tested: {reason}.");
            }
        }
    }

    fn test(&mut self, test: &WireTest) {
        let WireTest {
            name,
            parameters,
            body,
            request,
            answers,
            pages,
        } = test;
        let operation = self.operation;
        let endpoint = code(&format!("{} {}", operation.http_method, operation.path));
        let _ = writeln!(self.out, "\n/// {}\n#[tokio::test]", one_line(&endpoint));
        if self.names_deprecated(test) {
            self.out.push_str(ALLOW_DEPRECATED);
        }
        let (name, connect) = (name.as_str(), self.connect);
        let _ = writeln!(
            self.out,
            "async fn {name}() {{\n    let (wire, client) = {connect}();"
        );
        self.last_body = None;
        let stem = plain(name);
        self.call(stem, parameters, body.as_ref(), &request.body);
        self.request(request);
        let sent = self.body(&request.body, stem, "sent");
        if answers.is_empty() {
            let _ = writeln!(self.out, "    wire.sends(call, request, {sent}).await;\n}}");
            return;
        }
        let _ = writeln!(
            self.out,
            "    let Some(test) = wire.sends(call, request, {sent}).await else {{\n        return;\n    }};"
        );
        for answer in answers {
            self.out.push('\n');
            self.answer(stem, answer);
        }
        if let Some(pages) = pages
            && let Some(answer) = answers.get(pages.answer)
        {
            self.out.push('\n');
            self.pages(stem, request, answer, pages);
        }
        self.out.push_str("}\n");
    }

    /// Writes the test of consecutive pages.
    fn pages(&mut self, stem: &str, first: &WireRequest, answer: &WireAnswer, pages: &WirePages) {
        *self.has_pages = true;
        let body = self.body(&answer.body, stem, &answer.status.to_string());
        let arguments = [
            "&test".to_owned(),
            literal(&pages.items),
            answer.status.to_string(),
            literal(answer.media_type.as_deref().unwrap_or_default()),
            body.to_owned(),
        ];
        self.out.push_str(&call(
            "let mut pages = ",
            "pages::Pages::new",
            &arguments,
            ";",
        ));
        if let Some(item) = &pages.item {
            let item = self.text(item, stem, "item");
            self.out.push_str(&call("", "pages.item", &[item], ";"));
        }
        for (position, page) in pages.pages.iter().enumerate() {
            let WireRequest {
                method, url, body, ..
            } = &page.request;
            let request = literal(&format!("{method} {url}"));
            let arguments = [request, page.items.to_string()];
            self.out.push_str(&call("", "pages.page", &arguments, ";"));
            if let WireBody::Json(json) = body
                && page.request.body != first.body
            {
                let body = self.text(json, stem, &format!("page_{}", position + 1));
                self.out.push_str(&call("", "pages.sent", &[body], ";"));
            }
            if let Some(link) = &page.link {
                self.out
                    .push_str(&call("", "pages.link", &[literal(link)], ";"));
            }
            for (pointer, value) in &page.edits {
                let value = value.as_ref().map(ToString::to_string);
                let arguments = [literal(pointer), literal(&value.unwrap_or_default())];
                self.out.push_str(&call("", "pages.set", &arguments, ";"));
            }
        }
        let function = if pages.has_items {
            "fetch_items"
        } else {
            "fetch"
        };
        let _ = writeln!(self.out, "    pages.{function}().await;");
    }

    /// Returns `true` if a test names a deprecated item.
    fn names_deprecated(&self, test: &WireTest) -> bool {
        let given = self.operation.parameters.iter().zip(&test.parameters);
        let mut given = given.filter(|(_, argument)| argument.is_some());
        self.operation.deprecated
            || given.any(|(parameter, argument)| {
                let names_type = match argument {
                    Some(Argument::Value { ty, value, .. }) => {
                        let ty = match value {
                            Some(Value::Variant(path, _)) => &Type::Named(path.clone()),
                            _ => ty,
                        };
                        self.context.plan.is_deprecated(ty)
                    }
                    _ => false,
                };
                parameter.deprecated || names_type
            })
    }

    /// Writes the call like a user's code.
    fn call(
        &mut self,
        stem: &str,
        parameters: &[Option<Argument>],
        body: Option<&Argument>,
        sent: &WireBody,
    ) {
        let operation = self.operation;
        let given = operation.parameters.iter().zip(parameters);
        let given = given.filter_map(|(parameter, argument)| {
            let name = parameter.name.rust.clone();
            Some((
                name,
                argument.as_ref()?,
                parameter.required,
                &WireBody::Empty,
            ))
        });
        let body = operation.body.as_ref().zip(body);
        let body =
            body.map(|(body, argument)| (body_name(operation), argument, body.required, sent));
        let (required, optional): (Vec<_>, Vec<_>) =
            given.chain(body).partition(|(_, _, required, _)| *required);
        let mut arguments = Vec::new();
        for (position, (name, argument, _, sent)) in required.into_iter().enumerate() {
            let place = Place {
                name: plain(name.as_str()).to_owned(),
                // Each argument is bound before the call.
                bound: match position {
                    0 => "given".to_owned(),
                    _ => format!("given_{}", position + 1),
                },
            };
            let value = self.argument(stem, &place, argument, sent, true);
            arguments.push(self.bound_if_long(&place, value));
        }
        let method = format!("client.{}", operation.method_name.as_str());
        self.out
            .push_str(&call("let call = ", &method, &arguments, ";"));
        for (name, argument, _, sent) in optional {
            let place = Place {
                name: plain(name.as_str()).to_owned(),
                bound: "given".to_owned(),
            };
            let value = self.argument(stem, &place, argument, sent, true);
            let value = self.bound_if_long(&place, value);
            let setter = format!("call.{}", name.as_str());
            self.out
                .push_str(&call("let call = ", &setter, &[value], ";"));
        }
    }

    /// Returns the expression of an argument, after writing the variables it uses.
    fn argument(
        &mut self,
        stem: &str,
        place: &Place,
        argument: &Argument,
        sent: &WireBody,
        is_outer: bool,
    ) -> String {
        match argument {
            Argument::Content(None, text) if is_outer => literal(text),
            Argument::Content(None, text) => format!("{}.into()", literal(text)),
            Argument::Content(Some(media_type), text) => {
                let (media_type, text) = (literal(media_type), literal(text));
                self.modules.insert("runtime");
                format!("runtime::TypedContent::new({media_type}, {text})")
            }
            Argument::Files(inner, ty, files) => {
                let inner = self.argument(stem, place, inner, sent, is_outer);
                let ty = read_as(ty, self.modules);
                let name = &place.bound;
                self.out
                    .push_str(&binding(&format!("mut {name}: {ty}"), &inner));
                for file in files {
                    let ChosenFile {
                        field,
                        ty,
                        variant,
                        media_type,
                    } = file;
                    let place = format!("{name}.{}", field.as_str());
                    let variant = variant.as_ref().map(|variant| {
                        let union = read_as(innermost(ty), self.modules);
                        format!("{union}::{}", variant.as_str())
                    });
                    let media_type = literal(media_type);
                    let value = with_media_type(&place, ty, variant.as_deref(), &media_type);
                    let _ = writeln!(self.out, "    {place} = {value};");
                }
                name.clone()
            }
            Argument::Choice(ty, variant, inner) => {
                self.modules.insert("operations");
                let inner = self.argument(stem, place, inner, sent, false);
                format!("operations::{}::{}({inner})", ty.as_str(), variant.as_str())
            }
            Argument::Value { ty, value, json } => {
                let is_into = is_outer && takes_into(ty);
                let value = value.as_ref();
                if let Some(short) = value.and_then(|value| short(value, is_into, self.modules)) {
                    return short;
                }
                let mut function = "server::json".to_owned();
                if is_into {
                    let _ = write!(function, "::<{}>", read_as(ty, self.modules));
                }
                // The argument and the request have the same text.
                if *sent == WireBody::Json(json.clone()) {
                    let body = self.body(sent, stem, &place.name);
                    return format!("{function}({body})");
                }
                let text = self.text(json, stem, &place.name);
                if function.len() + text.len() + 2 <= SHORT {
                    return format!("{function}({text})");
                }
                self.out.push_str(&binding(&place.bound, &text));
                format!("{function}({})", place.bound)
            }
        }
    }

    /// Binds an expression to a variable if it is too long for an argument.
    fn bound_if_long(&mut self, place: &Place, value: String) -> String {
        if value.chars().count() <= SHORT {
            return value;
        }
        self.out.push_str(&binding(&place.bound, &value));
        place.bound.clone()
    }

    /// Returns the expression for the text of a value.
    fn text(&mut self, json: &serde_json::Value, stem: &str, at: &str) -> String {
        self.constants.text(json, self.file, stem, at)
    }

    /// Binds the method, the URL and the headers.
    fn request(&mut self, request: &WireRequest) {
        let WireRequest {
            method,
            url,
            headers,
            body: _,
        } = request;
        let mut lines: Vec<String> = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        lines.sort();
        lines.insert(0, format!("{method} {url}"));
        self.out
            .push_str(&binding("request", &literal(&lines.join("\n"))));
    }

    /// Binds `body`, and returns the expression for it.
    fn body(&mut self, body: &WireBody, stem: &str, at: &str) -> &'static str {
        let text = match body {
            WireBody::Empty => return "\"\"",
            WireBody::Json(json) => self.text(json, stem, at),
            WireBody::Text(text) => literal(text),
        };
        if self.last_body.as_ref() != Some(&text) {
            self.out.push_str(&binding("body", &text));
            self.last_body = Some(text);
        }
        "body"
    }

    fn answer(&mut self, stem: &str, answer: &WireAnswer) {
        let WireAnswer {
            status,
            media_type,
            headers,
            body,
            is_success: _,
            case: _,
            read,
        } = answer;
        let given = self.body(body, stem, &status.to_string());
        let mut expected = given;
        if let Some((_, Some(read))) = read
            && !matches!(body, WireBody::Json(json) if json == read)
        {
            let text = self.text(read, stem, &format!("{status}/read"));
            self.out.push_str(&binding("read", &text));
            expected = "read";
        }
        let media_type = media_type.as_deref().unwrap_or_default();
        let (function, head) = if headers.is_empty() {
            ("answer", literal(media_type))
        } else {
            let own = headers.iter().map(|it| format!("{}: {}", it.name, it.text));
            let mut lines: Vec<String> = own.collect();
            if !media_type.is_empty() {
                lines.insert(0, format!("content-type: {media_type}"));
            }
            self.out
                .push_str(&binding("headers", &literal(&lines.join("\n"))));
            ("answer_with", "headers".to_owned())
        };
        let arguments = format!("({status}, {head}, {given})");
        let line = format!("test.{function}{arguments}.await");
        if line.len() <= SHORT {
            let _ = writeln!(self.out, "    let got = {line};");
        } else {
            let lines = format!("test\n        .{function}{arguments}\n        .await");
            let _ = writeln!(self.out, "    let got = {lines};");
        }
        if let Some((case, check)) = self.pattern(answer, expected) {
            self.out.push_str(&reads(&case, check.as_deref()));
        }
        self.headers(answer);
    }

    /// Returns the pattern and the condition for an answer.
    fn pattern(&mut self, answer: &WireAnswer, expected: &str) -> Option<(String, Option<String>)> {
        let operation = self.operation;
        let (outcome, result) = if answer.is_success {
            (&operation.success, "Ok")
        } else {
            (&operation.failure, "Err")
        };
        let case = outcome.cases.get(answer.case)?;
        let body = answer
            .read
            .as_ref()
            .and_then(|(index, _)| case.bodies.get(*index));
        let is_typed = matches!(answer.read, Some((_, Some(_))));
        let (bound, check) = match body.map(|body| body.codec) {
            None => (None, None),
            Some(ResponseCodec::Bytes) => (Some("bytes"), Some("bytes == body".to_owned())),
            Some(ResponseCodec::Text) if !is_typed => {
                (Some("text"), Some("text == body".to_owned()))
            }
            Some(ResponseCodec::Json | ResponseCodec::Text | ResponseCodec::JsonOrText) => (
                Some("value"),
                Some(format!("server::is_json(value, {expected})")),
            ),
        };
        let held = match &outcome.enum_name {
            None => bound.unwrap_or("()").to_owned(),
            Some(name) => {
                self.modules.insert("operations");
                let variant = body.map_or(&case.variant, |body| variant_name(case, body));
                let bound = bound.map(|bound| format!("({bound})")).unwrap_or_default();
                format!("operations::{}::{}{bound}", name.as_str(), variant.as_str())
            }
        };
        Some((format!("{result}({held})"), check))
    }

    /// Writes the checks of an answer's headers.
    fn headers(&mut self, answer: &WireAnswer) {
        let accessors = accessors(self.operation);
        let Some(reader) = &self.operation.headers_name else {
            return;
        };
        for header in &answer.headers {
            let mut known = accessors.iter();
            let Some((function, _)) = known.find(|(_, known)| {
                known.name.wire.eq_ignore_ascii_case(&header.name)
                    && known.ty == header.ty
                    && known.codec == header.codec
            }) else {
                continue;
            };
            self.modules.insert("operations");
            let path = format!("operations::{}::{}", reader.as_str(), function.as_str());
            let expected = within(&header.read, usize::MAX).unwrap_or_default();
            self.out
                .push_str(&call("", "got.header", &[path, expected], ";"));
        }
    }
}
