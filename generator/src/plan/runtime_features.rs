//! Determines the features of the runtime that a document uses.

use std::collections::{BTreeSet, HashMap};

use crate::ir::{
    Api, BodyCodec, IdempotencyKey, Operation, Outcome, Repr, ResponseCase, ResponseCodec,
    SchemeKind, Shape, StreamItem, Tagging, Type, TypePath, Webhook,
};

use super::traits::Traits;

/// A feature of the runtime that a document may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RuntimeFeature {
    /// A value of any type.
    Any,
    /// The authorization code flow of OAuth 2.
    AuthorizationCode,
    Base64,
    Basic,
    Chrono,
    /// Responses of bytes, which are read in pieces with the Cargo feature `download`.
    Download,
    Form,
    /// A union with `From` for its branches.
    FromBranches,
    Header,
    /// A header with an idempotency key, which is generated if a call does not set it.
    IdempotencyHeader,
    IntegerEnum,
    JsonEnum,
    Multipart,
    /// A flow of OAuth 2 in which the client fetches a token.
    OAuth2,
    /// A number with all of its digits.
    Digits,
    /// A number with a fraction, including those in any JSON.
    Number,
    /// Pagination.
    Pages,
    Parameter,
    /// Bodies that are read in pieces: events, lines.
    Pieces,
    TaggedUnion,
    /// Text that may have another charset than UTF-8.
    Text,
    TextEnum,
    UntaggedUnion,
    /// Bodies of bytes, or with files.
    Upload,
    Uri,
    Uuid,
}

/// All features that a document needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuntimeFeatures(pub(crate) BTreeSet<RuntimeFeature>);

