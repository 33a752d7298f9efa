//! specmill-client
