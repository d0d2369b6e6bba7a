//! The intermediate representation of the generated crate, with all decisions made.
//!
//! `lower` creates it and `emit` reads it. It contains no pointers into the document, no OpenAPI
//! types and no tokens.

mod api;
mod header;
mod info;
mod kinds;
mod name;
mod note;
mod operation;
mod pagination;
mod security;
mod server;
mod stream;
mod types;
mod walk;

pub use api::Api;
pub use header::{HeaderCodec, ResponseHeader};
pub use info::{Contact, ExternalDocs, Info, License};
pub use kinds::{Content, Kinds};
pub use name::{Docs, Name};
pub use note::{
    BodyNote, CountRange, ListedValues, Note, ObjectNote, SecurityNote, TextNote, ValueNote,
};
pub use operation::{
    ArrayForm, Body, BodyChoice, BodyCodec, FieldStyle, FormField, IdempotencyKey, Link, Operation,
    OperationGroup, Outcome, Parameter, ParameterLocation, Part, PathStyle, QueryStyle,
    ResponseBody, ResponseCase, ResponseCodec, Status, Style, Webhook,
};
pub use pagination::{
    Certainty, DecidedBy, FieldStep, NextPage, PageCode, PageEnd, PageEndKind, PageInput,
    PageItems, PageParameter, PageStyle, Pagination,
};
pub use security::{Flow, Flows, Requirement, SchemeKind, SecurityScheme};
pub use server::{Server, ServerVariable};
pub use stream::{EventData, Stream, StreamItem};
pub use types::{
    Additional, Constant, DefaultFunction, Enum, Field, Integer, Module, Owner, Presence, Repr,
    Shape, Struct, TagSource, Tagging, Type, TypeDef, TypePath, Union, UnionVariant, Value,
    Variant,
};
pub use walk::Walk;
