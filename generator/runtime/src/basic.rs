//! Basic authentication (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::builder::ClientBuilder;
use super::secret::Secret;
use super::security::Scheme;

impl ClientBuilder {
    /// Gives the user name and the password of a scheme of basic authentication.
    ///
    /// A user name with a colon in it cannot be told from the password
    /// (section 2): [`build`](Self::build) refuses it.
    pub fn user_and_password(
        self,
        scheme: Scheme,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let user = user.into();
        if user.contains(':') {
            return self.refuse("a user name of basic authentication cannot have a colon");
        }
        let password = password.into();
        let pair = format!("{user}:{}", password.expose());
        self.hide(password)
            .credential(scheme, STANDARD.encode(pair))
    }
}
