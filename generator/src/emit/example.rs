//! Example calls with the document's example values, as doctests that are compiled but not run.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::body_name;
use super::scope::{Item, Scope, ident};
use super::value_expression::{Target, expression};
use crate::emit::context::Context;
use crate::ir::{Api, Operation, Outcome, SchemeKind, Server, Type, Value};
use crate::proof::model::CallExample;

/// Returns the first call with an example, or only the creation of a client.
pub(super) fn first(context: &Context<'_>, api: &Api) -> Option<Vec<String>> {
    let mut operations = api.groups.iter().flat_map(|group| &group.operations);
    operations
        .find_map(|operation| statements(context, operation, true))
        .or_else(|| {
            let scope = Scope::of_example(context.krate);
            let client = scope.item(Item::new("crate", "Client"));
            let url = base_url(&context.plan.default_url);
            let body = quote! {
                let client = #client::builder() #url .build()?;
                println!("{client:?}");
            };
            lines(&scope, &body, None)
        })
}

/// Returns the lines of the example in an operation's docs, which assume a client. Returns `None`
/// if all arguments are generated plain literals, which add nothing to the method's signature.
pub(super) fn call(context: &Context<'_>, operation: &Operation) -> Option<Vec<String>> {
    let CallExample {
        arguments,
        setters,
        is_own,
    } = context.tests_of(operation)?.example.as_ref()?;
    let is_plain = |value: &Value| {
        use Value::{Bool, Float, Integer, String};
        matches!(value, Bool(_) | Integer(_) | Float(_) | String(_))
    };
    if !is_own && setters.is_empty() && arguments.iter().all(is_plain) {
        return None;
    }
    statements(context, operation, false)
}

fn statements(
    context: &Context<'_>,
    operation: &Operation,
    with_client: bool,
) -> Option<Vec<String>> {
    let CallExample {
        arguments, setters, ..
    } = context.tests_of(operation)?.example.as_ref()?;
    let scope = Scope::of_example(context.krate);
    let parameters = operation.parameters.iter();
    let body = operation.body.as_ref();
    let body_type = || match body {
        Some(body) if body.choice_type.is_none() => body.choices.first().map(|choice| &choice.ty),
        _ => None,
    };
    let required = parameters
        .clone()
        .filter(|parameter| parameter.required)
        .map(|parameter| Some(&parameter.ty))
        .chain(body.filter(|body| body.required).map(|_| body_type()));
    let arguments = arguments.iter().zip(required).map(|(value, ty)| {
        let target = ty.map_or(Target::Exact, Target::new);
        expression(context, &scope, &shortened(value), target)
    });
    let setters = setters.iter().map(|(name, value)| {
        let parameter = parameters
            .clone()
            .find(|parameter| parameter.name.rust == *name);
        let ty = match parameter {
            Some(parameter) => Some(&parameter.ty),
            None if *name == body_name(operation) => body_type(),
            None => None,
        };
        let target = ty.map_or(Target::Exact, Target::new);
        let value = expression(context, &scope, &shortened(value), target);
        quote!(.#name(#value))
    });
    let method = &operation.method_name;
    let call = quote!(client.#method(#(#arguments),*) #(#setters)* .await?);
    let nothing = gives_nothing(&operation.success);
    let statement = if nothing {
        quote!(#call;)
    } else {
        quote!(let response = #call;)
    };
    if !with_client {
        return lines(&scope, &statement, Some(context.krate));
    }
    let client = scope.item(Item::new("crate", "Client"));
    let build = builder(context, &operation.servers, operation);
    let shown = (!nothing).then(|| quote!(println!("{response:?}");));
    let body = quote!(let client = #client::builder() #build .build()?; #statement #shown);
    lines(&scope, &body, None)
}

/// Returns an example value with shortened lists, since further items add nothing.
fn shortened(value: &Value) -> Value {
    const MOST_ITEMS: usize = 3;
    let all = |values: &[Value]| values.iter().map(shortened).collect();
    let boxed = |value: &Value| Box::new(shortened(value));
    match value {
        Value::Vec(items) => Value::Vec(items.iter().take(MOST_ITEMS).map(shortened).collect()),
        Value::Map(pairs) => {
            let pairs = pairs.iter().take(MOST_ITEMS);
            Value::Map(
                pairs
                    .map(|(name, value)| (name.clone(), shortened(value)))
                    .collect(),
            )
        }
        Value::Struct {
            path,
            required,
            fields,
        } => Value::Struct {
            path: path.clone(),
            required: all(required),
            fields: fields
                .iter()
                .map(|(name, value)| (name.clone(), shortened(value)))
                .collect(),
        },
        Value::UnionVariant(path, name, value) => {
            Value::UnionVariant(path.clone(), name.clone(), boxed(value))
        }
        Value::Newtype(path, value) => Value::Newtype(path.clone(), boxed(value)),
        Value::Some(value) => Value::Some(boxed(value)),
        Value::Box(value) => Value::Box(boxed(value)),
        Value::Tuple(values) => Value::Tuple(all(values)),
        value => value.clone(),
    }
}

/// Returns the setters that a client for this operation needs.
fn builder(context: &Context<'_>, servers: &[Server], operation: &Operation) -> TokenStream {
    let url = servers.first().map(Server::default_url);
    let url = url.as_ref().unwrap_or(&context.plan.default_url);
    let base_url = base_url(url);
    let credentials = operation
        .security
        .first()
        .into_iter()
        .flatten()
        .map(|scheme| {
            let name = &scheme.rust;
            match context.plan.schemes.get(scheme.wire.as_str()) {
                Some(SchemeKind::Basic) => quote!(.#name("user", "password")),
                Some(SchemeKind::MutualTls) => quote!(.#name()),
                None => TokenStream::new(),
                Some(_) => quote!(.#name("secret")),
            }
        });
    quote!(#base_url #(#credentials)*)
}

/// Returns the setter of a base URL, if the document's own URL is unusable.
fn base_url(url: &str) -> Option<TokenStream> {
    let is_usable = url.starts_with("http") && !url.contains('{');
    (!is_usable).then(|| quote!(.base_url("https://api.example.com")))
}

fn gives_nothing(outcome: &Outcome) -> bool {
    let mut bodies = outcome.cases.iter().flat_map(|case| &case.bodies);
    outcome.enum_name.is_none() && bodies.all(|body| body.ty == Type::Null)
}

/// Formats statements as the lines of a doctest with a client of this crate.
fn lines(scope: &Scope<'_>, body: &TokenStream, krate: Option<&str>) -> Option<Vec<String>> {
    let uses = scope.uses();
    let main = ident("main");
    let file = syn::parse2(quote!(async fn #main() { #uses #body })).ok()?;
    let text = prettyplease::unparse(&file);
    let mut lines = vec![
        "```no_run".to_owned(),
        match krate {
            Some(krate) => format!(
                "# async fn example(client: {krate}::Client) -> Result<(), Box<dyn std::error::Error>> {{"
            ),
            None => "# async fn example() -> Result<(), Box<dyn std::error::Error>> {".to_owned(),
        },
    ];
    let mut in_uses = !uses.is_empty();
    let count = text.lines().count();
    for line in text.lines().take(count.saturating_sub(1)).skip(1) {
        let line = line.strip_prefix("    ").unwrap_or(line);
        if in_uses && !line.starts_with("use ") {
            in_uses = false;
            lines.push(String::new());
        }
        lines.push(line.to_owned());
    }
    lines.extend(["# Ok(()) }", "```"].map(str::to_owned));
    Some(lines)
}
