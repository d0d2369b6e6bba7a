//! How the types read and write JSON: a table for each, a line for each property.

use crate::runtime::codec::{object, text_enum};
use crate::types;

object! { types::OAuthDynamicRegistrationRequest, closed {
    0 "redirect_uris" redirect_uris: optional,
    1 "client_name" client_name: optional,
    2 "grant_types" grant_types: default(default_grant_types),
    3 "response_types" response_types: default(default_response_types),
    4 "scope" scope: optional,
    5 "token_endpoint_auth_method" token_endpoint_auth_method: default(default_token_endpoint_auth_method),
    6 "logo_uri" logo_uri: optional,
    7 "tos_uri" tos_uri: optional,
    8 "policy_uri" policy_uri: optional,
} }

text_enum! { types::oauth_dynamic_registration_request::GrantType, closed {
    "authorization_code" AuthorizationCode,
    "client_credentials" ClientCredentials,
    "refresh_token" RefreshToken,
} }

text_enum! { types::oauth_dynamic_registration_request::TokenEndpointAuthMethod, closed {
    "none" None,
    "client_secret_basic" ClientSecretBasic,
    "client_secret_post" ClientSecretPost,
} }

object! { types::OAuthDynamicRegistrationResponse, open {
    0 "client_id" client_id: required,
    1 "client_secret" client_secret: optional,
    2 "redirect_uris" redirect_uris: optional,
    3 "client_name" client_name: optional,
    4 "grant_types" grant_types: optional,
    5 "response_types" response_types: optional,
    6 "scope" scope: optional,
    7 "token_endpoint_auth_method" token_endpoint_auth_method: optional,
    8 "client_id_issued_at" client_id_issued_at: required,
    9 "logo_uri" logo_uri: optional,
    10 "tos_uri" tos_uri: optional,
    11 "policy_uri" policy_uri: optional,
} }

object! { types::register_oauth_client::BadRequest, open {
    0 "error" error: optional,
    1 "error_description" error_description: optional,
    2 "invalid_fields" invalid_fields: optional,
} }
