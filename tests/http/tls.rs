//! The generated crate against a server with TLS.

use std::sync::Arc;

use generated::runtime::reqwest::Reqwest;
use generated::{Client, Retry};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use super::server::{Server, response};
use super::{JSON, registration};

/// Returns a server's side of TLS for `127.0.0.1`, and a transport that trusts it.
fn tls() -> (TlsAcceptor, Reqwest) {
    let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let trusted = reqwest::Certificate::from_der(own.cert.der()).unwrap();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .tls_certs_only([trusted])
        .build()
        .unwrap();
    (Arc::new(config).into(), Reqwest::with_client(client))
}

#[tokio::test]
async fn a_redirect_to_a_server_without_tls_is_not_followed() {
    let plain = Server::with("201 Created", &[JSON], b"{}").await;
    let (_, address) = plain.url.split_once("//").unwrap();
    for location in [format!("http://{address}/x"), format!("http:{address}/x")] {
        let (tls, transport) = tls();
        let headers = [("location", location.as_str())];
        let redirect = response("307 Temporary Redirect", &headers, b"");
        let server = Server::start_tls(tls, vec![redirect]).await;
        let client = Client::builder()
            .base_url(&server.url)
            .bearer_auth("hunter2")
            .transport(transport)
            .build()
            .unwrap();
        let error = client
            .register_oauth_client(registration())
            .await
            .unwrap_err();
        assert_eq!(error.status().unwrap(), 307, "{location}: {error:?}");
        assert_eq!(server.requests().len(), 1, "{location}");
        assert!(plain.requests().is_empty(), "{location}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_ends_the_call_before_the_request() {
    let (tls, _) = tls();
    let created = response("201 Created", &[JSON], b"{}");
    let server = Server::start_tls(tls, vec![created]).await;
    let client = Client::builder()
        .base_url(&server.url)
        .retry(Retry::none())
        .build()
        .unwrap();
    let error = client
        .register_oauth_client(registration())
        .await
        .unwrap_err();
    assert!(
        matches!(error, generated::Error::Transport { .. }),
        "{error:?}"
    );
    assert!(server.requests().is_empty());
}
