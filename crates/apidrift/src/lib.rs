//! apidrift
