//! The schemas of the document: plain data.

use crate::runtime::{Secret, Uri};

#[derive(Clone, Debug, PartialEq)]
pub struct OAuthDynamicRegistrationRequest {
    /// Array of redirection URI strings for use in redirect-based flows
    pub redirect_uris: Option<Vec<Uri>>,
    /// Human-readable string name of the client to be presented to the end-user
    pub client_name: Option<String>,
    /// Array of OAuth 2.0 grant type strings that the client may use
    ///
    /// Default: `["authorization_code"]`
    pub grant_types: Vec<oauth_dynamic_registration_request::GrantType>,
    /// Array of the OAuth 2.0 response type strings that the client may use
    ///
    /// Default: `["code"]`
    pub response_types: Vec<String>,
    /// Space-separated string of scope values that the client may use
    pub scope: Option<String>,
    /// Authentication method for the token endpoint
    ///
    /// Default: `"client_secret_basic"`
    pub token_endpoint_auth_method: oauth_dynamic_registration_request::TokenEndpointAuthMethod,
    /// URL of the client logo
    pub logo_uri: Option<Uri>,
    /// URL of the client's terms of service
    pub tos_uri: Option<Uri>,
    /// URL of the client's privacy policy
    pub policy_uri: Option<Uri>,
}

impl OAuthDynamicRegistrationRequest {
    /// The default of [`grant_types`](Self::grant_types).
    #[must_use]
    pub fn default_grant_types() -> Vec<oauth_dynamic_registration_request::GrantType> {
        vec![oauth_dynamic_registration_request::GrantType::AuthorizationCode]
    }

    /// The default of [`response_types`](Self::response_types).
    #[must_use]
    pub fn default_response_types() -> Vec<String> {
        vec!["code".to_owned()]
    }

    /// The default of [`token_endpoint_auth_method`](Self::token_endpoint_auth_method).
    #[must_use]
    pub fn default_token_endpoint_auth_method()
    -> oauth_dynamic_registration_request::TokenEndpointAuthMethod {
        oauth_dynamic_registration_request::TokenEndpointAuthMethod::ClientSecretBasic
    }
}

impl Default for OAuthDynamicRegistrationRequest {
    fn default() -> Self {
        Self {
            redirect_uris: None,
            client_name: None,
            grant_types: Self::default_grant_types(),
            response_types: Self::default_response_types(),
            scope: None,
            token_endpoint_auth_method: Self::default_token_endpoint_auth_method(),
            logo_uri: None,
            tos_uri: None,
            policy_uri: None,
        }
    }
}

/// The schemas that stand inside [`OAuthDynamicRegistrationRequest`].
pub mod oauth_dynamic_registration_request {
    /// One of the values of `grant_types`.   (docs of the schema where it has any)
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum GrantType {
        /// `authorization_code`
        AuthorizationCode,
        /// `client_credentials`
        ClientCredentials,
        /// `refresh_token`
        RefreshToken,
    }

    /// Authentication method for the token endpoint
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum TokenEndpointAuthMethod {
        /// `none`
        None,
        /// `client_secret_basic`
        ClientSecretBasic,
        /// `client_secret_post`
        ClientSecretPost,
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OAuthDynamicRegistrationResponse {
    /// Unique client identifier
    pub client_id: String,
    /// Client secret (only for confidential clients)
    pub client_secret: Option<Secret>,
    /// Array of redirection URIs
    pub redirect_uris: Option<Vec<Uri>>,
    /// Human-readable client name
    pub client_name: Option<String>,
    /// Array of allowed grant types
    pub grant_types: Option<Vec<String>>,
    /// Array of allowed response types
    pub response_types: Option<Vec<String>>,
    /// Space-separated scope values
    pub scope: Option<String>,
    /// Token endpoint authentication method
    pub token_endpoint_auth_method: Option<String>,
    /// Unix timestamp of when the client ID was issued
    pub client_id_issued_at: i64,
    /// URL of the client logo
    pub logo_uri: Option<Uri>,
    /// URL of the client's terms of service
    pub tos_uri: Option<Uri>,
    /// URL of the client's privacy policy
    pub policy_uri: Option<Uri>,
}

impl OAuthDynamicRegistrationResponse {
    /// The required properties; the optional ones are left out.
    #[must_use]
    pub fn new(client_id: impl Into<String>, client_id_issued_at: i64) -> Self {
        Self {
            client_id: client_id.into(),
            client_secret: None,
            redirect_uris: None,
            client_name: None,
            grant_types: None,
            response_types: None,
            scope: None,
            token_endpoint_auth_method: None,
            client_id_issued_at,
            logo_uri: None,
            tos_uri: None,
            policy_uri: None,
        }
    }
}

/// The schemas that stand inside the operation `RegisterOAuthClient`.
pub mod register_oauth_client {
    use std::collections::BTreeMap;

    /// Invalid client metadata
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct BadRequest {
        pub error: Option<String>,
        pub error_description: Option<String>,
        pub invalid_fields: Option<BTreeMap<String, Vec<String>>>,
    }
}
