//! Basic authentication (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::builder::ClientBuilder;
use super::options::Options;
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
            return self.refuse(COLON);
        }
        let password = password.into();
        let pair = pair(&user, &password);
        self.hide(password).credential(scheme, pair)
    }
}

impl Options {
    /// Gives the user name, which has no colon in it, and the password of a scheme of basic
    /// authentication, instead of those of the client.
    pub fn user_and_password(
        mut self,
        scheme: Scheme,
        user: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Self {
        let user = user.into();
        if user.contains(':') {
            self.refuse(format!("the credential `{}`", scheme.name()), COLON);
            return self;
        }
        let password = password.into();
        let pair = pair(&user, &password);
        self.hide(&password).credential(scheme, pair)
    }
}

const COLON: &str = "a user name of basic authentication cannot have a colon";

fn pair(user: &str, password: &Secret) -> String {
    STANDARD.encode(format!("{user}:{}", password.expose()))
}
