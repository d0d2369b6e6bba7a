//! How an operation answers item by item.

use super::{PageInput, Type};

/// What was decided on the stream of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The media type of the stream.
    pub media_type: String,
    /// What an item is.
    pub item: StreamItem,
    /// The text that ends the stream, where an extension names it.
    pub terminator: Option<String>,
    /// The boolean property of the body that selects the stream.
    pub switch: Option<String>,
    /// The extension that decided; `None` where the media type did.
    pub decided_by: Option<String>,
    /// The field of that property; or why the client cannot set it.
    pub select: Result<Option<PageInput>, String>,
}

/// What an item of a stream is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamItem {
    /// What was received: the document says nothing more.
    Raw,
    /// The JSON of the data of an event, or of a line.
    Json(Type),
    /// An event with its fields.
    Event {
        /// The object of the fields.
        ty: Type,
        /// What its data is.
        data: EventData,
    },
}

/// What the data of an event is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventData {
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Depends on the event.
    JsonOrText,
}
