//! A request that is being written.

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method};
use serde::ser::Serialize;

use super::body::{Content, TypedContent};
use super::error::EncodeError;
use super::json;
use super::operation::Endpoint;
use super::percent;
use super::response::media_type_matches;
use super::security;

/// The parts of a request, without a server and without credentials.
#[derive(Clone, Debug)]
pub struct Parts {
    endpoint: Endpoint,
    variables: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    cookies: String,
    content: Content,
}

impl Parts {
    /// A request without parameters and body.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            variables: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            content: Content::default(),
        }
    }

    /// Gives a body in JSON.
    ///
    /// # Errors
    ///
    /// If the value has no form in JSON: a number that is not finite, say.
    pub fn json<T: Serialize + ?Sized>(
        &mut self,
        media_type: &str,
        value: &T,
    ) -> Result<(), EncodeError> {
        let text = json::write(value)?;
        self.content(media_type, text.into())
    }

    /// Gives a body of text.
    ///
    /// # Errors
    ///
    /// If the media type cannot stand in a header.
    pub fn text(&mut self, media_type: &str, text: &str) -> Result<(), EncodeError> {
        self.content(media_type, text.to_owned().into())
    }

    /// Gives a body of bytes: `Bytes`, or [`Content`] for a stream.
    ///
    /// # Errors
    ///
    /// If the media type cannot stand in a header.
    pub fn bytes<B: Clone + Into<Content>>(
        &mut self,
        media_type: &str,
        bytes: &B,
    ) -> Result<(), EncodeError> {
        self.content(media_type, bytes.clone().into())
    }

    /// Gives a body of bytes whose media type is one of a range.
    ///
    /// # Errors
    ///
    /// If it is not one of them, or cannot stand in a header.
    pub fn typed_bytes(&mut self, range: &str, body: &TypedContent) -> Result<(), EncodeError> {
        let media_type = body.media_type();
        if media_type.contains('*') || !media_type_matches(range, media_type) {
            let media_type = media_type.escape_debug();
            return Err(EncodeError::body(format!(
                "its media type `{media_type}` is not one of `{range}`"
            )));
        }
        self.content(media_type, body.content().clone())
    }

    /// Gives a body.
    ///
    /// # Errors
    ///
    /// If the media type cannot stand in a header.
    pub fn content(&mut self, media_type: &str, content: Content) -> Result<(), EncodeError> {
        let Ok(value) = HeaderValue::from_str(media_type) else {
            return Err(EncodeError::body("its media type cannot stand in a header"));
        };
        self.headers.insert(CONTENT_TYPE, value);
        self.content = content;
        Ok(())
    }

    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.endpoint.method()
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The query, percent-encoded, without the question mark.
    #[must_use]
    pub fn query_string(&self) -> &str {
        &self.query
    }

    /// The header `Cookie`.
    #[must_use]
    pub fn cookie_string(&self) -> &str {
        &self.cookies
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Content {
        &self.content
    }

    /// The path with its variables, percent-encoded.
    ///
    /// # Errors
    ///
    /// If a variable has no value, or one that would leave its segment: none,
    /// `.` or `..`.
    pub fn path_string(&self) -> Result<String, EncodeError> {
        let template = self.endpoint.path();
        // What follows a `#` tells operations apart and is not sent.
        let template = template.split('#').next().unwrap_or_default();
        let path = template.split('?').next().unwrap_or_default();
        let mut segments = Vec::new();
        for segment in path.split('/') {
            segments.push(self.expand(segment)?);
        }
        Ok(segments.join("/"))
    }

    /// One segment of the template with its variables.
    fn expand(&self, segment: &str) -> Result<String, EncodeError> {
        let mut out = String::new();
        let mut rest = segment;
        let mut variable = None;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, from)| Some((before, from.split_once('}')?)))
        {
            percent::encode_into(&mut out, before, percent::is_path);
            let Some((_, value)) = self.variables.iter().find(|(n, _)| *n == name) else {
                return Err(path_error(name, "it has no value"));
            };
            out.push_str(value);
            variable = Some(name);
            rest = after;
        }
        percent::encode_into(&mut out, rest, percent::is_path);
        match variable {
            // A server or a proxy takes these for the way up and away.
            Some(name) if out == "." || out == ".." => Err(path_error(
                name,
                "a segment of a path cannot be `.` or `..`: it would address something else",
            )),
            _ => Ok(out),
        }
    }

    /// Gives a variable of the path template: text that is percent-encoded.
    ///
    /// # Errors
    ///
    /// If it is empty.
    pub fn path_text(&mut self, name: &'static str, value: String) -> Result<(), EncodeError> {
        if value.is_empty() {
            return Err(path_error(
                name,
                "it is empty: the path would address something else",
            ));
        }
        self.variables.push((name, value));
        Ok(())
    }

    /// Adds pairs to the query: text that is percent-encoded.
    pub fn query_text(&mut self, pairs: &str) {
        if !pairs.is_empty() {
            security::push(&mut self.query, "&", pairs);
        }
    }

    /// Adds pairs to the header `Cookie`: text that is percent-encoded.
    pub fn cookie_text(&mut self, pairs: &str) {
        if !pairs.is_empty() {
            security::push(&mut self.cookies, "; ", pairs);
        }
    }

    /// Sets a header.
    ///
    /// # Errors
    ///
    /// If the name is none, or the value has a line break or another control character.
    pub fn header_text(&mut self, name: &str, value: &str) -> Result<(), EncodeError> {
        let error = |message: &str| {
            let place = format!("the header `{}`", name.escape_debug());
            Err(EncodeError::new(place, message))
        };
        let Ok(header) = HeaderName::try_from(name) else {
            return error("a header cannot have this name");
        };
        let Ok(value) = HeaderValue::try_from(value) else {
            return error("it has a character that a header cannot have, such as a line break");
        };
        self.headers.insert(header, value);
        Ok(())
    }

    /// The path and query below a server, the headers with the cookies, and
    /// the body.
    pub(crate) fn take(self) -> Result<Taken, EncodeError> {
        let path = self.path_string()?;
        let mut query = String::new();
        let template = self.endpoint.path().split('#').next().unwrap_or_default();
        if let Some((_, fixed)) = template.split_once('?') {
            percent::encode_into(&mut query, fixed, percent::is_query);
        }
        if !self.query.is_empty() {
            security::push(&mut query, "&", &self.query);
        }
        Ok(Taken {
            path,
            query,
            headers: self.headers,
            cookies: self.cookies,
            content: self.content,
        })
    }
}

/// What is left of [`Parts`] when everything is written.
pub(crate) struct Taken {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: String,
    pub(crate) content: Content,
}

fn path_error(name: &str, message: &str) -> EncodeError {
    EncodeError::new(format!("the path parameter `{name}`"), message)
}
