//! The words for facts that a type does not express.

use crate::inline_code::code;
use crate::ir::{
    BodyNote, CountRange, ExternalDocs, ListedValues, Note, ObjectNote, SecurityNote, TextNote,
    ValueNote,
};

/// Returns a fact as Markdown.
pub(super) fn words(note: &Note) -> String {
    match note {
        Note::Value(note) => value(note),
        Note::Object(note) => object(note),
        Note::Text(note) => text(note),
        Note::Body(note) => body(note),
        Note::Security(note) => security(note),
        Note::ReadOnly => "Read-only.".to_owned(),
        Note::WriteOnly => "Write-only.".to_owned(),
        Note::ServerDefault(json) => format!("Server default: {}", code(json)),
        Note::EmptyValue(true) => "May be empty (`allowEmptyValue`)".to_owned(),
        Note::EmptyValue(false) => {
            "The server also accepts it without a value (`allowEmptyValue`), which cannot be sent"
                .to_owned()
        }
        Note::Xml(json) => format!("In XML: {}", code(json)),
        Note::ExternalDocs(ExternalDocs { url, description }) => {
            format!("{}: <{url}>", description.as_deref().unwrap_or("More"))
        }
        Note::OtherServers(servers) => {
            let servers = servers.iter().map(|(url, description)| match description {
                Some(description) => format!("{} ({description})", code(url)),
                None => code(url),
            });
            let servers: Vec<String> = servers.collect();
            format!("Other servers: {}", servers.join(", "))
        }
        Note::TaggedBranch { branch, tag } => {
            let (branch, tag) = (code(branch), code(tag));
            format!("The branch {branch} with the tag {tag}.")
        }
        Note::Fault(effect) => format!("Fault in the document: {effect}."),
    }
}

fn value(note: &ValueNote) -> String {
    match note {
        ValueNote::Length(range) => format!("Length: {} characters", count(*range)),
        ValueNote::Items(range) => format!("Items: {}", count(*range)),
        ValueNote::Minimum {
            value,
            is_exclusive,
        } => {
            let name = if *is_exclusive {
                "Exclusive minimum"
            } else {
                "Minimum"
            };
            format!("{name}: {value}")
        }
        ValueNote::Maximum {
            value,
            is_exclusive,
        } => {
            let name = if *is_exclusive {
                "Exclusive maximum"
            } else {
                "Maximum"
            };
            format!("{name}: {value}")
        }
        ValueNote::MultipleOf(step) => format!("Multiple of {step}"),
        ValueNote::Pattern(pattern) => format!("Pattern: {}", code(pattern)),
        ValueNote::OneOf(values) => listed(values),
        ValueNote::UniqueItems => "Items are unique".to_owned(),
        ValueNote::FirstItems(types) => {
            let types: Vec<String> = types.iter().map(|name| with_article(*name)).collect();
            format!("The first items, in order: {}", types.join(", "))
        }
        ValueNote::NoItems => "No item is allowed.".to_owned(),
        ValueNote::Contains(range) => {
            let range = count(*range);
            format!("Items that match `contains`: {range}; not checked.")
        }
        ValueNote::Not(values) if values.shown.is_empty() => {
            "The schema excludes some values (`not`); not checked.".to_owned()
        }
        ValueNote::Not(values) => format!("Not allowed: {}; not checked.", listed(values)),
        ValueNote::NoValue => "No value is allowed.".to_owned(),
        ValueNote::Conditions => "Conditions (`if`, `then`, `else`) are not checked.".to_owned(),
    }
}

fn object(note: &ObjectNote) -> String {
    match note {
        ObjectNote::Properties(range) => format!("Properties: {}", count(*range)),
        ObjectNote::PropertyNames(facts) => {
            let facts: Vec<String> = facts.iter().map(words).collect();
            let facts = if facts.is_empty() {
                "limited".to_owned()
            } else {
                facts.join("; ")
            };
            format!("Property names (`propertyNames`): {facts}; not checked.")
        }
        ObjectNote::Forbidden(names) => format!("Not allowed: {}", codes(names)),
        ObjectNote::RequiredWith { name, required } => {
            format!("Required together with {}: {}", code(name), codes(required))
        }
        ObjectNote::DependentSchemas => {
            "Valid values depend on the properties that are present (`dependentSchemas`); not \
             checked."
                .to_owned()
        }
        ObjectNote::RequiredSets(sets) => {
            let sets: Vec<String> = sets.iter().map(|names| codes(names)).collect();
            let sets = sets.join("; ");
            format!("One of these sets of properties is required: {sets}")
        }
    }
}

fn text(note: &TextNote) -> String {
    match note {
        TextNote::Format(format) => format!("Format: {}", code(format)),
        TextNote::Encoding(encoding) => format!("Encoding: {}", code(encoding)),
        TextNote::MediaType(media_type) => format!("Media type: {}", code(media_type)),
        TextNote::Schema(name) => {
            let kind = with_article(*name);
            format!("The text encodes {kind} (`contentSchema`); not checked.")
        }
    }
}

fn body(note: &BodyNote) -> String {
    match note {
        BodyNote::MediaTypes(media_types) => {
            format!("Its media type is one of {}.", code(media_types))
        }
        BodyNote::PartHeaders { part, headers } => {
            let (part, headers) = (code(part), codes(headers));
            format!("The part {part} can have the headers {headers}: set them with `File::header`.")
        }
        BodyNote::PartMediaTypes { part, media_types } => {
            let (part, media_types) = (code(part), code(media_types));
            format!(
                "The part {part} has one of the media types {media_types}: set it with \
                 `File::of_type`."
            )
        }
    }
}

fn security(note: &SecurityNote) -> String {
    match note {
        SecurityNote::TokenFormat(format) => format!("Format of the token: {format}"),
        SecurityNote::OpenIdConnect(url) => format!("OpenID Connect: <{url}>"),
        SecurityNote::Flow {
            name,
            authorization_url,
            token_url,
            refresh_url,
        } => {
            let urls = [
                ("authorization", authorization_url),
                ("token", token_url),
                ("refresh", refresh_url),
            ];
            let urls = urls.into_iter();
            let urls: Vec<String> = urls
                .filter_map(|(word, url)| Some(format!("{word} at <{}>", url.as_ref()?)))
                .collect();
            format!("OAuth 2 flow {name}: {}", urls.join(", "))
        }
        SecurityNote::Scope { name, description } => {
            let line = format!("Scope {}: {description}", code(name));
            line.trim_end_matches(": ").trim_end_matches(':').to_owned()
        }
        SecurityNote::RequiredScopes { scheme, scopes } => {
            format!("Required scopes ({}): {}", code(scheme), codes(scopes))
        }
    }
}

fn count(range: CountRange) -> String {
    match (range.min, range.max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "any number".to_owned(),
    }
}

/// Returns values as code.
fn listed(values: &ListedValues) -> String {
    let ListedValues { shown, more } = values;
    let mut shown: Vec<String> = shown.iter().map(|value| code(value)).collect();
    if *more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

/// Returns names as code.
fn codes(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| code(name)).collect();
    names.join(", ")
}

/// Returns the name of a JSON type with its article.
fn with_article(name: Option<&str>) -> String {
    match name {
        None => "a value".to_owned(),
        Some(name) if name.starts_with(['a', 'e', 'i', 'o', 'u']) => format!("an {name}"),
        Some(name) => format!("a {name}"),
    }
}
