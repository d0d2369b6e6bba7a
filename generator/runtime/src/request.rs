//! A request while it is written.

use std::fmt;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Uri};
use serde::ser::Serialize;

use super::body::{Content, TypedContent};
use super::credential;
use super::endpoint::Endpoint;
use super::error::EncodeError;
use super::json;
use super::options::Options;
use super::percent;
use super::response::media_type_matches;

/// The parts of a request, without a server and without credentials.
///
/// Errors are returned by [`finish`](Self::finish), not by each method.
#[derive(Clone)]
pub struct Parts {
    endpoint: Endpoint,
    variables: Vec<(&'static str, String)>,
    query: String,
    pub(super) headers: HeaderMap,
    cookies: String,
    content: Content,
    /// The options of the call, which must not set an input of the operation.
    options: Option<Box<Options>>,
    location: Option<Uri>,
    error: Option<EncodeError>,
}

/// Omits the values: any of them can be a password.
impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("endpoint", &self.endpoint)
            .field("content", &self.content)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl Parts {
    /// Creates a request without parameters and body.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            variables: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: String::new(),
            content: Content::default(),
            options: None,
            location: None,
            error: None,
        }
    }

    /// Creates a request of a call with these options.
    pub(crate) fn beside(endpoint: Endpoint, options: &Options) -> Self {
        let names = (!options.sets_nothing()).then(|| Box::new(options.clone()));
        Self {
            options: names,
            ..Self::new(endpoint)
        }
    }

    /// Declares an input of the operation, set or not. The options of the call must not set it.
    pub fn input(&mut self, place: &str, name: &str) {
        let options = self.options.as_ref();
        if options.is_some_and(|options| options.sets(place, name)) {
            let place = format!("the {place} parameter `{}`", name.escape_debug());
            let message = "it is an input of the operation: set it there, not as an option";
            self.fail(EncodeError::new(place, message));
        }
    }

    /// Copies everything but the options from another request.
    pub(crate) fn take_over(&mut self, other: &Self) {
        let options = self.options.take();
        *self = Self {
            options,
            ..other.clone()
        };
    }

    /// Returns the complete request.
    ///
    /// # Errors
    ///
    /// Returns the first error of the methods before.
    pub fn finish(self) -> Result<Self, EncodeError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Keeps the first error for [`finish`](Self::finish).
    pub fn fail(&mut self, error: EncodeError) {
        self.error.get_or_insert(error);
    }

    /// Sets a JSON body, in which each number has to be finite.
    pub fn json<T: Serialize + ?Sized>(&mut self, media_type: &str, value: &T) {
        match json::write(value) {
            Ok(text) => self.content(media_type, text.into()),
            Err(error) => self.fail(error),
        }
    }

    /// Sets a text body.
    pub fn text(&mut self, media_type: &str, text: &str) {
        self.content(media_type, text.to_owned().into());
    }

    /// Sets a body of bytes: `Bytes`, or [`Content`] for a stream.
    pub fn bytes<B: Clone + Into<Content>>(&mut self, media_type: &str, bytes: &B) {
        self.content(media_type, bytes.clone().into());
    }

    /// Sets a body of bytes, whose media type must match the range.
    pub fn typed_bytes(&mut self, range: &str, body: &TypedContent) {
        let media_type = body.media_type();
        let is_one = media_type.split_once('/').is_some_and(|(kind, subtype)| {
            !kind.is_empty() && !subtype.is_empty() && !media_type.contains('*')
        });
        if !is_one || !media_type_matches(range, media_type) {
            let media_type = media_type.escape_debug();
            self.fail(EncodeError::body(format!(
                "its media type `{media_type}` is not one of `{range}`"
            )));
        } else {
            self.content(media_type, body.content().clone());
        }
    }

    /// Sets a body. The media type has to be a valid header value.
    pub fn content(&mut self, media_type: &str, content: Content) {
        let Ok(value) = HeaderValue::from_str(media_type) else {
            return self.fail(EncodeError::body(
                "its media type is not a valid header value",
            ));
        };
        self.headers.insert(CONTENT_TYPE, value);
        self.content = content;
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.endpoint.method()
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the query, percent-encoded, without the question mark.
    #[must_use]
    pub fn query_string(&self) -> &str {
        &self.query
    }

    /// Returns the header `Cookie`.
    #[must_use]
    pub fn cookie_string(&self) -> &str {
        &self.cookies
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &Content {
        &self.content
    }

    /// Returns the path with its variables, percent-encoded.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable has no value, or an empty one, `.` or `..`, which change the
    /// segments.
    pub fn path_string(&self) -> Result<String, EncodeError> {
        let template = self.endpoint.path();
        // The text after a `#` distinguishes operations and is not sent.
        let template = template.split('#').next().unwrap_or_default();
        let path = template.split('?').next().unwrap_or_default();
        let mut segments = Vec::new();
        for segment in path.split('/') {
            segments.push(self.expand(segment)?);
        }
        Ok(segments.join("/"))
    }

    /// Expands the variables in a segment of the template.
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
            // Servers and proxies read these as relative segments.
            Some(name) if out == "." || out == ".." => Err(path_error(
                name,
                "a path segment cannot be `.` or `..`: the URL would refer to another path",
            )),
            _ => Ok(out),
        }
    }

    /// Sets a variable of the path template to percent-encoded text, which is not empty.
    pub fn path_text(&mut self, name: &'static str, value: String) {
        if value.is_empty() {
            let message = "it is empty: the URL would refer to another path";
            return self.fail(path_error(name, message));
        }
        self.variables.push((name, value));
    }

    /// Adds percent-encoded pairs to the query.
    pub fn query_text(&mut self, pairs: &str) {
        if !pairs.is_empty() {
            credential::push(&mut self.query, "&", pairs);
        }
    }

    /// Adds percent-encoded pairs to the header `Cookie`.
    pub fn cookie_text(&mut self, pairs: &str) {
        if !pairs.is_empty() {
            credential::push(&mut self.cookies, "; ", pairs);
        }
    }

    /// Sets a header. Its value cannot have line breaks or other control characters.
    pub fn header_text(&mut self, name: &str, value: &str) {
        let message = match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(header), Ok(value)) => {
                self.headers.insert(header, value);
                return;
            }
            (Err(_), _) => "this is not a valid header name",
            (_, Err(_)) => {
                "it has a character that is not allowed in a header, such as a line break"
            }
        };
        let place = format!("the header `{}`", name.escape_debug());
        self.fail(EncodeError::new(place, message));
    }

    /// Sends the request to this URL, instead of the server's URL with the path and the query.
    pub fn at(&mut self, location: Uri) {
        self.location = Some(location);
    }

    /// Returns the path and query below a server, the headers with the cookies, and the body.
    pub(crate) fn take(self) -> Result<Taken, EncodeError> {
        let parts = self.finish()?;
        let path = parts.path_string()?;
        let mut query = String::new();
        let template = parts.endpoint.path().split('#').next().unwrap_or_default();
        if let Some((_, fixed)) = template.split_once('?') {
            percent::encode_into(&mut query, fixed, percent::is_query);
        }
        if !parts.query.is_empty() {
            credential::push(&mut query, "&", &parts.query);
        }
        Ok(Taken {
            path,
            query,
            headers: parts.headers,
            cookies: parts.cookies,
            content: parts.content,
            location: parts.location,
        })
    }
}

/// The finished [`Parts`].
pub(crate) struct Taken {
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) cookies: String,
    pub(crate) content: Content,
    /// The URL that replaces the server, the path and the query.
    pub(crate) location: Option<Uri>,
}

fn path_error(name: &str, message: &str) -> EncodeError {
    EncodeError::new(format!("the path parameter `{name}`"), message)
}