impl RuntimeFeatures {
    pub(crate) fn new(api: &Api, traits: &HashMap<&TypePath, Traits>) -> Self {
        let mut features = Self::default();
        for (_, shape) in api.shapes() {
            features.shape(shape);
        }
        if traits.values().any(|traits| traits.from_branches) {
            features.0.insert(RuntimeFeature::FromBranches);
        }
        if api
            .schemes
            .iter()
            .any(|scheme| scheme.kind == SchemeKind::Basic)
        {
            features.0.insert(RuntimeFeature::Basic);
        }
        for flows in api.schemes.iter().map(|scheme| &scheme.flows) {
            if flows.authorization_code.is_some() {
                features
                    .0
                    .extend([RuntimeFeature::AuthorizationCode, RuntimeFeature::OAuth2]);
            }
            if flows.client_credentials.is_some() {
                features.0.insert(RuntimeFeature::OAuth2);
            }
        }
        for operation in api.groups.iter().flat_map(|group| &group.operations) {
            features.operation(operation);
            for callback in &operation.callbacks {
                features.webhook(callback);
            }
        }
        for webhook in &api.webhooks {
            features.webhook(webhook);
        }
        features
    }

    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Enum(shape) => {
                self.0.insert(match shape.repr {
                    Repr::Text => RuntimeFeature::TextEnum,
                    Repr::Integer => RuntimeFeature::IntegerEnum,
                    Repr::Json => RuntimeFeature::JsonEnum,
                });
                if shape.repr == Repr::Json {
                    self.0.extend([RuntimeFeature::Any, RuntimeFeature::Number]);
                }
            }
            Shape::Union(shape) => {
                self.0.insert(match shape.tagging {
                    Tagging::Property(_) => RuntimeFeature::TaggedUnion,
                    Tagging::Untagged => RuntimeFeature::UntaggedUnion,
                });
                if shape.other.is_some() {
                    self.0.extend([RuntimeFeature::Any, RuntimeFeature::Number]);
                }
            }
            Shape::Struct(shape) => {
                let mut constants = shape.constants.iter();
                if constants.any(|one| one.value.is_array() || one.value.is_object()) {
                    self.0.insert(RuntimeFeature::Any);
                }
            }
            Shape::Alias(_) | Shape::Newtype(_) => {}
        }
        shape.types().into_iter().for_each(|ty| self.ty(ty));
    }

    fn operation(&mut self, operation: &Operation) {
        if let Some(IdempotencyKey::Header(_)) = operation.idempotency_key {
            self.0.insert(RuntimeFeature::IdempotencyHeader);
        }
        if operation.page_code.is_ok() {
            self.0.insert(RuntimeFeature::Pages);
        }
        if operation.stream_switch.is_some() {
            self.0.insert(RuntimeFeature::Pieces);
        }
        if let Some(stream) = &operation.stream {
            self.0.insert(RuntimeFeature::Pieces);
            if let StreamItem::Json(ty) | StreamItem::Event { ty, .. } = &stream.item {
                self.ty(ty);
            }
        }
        for parameter in &operation.parameters {
            self.0.insert(RuntimeFeature::Parameter);
            self.ty(&parameter.ty);
        }
        for choice in operation.body.iter().flat_map(|body| &body.choices) {
            match choice.codec {
                BodyCodec::Json | BodyCodec::Text => {}
                BodyCodec::EncodedText => {
                    self.0.insert(RuntimeFeature::Text);
                }
                BodyCodec::Bytes => {
                    self.0.insert(RuntimeFeature::Upload);
                    continue;
                }
                BodyCodec::Form(_) => {
                    self.0.insert(RuntimeFeature::Form);
                }
                BodyCodec::Multipart(_) => {
                    self.0
                        .extend([RuntimeFeature::Multipart, RuntimeFeature::Upload]);
                }
            }
            self.ty(&choice.ty);
        }
        let successes = operation.success.cases.iter();
        let mut bodies = successes.flat_map(|case| &case.bodies);
        if bodies.any(|body| body.codec == ResponseCodec::Bytes) {
            self.0.insert(RuntimeFeature::Download);
        }
        let outcomes: [&Outcome; 2] = [&operation.success, &operation.failure];
        for case in outcomes.into_iter().flat_map(|outcome| &outcome.cases) {
            self.response(case);
        }
    }

    /// Adds what a response of an operation needs, except for downloads.
    fn response(&mut self, case: &ResponseCase) {
        for body in &case.bodies {
            match body.codec {
                ResponseCodec::Bytes => continue,
                ResponseCodec::Json => {}
                ResponseCodec::Text | ResponseCodec::JsonOrText => {
                    self.0.insert(RuntimeFeature::Text);
                }
            }
            self.ty(&body.ty);
        }
        for header in &case.headers {
            self.0.insert(RuntimeFeature::Header);
            self.ty(&header.ty);
        }
    }

    /// Adds the types of a webhook, which is only received.
    fn webhook(&mut self, webhook: &Webhook) {
        for parameter in &webhook.parameters {
            self.ty(&parameter.ty);
        }
        let choices = webhook.body.iter().flat_map(|body| &body.choices);
        for choice in choices.filter(|choice| choice.codec != BodyCodec::Bytes) {
            self.ty(&choice.ty);
        }
        let bodies = webhook.answers.iter().flat_map(|case| &case.bodies);
        for body in bodies.filter(|body| body.codec != ResponseCodec::Bytes) {
            self.ty(&body.ty);
        }
    }

    fn ty(&mut self, ty: &Type) {
        for part in ty.walk() {
            match part {
                Type::Float64 => self.0.extend([RuntimeFeature::Number]),
                Type::Number => self.0.extend([RuntimeFeature::Digits]),
                Type::Json => self.0.extend([RuntimeFeature::Any, RuntimeFeature::Number]),
                Type::Uri => self.0.extend([RuntimeFeature::Uri]),
                Type::Uuid => self.0.extend([RuntimeFeature::Uuid]),
                Type::Date | Type::DateTime => self.0.extend([RuntimeFeature::Chrono]),
                Type::Base64 => self.0.extend([RuntimeFeature::Base64]),
                Type::Bytes => self.0.extend([RuntimeFeature::Multipart]),
                Type::Bool
                | Type::Integer(_)
                | Type::String
                | Type::Secret
                | Type::Null
                | Type::Named(_)
                | Type::Vec(_)
                | Type::Map(_)
                | Type::Option(_)
                | Type::Box(_)
                | Type::Tuple(_) => {}
            }
        }
    }

    /// Returns `true` if `those` is empty or shares a feature with the document.
    pub(crate) fn need(&self, those: &[RuntimeFeature]) -> bool {
        those.is_empty() || those.iter().any(|one| self.0.contains(one))
    }
}
