//! Bodies of `multipart/form-data` (RFC 7578), with files from memory or from a stream.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{BufMut, Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use serde::de::{Deserialize, Deserializer};
use serde::ser::{self, Serialize, Serializer};

use super::body::{Body, Content};
use super::error::EncodeError;
use super::request::Parts;
use super::response::{is_json, media_type_matches};
use super::transport::TransportError;
use super::tree::Tree;

/// The media type of bytes without a more specific one.
const BYTES: &str = "application/octet-stream";

/// The encoding of a part that differs from the default: from its Encoding Object, or from
/// `contentMediaType` and `contentEncoding` of its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    name: &'static str,
    content_type: &'static str,
    transfer_encoding: Option<&'static str>,
    is_verbatim: bool,
}

impl Part {
    /// Creates the encoding of a property's part. If `content_type` is a list of types and ranges,
    /// the caller chooses.
    #[must_use]
    pub const fn new(name: &'static str, content_type: &'static str) -> Self {
        Self {
            name,
            content_type,
            transfer_encoding: None,
            is_verbatim: false,
        }
    }

    /// Sets the header `Content-Transfer-Encoding`: the text is already encoded that way.
    #[must_use]
    pub const fn transfer_encoding(mut self, encoding: &'static str) -> Self {
        self.transfer_encoding = Some(encoding);
        self
    }

    /// Sends a text unchanged, even if its media type is JSON.
    #[must_use]
    pub const fn verbatim(mut self) -> Self {
        self.is_verbatim = true;
        self
    }

    /// Returns the media types of the list.
    fn types(&self) -> impl Iterator<Item = &'static str> + Clone {
        let types = self.content_type.split(',').map(str::trim);
        types.filter(|media_type| !media_type.is_empty())
    }

    /// Returns the media type if the list has only one.
    fn only_type(&self) -> Option<&'static str> {
        let mut types = self.types();
        let first = types.next().filter(|first| !first.contains('*'))?;
        types.next().is_none().then_some(first)
    }

    /// Returns the media type of a file: the caller's choice, if the document allows it.
    fn of_file(&self, chosen: Option<String>) -> Result<String, String> {
        let list = self.content_type;
        // A part of any bytes can have any media type.
        let is_any = self.types().any(|one| one == BYTES);
        match (chosen, self.only_type()) {
            (Some(chosen), _) => {
                let is_one = chosen.contains('/') && !chosen.contains('*');
                let mut types = self.types();
                let is_listed = is_any || types.any(|one| media_type_matches(one, &chosen));
                if is_one && is_listed {
                    return Ok(chosen);
                }
                let chosen = chosen.escape_debug();
                Err(format!("its media type `{chosen}` is not one of `{list}`"))
            }
            (None, Some(only)) => Ok(only.to_owned()),
            (None, None) if self.allows(BYTES) => Ok(BYTES.to_owned()),
            (None, None) => Err(format!(
                "it can be one of `{list}`: set its media type with `File::of_type`"
            )),
        }
    }

    /// Returns the media type of JSON.
    fn of_json(&self) -> &'static str {
        let json = "application/json";
        match self.types().find(|media_type| is_json(media_type)) {
            Some(listed) if !listed.contains('*') => listed,
            None if !self.allows(json) => self.only_type().unwrap_or(json),
            _ => json,
        }
    }

    /// Returns the media type of a text.
    fn of_text(&self) -> Result<&'static str, String> {
        let plain = "text/plain";
        if let Some(only) = self.only_type() {
            return Ok(only);
        }
        if self.allows(plain) {
            return Ok(plain);
        }
        let mut types = self.types();
        types
            .find(|media_type| !media_type.contains('*'))
            .ok_or_else(|| format!("a text cannot be one of `{}`", self.content_type))
    }

    fn allows(&self, media_type: &str) -> bool {
        self.types().any(|one| media_type_matches(one, media_type))
    }
}

/// A file: the value of a binary property.
///
/// It is a part of a multipart body. In JSON it is a string, if its bytes are text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    content: Content,
    name: Option<String>,
    content_type: Option<String>,
    headers: Vec<(String, String)>,
}

