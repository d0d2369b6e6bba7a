//! The expected URL.

use crate::ir::{Operation, Server};
use crate::proof::oracle::request_parts::RequestParts;
use crate::proof::oracle::style;
use crate::proof::oracle::test_values::{ORIGIN, Tester, is_absolute};

impl Tester<'_> {
    /// Returns the URL: server, path and query.
    pub(super) fn url(
        self,
        operation: &Operation,
        request: &RequestParts,
    ) -> Result<String, String> {
        let server = self.server_url(operation)?;
        // A fragment only distinguishes operations and is not sent.
        let template = operation.path.split('#').next().unwrap_or_default();
        let (path, fixed) = match template.split_once('?') {
            Some((path, fixed)) => (path, Some(fixed)),
            None => (template, None),
        };
        let mut path = style::encode_but(path, "{}/%!$&'()*+,;=:@");
        for (name, value) in &request.variables {
            let name = style::encode_but(name, "{}/%!$&'()*+,;=:@");
            path = path.replace(&format!("{{{name}}}"), value);
        }
        if path.contains(['{', '}']) {
            return Err("its path has a variable that is not a parameter".to_owned());
        }
        if !path.starts_with('/') {
            path.insert(0, '/');
        }
        let mut query: Vec<String> = fixed
            .map(|fixed| style::encode_but(fixed, "/%!$&'()*+,;=:@?"))
            .into_iter()
            .collect();
        query.extend(request.query.iter().cloned());
        let mut url = format!("{}{path}", server.trim_end_matches('/'));
        if !query.is_empty() {
            url.push('?');
            url.push_str(&query.join("&"));
        }
        Ok(url)
    }

    /// Returns the URL of the server that an operation uses.
    fn server_url(self, operation: &Operation) -> Result<String, String> {
        match operation.servers.first().map(Server::default_url) {
            None => Ok(self.server.to_owned()),
            Some(own) if is_absolute(&own) => Ok(own),
            Some(own) if own.starts_with('/') && !own.contains('{') => {
                let after = self.server.find("://").map_or(0, |at| at + 3);
                let host = self.server.get(after..).unwrap_or_default();
                let end = host.find('/').map_or(self.server.len(), |at| after + at);
                Ok(format!("{}{own}", self.server.get(..end).unwrap_or(ORIGIN)))
            }
            Some(own) => Err(format!("its server `{own}` is not a URL")),
        }
    }
}
