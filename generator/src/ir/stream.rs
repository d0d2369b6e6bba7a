//! Streams of items in responses.

use super::{PageInput, Type};

/// The stream of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream {
    /// The media type of the stream.
    pub media_type: String,
    /// The form of an item.
    pub item: StreamItem,
    /// The text that ends the stream, if an extension sets one.
    pub terminator: Option<String>,
    /// The boolean property of the body that selects the stream.
    pub switch: Option<String>,
    /// The extension that decided; `None` if the media type did.
    pub decided_by: Option<String>,
    /// The field of that property, or the reason why the client cannot set it.
    pub select: Result<Option<PageInput>, String>,
}

/// The form of a stream's items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StreamItem {
    /// The item as received, because the document does not describe it.
    Raw,
    /// The JSON of the data of an event, or of a line.
    Json(Type),
    /// An event with its fields.
    Event {
        /// The object of the fields.
        ty: Type,
        /// The form of its data.
        data: EventData,
    },
}

/// The form of an event's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventData {
    /// JSON.
    Json,
    /// Text.
    Text,
    /// Depends on the event.
    JsonOrText,
}