impl File {
    /// Creates a file from bytes or from a stream (see [`Content::stream`]).
    #[must_use]
    pub fn new(content: impl Into<Content>) -> Self {
        Self {
            content: content.into(),
            name: None,
            content_type: None,
            headers: Vec::new(),
        }
    }

    /// Sets the file's name. The default is the name of the property, because servers treat a part
    /// without a file name as text.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Sets the media type, which the document must allow for the part. The default is the
    /// document's media type, or else `application/octet-stream`. If the document lists several,
    /// the media type is required.
    #[must_use]
    pub fn of_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the file's part of the body.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Returns the content.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }
}

impl<T: Into<Content>> From<T> for File {
    fn from(content: T) -> Self {
        Self::new(content)
    }
}

thread_local! {
    /// The files of the body that is being written. A serializer accepts no bytes, so it receives
    /// the index of a file in this list.
    static FILES: RefCell<Option<Vec<File>>> = const { RefCell::new(None) };
}

impl Serialize for File {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let number = FILES.with_borrow_mut(|files| {
            let files = files.as_mut()?;
            files.push(self.clone());
            Some(files.len() - 1)
        });
        if let Some(number) = number {
            return serializer.serialize_newtype_struct(Tree::ATTACHED, &number);
        }
        match &self.content {
            Content::Bytes(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => serializer.serialize_str(text),
                Err(_) => Err(ser::Error::custom("a file that is not text")),
            },
            Content::Stream(_) => Err(ser::Error::custom("a stream outside of a multipart body")),
        }
    }
}

impl<'de> Deserialize<'de> for File {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

impl Parts {
    /// Sets a body with a part for each property, and for each item of a list. Strings, numbers and
    /// booleans are text, objects are JSON.
    pub fn multipart<T: Serialize + ?Sized>(
        &mut self,
        media_type: &str,
        value: &T,
        parts: &[Part],
    ) {
        match Writer::of(value, parts) {
            Ok(writer) => {
                let media_type = format!("{media_type}; boundary={}", writer.boundary);
                self.content(&media_type, writer.finish());
            }
            Err(error) => self.fail(error),
        }
    }
}

struct Writer {
    boundary: String,
    files: Vec<File>,
    pieces: Vec<Content>,
    text: BytesMut,
}

impl Writer {
    fn of<T: Serialize + ?Sized>(value: &T, parts: &[Part]) -> Result<Self, EncodeError> {
        FILES.set(Some(Vec::new()));
        let tree = Tree::of(value);
        let files = FILES.take().unwrap_or_default();
        let Some(entries) = tree.map_err(EncodeError::body)?.into_entries() else {
            return Err(EncodeError::body("only an object can be a multipart body"));
        };
        let mut writer = Self::new(files);
        for (name, value) in &entries {
            let part = parts.iter().find(|part| part.name == *name);
            let values = match value {
                Tree::List(items) => items.as_slice(),
                value => std::slice::from_ref(value),
            };
            for value in values.iter().filter(|value| !value.is_nothing()) {
                writer.part(name, value, part)?;
            }
        }
        Ok(writer)
    }

    fn new(files: Vec<File>) -> Self {
        // A new `RandomState` has random keys. That is enough for a boundary, which must be
        // unpredictable and absent from the content.
        let random = || RandomState::new().build_hasher().finish();
        Self {
            boundary: format!("{:016x}{:016x}", random(), random()),
            files,
            pieces: Vec::new(),
            text: BytesMut::new(),
        }
    }

