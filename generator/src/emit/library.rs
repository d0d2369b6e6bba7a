//! `src/lib.rs`: the API's description, and the top-level modules.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{Doc, code, first_line, summary};
use super::scope::plain;
use super::{example, lints, runtime};
use crate::emit::context::Context;
use crate::ir::{Api, Contact, ExternalDocs, Info, License, OperationGroup};

/// The maximum number of faults in the document that are listed.
const MOST_FAULTS: usize = 100;

/// Returns `src/lib.rs`.
pub(super) fn file(context: &Context<'_>, api: &Api) -> TokenStream {
    let doc = description(context, api).inner();
    let deprecated = lints::uses_deprecated(context);
    let webhooks = (!api.webhooks.is_empty()).then(|| quote!(#deprecated pub mod webhooks;));
    let failures =
        (!context.plan.failures.is_empty()).then(|| quote!(#deprecated pub mod failures;));
    let headers =
        (!context.plan.headers.is_empty()).then(|| quote!(#deprecated pub mod response_headers;));
    let exports = runtime::root_exports(&context.plan.features);
    quote! {
        #doc
        #![forbid(unsafe_code)]

        pub mod client;
        #deprecated
        mod codec;
        #failures
        #deprecated
        pub mod operations;
        #headers
        pub mod runtime;
        #deprecated
        pub mod types;
        #webhooks

        pub use runtime::{#(#exports),*};
    }
}

fn description(context: &Context<'_>, api: &Api) -> Doc {
    let mut doc = Doc::new();
    doc.heading(&api.info.title);
    if let Some(description) = &api.info.description {
        doc.markdown(description);
    }
    let mut facts = facts(&api.info);
    let servers = api.servers.iter().map(|server| code(&server.url));
    let servers: Vec<String> = servers.collect();
    facts.push(format!("- Servers: {}", servers.join(", ")));
    doc.lines(facts);
    for (title, docs) in &api.chapters {
        doc.heading(title);
        doc.words(docs);
    }
    faults(&api.info.faults, &mut doc);
    usage(context, api, &mut doc);
    for group in &api.groups {
        operations(group, &mut doc);
    }
    if !api.webhooks.is_empty() {
        doc.paragraph("# Webhooks");
        doc.lines(api.webhooks.iter().map(|webhook| {
            let name = &webhook.type_name;
            let link = format!("- [`{name}`](webhooks::{name})");
            match summary(&webhook.docs) {
                Some(summary) => format!("{link}: {summary}"),
                None => link,
            }
        }));
    }
    doc
}

/// Returns the lines about the version, the contact, the license and the documentation.
fn facts(info: &Info) -> Vec<String> {
    let Info {
        version,
        terms_of_service,
        contact,
        license,
        external_docs,
        ..
    } = info;
    let mut facts = vec![format!("- Version of the API: {}", code(version))];
    if let Some(Contact { name, url, email }) = contact {
        let parts: Vec<&str> = [name, url, email]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        facts.extend(fact("Contact", &parts.join(", ")));
    }
    if let Some(License {
        name,
        identifier,
        url,
    }) = license
    {
        let parts: Vec<&str> = [Some(name), identifier.as_ref(), url.as_ref()]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        facts.extend(fact("Licence", &parts.join(", ")));
    }
    if let Some(url) = terms_of_service {
        facts.extend(fact("Terms of service", url));
    }
    if let Some(ExternalDocs { url, description }) = external_docs {
        let text = description
            .as_ref()
            .map_or_else(|| url.clone(), |d| format!("{d}: {url}"));
        facts.extend(fact("Documentation", &text));
    }
    facts
}

fn faults(faults: &[String], doc: &mut Doc) {
    if faults.is_empty() {
        return;
    }
    doc.paragraph("# Faults in the document");
    doc.paragraph("The affected parts are left out, or accept more values than intended:");
    let lines = faults.iter().take(MOST_FAULTS);
    let lines = lines.filter_map(|fault| Some(format!("- {}", first_line(fault)?)));
    let more = faults.len().saturating_sub(MOST_FAULTS);
    let more = (more > 0).then(|| format!("- {more} more"));
    doc.lines(lines.chain(more));
}

fn fact(label: &str, text: &str) -> Option<String> {
    Some(format!("- {label}: {}", first_line(text)?))
}

/// Adds the first call with an example, or only the creation of a client.
fn usage(context: &Context<'_>, api: &Api, doc: &mut Doc) {
    let example = example::first(context, api);
    if let Some(example) = example {
        doc.paragraph("# Use");
        doc.lines(example);
    }
}

fn operations(group: &OperationGroup, doc: &mut Doc) {
    let OperationGroup {
        module: _,
        title,
        docs,
        operations,
        others: _,
    } = group;
    if operations.is_empty() {
        return;
    }
    doc.heading(title);
    doc.words(docs);
    doc.lines(operations.iter().map(|operation| {
        let method = plain(operation.method_name.as_str());
        let link = format!("- [`{method}`](Client::{method})");
        match summary(&operation.docs) {
            Some(summary) => format!("{link}: {summary}"),
            None => link,
        }
    }));
}
