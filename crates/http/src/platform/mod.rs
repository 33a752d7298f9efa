//! The differences between operating systems and JavaScript hosts (`wasm32-unknown-unknown`): timers, tasks, files, and
//! the bodies of the HTTP client. Both modules offer the same items.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;

#[cfg(not(target_arch = "wasm32"))]
pub use self::native::*;
#[cfg(target_arch = "wasm32")]
pub use self::web::*;
