//! Basic authentication (RFC 7617).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::builder::ClientBuilder;
use super::options::Options;
use super::secret::Secret;
use super::security::Scheme;

impl ClientBuilder {
    /// Sets the user name and the password of a basic authentication scheme.
    ///
    /// [`build`](Self::build) rejects a user name with a colon, because the server takes the text
    /// after it as the password (section 2).
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
    /// Sets the user name, which must not contain a colon, and the password of a basic
    /// authentication scheme, instead of the client's.
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
