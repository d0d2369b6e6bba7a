//! The servers of the document, with variables in their URLs (OpenAPI 3.1, section 4.8.5).

/// A server of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server {
    url: &'static str,
    variables: &'static [Variable],
}

/// A variable in the URL of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variable {
    name: &'static str,
    default: Option<&'static str>,
    values: &'static [&'static str],
}

impl Server {
    /// Creates a server with this URL, which contains each variable as `{name}`.
    #[must_use]
    pub const fn new(url: &'static str, variables: &'static [Variable]) -> Self {
        Self { url, variables }
    }

    /// Returns the URL, with its variables.
    #[must_use]
    pub const fn url(&self) -> &'static str {
        self.url
    }

    /// Returns the variables of the URL.
    #[must_use]
    pub const fn variables(&self) -> &'static [Variable] {
        self.variables
    }

    /// Returns the URL with these values for its variables, and defaults for the others.
    ///
    /// # Errors
    ///
    /// Returns a message if the document does not allow a value.
    pub fn expand(&self, values: &[(&'static str, String)]) -> Result<String, String> {
        let mut url = String::new();
        let mut rest = self.url;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, from)| Some((before, from.split_once('}')?)))
        {
            let Some(variable) = self.variables.iter().find(|known| known.name == name) else {
                return Err(format!(
                    "the document has no value for the `{name}` of its server `{}`: set the base URL",
                    self.url
                ));
            };
            let value = values.iter().find(|(given, _)| *given == name);
            url.push_str(before);
            url.push_str(variable.value(value.map(|(_, value)| value.as_str()))?);
            rest = after;
        }
        url.push_str(rest);
        Ok(url)
    }
}

impl From<&'static str> for Server {
    fn from(url: &'static str) -> Self {
        Self::new(url, &[])
    }
}

impl Variable {
    /// Creates a variable with this default and these allowed values; any if there are none.
    #[must_use]
    pub const fn new(
        name: &'static str,
        default: &'static str,
        values: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            default: Some(default),
            values,
        }
    }

    /// Creates a variable without a default and with these allowed values; any if there are none.
    #[must_use]
    pub const fn required(name: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            name,
            default: None,
            values,
        }
    }

    /// Returns the name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the default, or `None` if a value is required.
    #[must_use]
    pub const fn default(&self) -> Option<&'static str> {
        self.default
    }

    /// Returns the allowed values; none if any value is allowed.
    #[must_use]
    pub const fn values(&self) -> &'static [&'static str] {
        self.values
    }

    fn value<'a>(&'a self, given: Option<&'a str>) -> Result<&'a str, String> {
        match given {
            None => self.default.ok_or_else(|| {
                format!(
                    "the server's variable `{}` has no default: set it, or set the base URL",
                    self.name
                )
            }),
            Some(value) if self.values.is_empty() || self.values.contains(&value) => Ok(value),
            Some(value) => Err(format!(
                "the server's variable `{}` cannot be `{}`, but one of `{}`",
                self.name,
                value.escape_debug(),
                self.values.join("`, `")
            )),
        }
    }
}
