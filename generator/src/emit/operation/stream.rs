//! The table row for an operation with a stream.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Item, Scope, ident};
use super::pages;
use crate::ir::{EventData, Operation, PageInput, Stream, StreamItem};

const STREAMED: Item = Item::new("crate::runtime::streamed", "streamed");
const STREAMING: Item = Item::runtime("Streaming");

/// Returns `true` if the client reads the items of the operation.
pub(super) fn has_stream(operation: &Operation) -> bool {
    code(operation).is_some()
}

fn code(operation: &Operation) -> Option<(&Stream, Option<&PageInput>)> {
    let stream = operation.stream.as_ref()?;
    let select = stream.select.as_ref().ok()?;
    Some((stream, select.as_ref()))
}

/// The table's row, for an operation that has a stream.
pub(super) fn table(scope: &Scope<'_>, operation: &Operation) -> Option<TokenStream> {
    let (stream, select) = code(operation)?;
    let Stream {
        media_type,
        item,
        terminator,
        switch: _,
        decided_by: _,
        select: _,
    } = stream;
    let is_events = media_type
        .to_ascii_lowercase()
        .starts_with("text/event-stream");
    let streaming = scope.item(STREAMING);
    let (function, item) = match item {
        StreamItem::Raw if is_events => {
            let event = scope.item(Item::runtime("RawEvent"));
            ("raw", quote!(raw_event #event))
        }
        StreamItem::Raw => {
            let line = scope.item(Item::runtime("Line"));
            ("raw", quote!(raw_line #line))
        }
        StreamItem::Json(ty) => {
            let ty = scope.ty(ty);
            ("json", quote!(json #ty))
        }
        StreamItem::Event { ty, data } => {
            let read = ident(match data {
                EventData::Json => "event",
                EventData::Text => "text_event",
                EventData::JsonOrText => "any_event",
            });
            let ty = scope.ty(ty);
            ("json", quote!(#read #ty))
        }
    };
    let function = ident(function);
    let until = terminator.as_ref().map(|text| quote!(.until(#text)));
    let select = select.map(|input| {
        let field = pages::input(operation, input);
        let options = input.path.last().map_or(0, |step| step.options);
        let value = (0..options).fold(quote!(true), |value, _| quote!(Some(#value)));
        quote!(, select(#field = #value))
    });
    let (table, name) = (scope.item(STREAMED), &operation.type_name);
    Some(quote!(#table! { #name: #streaming::#function(#media_type)#until, #item #select }))
}
