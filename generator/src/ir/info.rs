//! The metadata of the API.

/// The Info Object.
#[derive(Clone, Debug, Default)]
pub struct Info {
    /// `title`
    pub title: String,
    /// `version`, unchanged.
    pub version: String,
    /// `summary` and `description`, joined.
    pub description: Option<String>,
    /// `termsOfService`
    pub terms_of_service: Option<String>,
    /// `contact`: name, URL, e-mail.
    pub contact: Option<Contact>,
    /// The URL of `contact`, if it is a web address.
    pub homepage: Option<String>,
    /// `license`: the name, and the SPDX expression if the document has one.
    pub license: Option<License>,
    /// `externalDocs` of the document: URL and description.
    pub external_docs: Option<ExternalDocs>,
    /// The effects of repaired faults, each a sentence.
    pub faults: Vec<String>,
}

/// The Contact Object.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// `name`
    pub name: Option<String>,
    /// `url`
    pub url: Option<String>,
    /// `email`
    pub email: Option<String>,
}

/// The License Object.
#[derive(Clone, Debug)]
pub struct License {
    /// `name`
    pub name: String,
    /// `identifier`, an SPDX expression.
    pub identifier: Option<String>,
    /// `url`
    pub url: Option<String>,
}

/// The External Documentation Object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExternalDocs {
    /// `url`
    pub url: String,
    /// `description`
    pub description: Option<String>,
}
