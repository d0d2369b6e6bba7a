//! The intermediate representation of the generated crate, with all decisions made.
//!
//! `lower` creates it and `emit` reads it. It contains no pointers into the document, no OpenAPI
//! types and no tokens.

mod api;
mod info;
mod kinds;
mod name;
mod operation;
mod pagination;
mod proof;
mod security;
mod server;
mod stream;
mod types;
mod wire;

pub use api::Api;
pub use info::{Contact, ExternalDocs, Info, License};
pub use kinds::{Content, Kinds};
pub use name::{Docs, Name};
pub use operation::{
    ArrayForm, Body, BodyChoice, BodyCodec, CallExample, FieldStyle, FormField, HeaderCodec,
    IdempotencyKey, Link, Operation, OperationGroup, Outcome, Parameter, ParameterLocation, Part,
    PathStyle, QueryStyle, ResponseBody, ResponseCase, ResponseCodec, ResponseHeader, Status,
    Style, Webhook,
};
pub use pagination::{
    Certainty, DecidedBy, FieldStep, NextPage, PageCode, PageEnd, PageEndKind, PageInput,
    PageItems, PageParameter, PageStyle, Pagination,
};
pub use proof::{Example, ExampleGroup};
pub use security::{Flow, Flows, Requirement, SchemeKind, SecurityScheme};
pub use server::{Server, ServerVariable};
pub use stream::{EventData, Stream, StreamItem};
pub use types::{
    Additional, Constant, DefaultFunction, Enum, Field, Integer, Module, Owner, Presence, Repr,
    Shape, Struct, TagSource, Tagging, Traits, Type, TypeDef, TypePath, Union, UnionVariant, Value,
    Variant,
};
pub use wire::{
    Argument, ChosenFile, Credential, WireAnswer, WireBody, WireHeader, WirePage, WirePages,
    WireRequest, WireTest, WireTests,
};