    fn part(&mut self, name: &str, value: &Tree, part: Option<&Part>) -> Result<(), EncodeError> {
        let error = |message: String| {
            let name = name.escape_debug();
            EncodeError::new(format!("the part `{name}`"), message)
        };
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{}\"",
            self.boundary,
            quoted(name)
        );
        self.text.put_slice(head.as_bytes());
        let mut headers = Vec::new();
        let mut encoding = None;
        let (content_type, content) = match value {
            Tree::Attached(number) => {
                let file = self.files.get(*number).cloned().unwrap_or_default();
                headers = file.headers;
                let file_name = format!(
                    "; filename=\"{}\"",
                    quoted(file.name.as_deref().unwrap_or(name))
                );
                self.text.put_slice(file_name.as_bytes());
                let content_type = match part {
                    Some(part) => part.of_file(file.content_type).map_err(error)?,
                    None => file.content_type.unwrap_or_else(|| BYTES.to_owned()),
                };
                (Some(content_type), file.content)
            }
            Tree::List(_) | Tree::Struct(_) | Tree::Map(_) => {
                let json = serde_json::to_vec(value).map_err(|e| error(e.to_string()))?;
                let content_type = part.map_or("application/json", Part::of_json);
                (Some(content_type.to_owned()), Content::from(json))
            }
            value => {
                // Text needs no media type (RFC 7578, section 4.4).
                let content_type = part.map(Part::of_text).transpose().map_err(error)?;
                let is_verbatim = part.is_some_and(|part| part.is_verbatim);
                encoding = part.and_then(|part| part.transfer_encoding);
                let content = if content_type.is_some_and(is_json) && !is_verbatim {
                    // A string in a JSON part is a JSON document, too.
                    Content::from(serde_json::to_vec(value).map_err(|e| error(e.to_string()))?)
                } else {
                    Content::from(value.scalar().unwrap_or_default())
                };
                (content_type.map(str::to_owned), content)
            }
        };
        if let Some(content_type) = content_type {
            if http::HeaderValue::from_str(&content_type).is_err() {
                return Err(error(
                    "its media type is not a valid header value".to_owned(),
                ));
            }
            self.header("Content-Type", content_type.as_bytes());
        }
        if let Some(encoding) = encoding {
            self.header("Content-Transfer-Encoding", encoding.as_bytes());
        }
        self.headers(headers).map_err(error)?;
        self.content(content);
        Ok(())
    }

    /// Adds the headers of a file.
    fn headers(&mut self, headers: Vec<(String, String)>) -> Result<(), String> {
        for (name, value) in headers {
            let (Ok(name), Ok(value)) = (
                http::HeaderName::try_from(&name),
                http::HeaderValue::try_from(&value),
            ) else {
                let name = name.escape_debug();
                return Err(format!("its header `{name}` has an invalid character"));
            };
            self.header(name.as_str(), value.as_bytes());
        }
        Ok(())
    }

    fn header(&mut self, name: &str, value: &[u8]) {
        self.text.put_slice(format!("\r\n{name}: ").as_bytes());
        self.text.put_slice(value);
    }

    /// Ends the headers of a part and adds its content.
    fn content(&mut self, content: Content) {
        self.text.put_slice(b"\r\n\r\n");
        match content {
            Content::Bytes(bytes) => self.text.put_slice(&bytes),
            stream @ Content::Stream(_) => {
                self.flush();
                self.pieces.push(stream);
            }
        }
        self.text.put_slice(b"\r\n");
    }

    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text).freeze();
        self.pieces.push(Content::Bytes(text));
    }

    fn finish(mut self) -> Content {
        let end = format!("--{}--\r\n", self.boundary);
        self.text.put_slice(end.as_bytes());
        if self.pieces.is_empty() {
            return Content::Bytes(self.text.freeze());
        }
        self.flush();
        let pieces = self.pieces;
        Content::stream(move || {
            let pieces = pieces.iter().map(Content::body).collect();
            Body::stream(Chain { pieces })
        })
    }
}

/// Quotes a name (RFC 7578, section 4.2; like browsers).
fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            c => out.push(c),
        }
    }
    out
}

/// Concatenates bodies.
struct Chain {
    pieces: VecDeque<Body>,
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chain")
    }
}

impl HttpBody for Chain {
    type Data = Bytes;
    type Error = TransportError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, TransportError>>> {
        while let Some(piece) = self.pieces.front_mut() {
            match Pin::new(piece).poll_frame(cx) {
                Poll::Ready(None) => self.pieces.pop_front(),
                other => return other,
            };
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        let exact = |body: &Body| body.size_hint().exact();
        match self.pieces.iter().map(exact).sum::<Option<u64>>() {
            Some(length) => SizeHint::with_exact(length),
            None => SizeHint::default(),
        }
    }
}
