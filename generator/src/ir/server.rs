//! Servers and the variables of their URLs.

/// The Server Object.
#[derive(Clone, Debug)]
pub struct Server {
    /// The URL, with `{variable}`s if it has any.
    pub url: String,
    /// `description`
    pub description: Option<String>,
    /// The variables of the URL.
    pub variables: Vec<ServerVariable>,
}

impl Server {
    /// Returns the URL with variables replaced by their defaults. A variable without a default
    /// stays in braces.
    #[must_use]
    pub fn default_url(&self) -> String {
        let mut url = self.url.clone();
        for ServerVariable { name, default, .. } in &self.variables {
            if let Some(default) = default {
                url = url.replace(&format!("{{{name}}}"), default);
            }
        }
        url
    }
}

/// The Server Variable Object.
#[derive(Clone, Debug)]
pub struct ServerVariable {
    /// The name in the URL template.
    pub name: String,
    /// `default`. Without one, the user of the crate must set a value.
    pub default: Option<String>,
    /// `enum`; empty if any value is allowed.
    pub values: Vec<String>,
    /// `description`
    pub description: Option<String>,
}
