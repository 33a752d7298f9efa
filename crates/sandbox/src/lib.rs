//! specmill-sandbox
