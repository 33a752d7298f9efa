use specmill_transport::options::CallOptions;

use super::{Api, Call, Operation};
use crate::transport::Transport;

/// A client that calls operations by name. Clones share connections, credentials and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    api: &'static Api,
    transport: Transport,
}

impl Client {
    pub(super) fn new(api: &'static Api, transport: Transport) -> Self {
        Self { api, transport }
    }

    /// The API of the client.
    pub fn api(&self) -> &'static Api {
        self.api
    }

    /// The base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }

    /// Starts a call of the operation with this name; `None` if the API has none.
    pub fn call(&self, id: &str) -> Option<Call> {
        self.call_with(id, CallOptions::default())
    }

    /// Like [`call`](Self::call), with timeouts, retries and headers of this call.
    pub fn call_with(&self, id: &str, options: CallOptions) -> Option<Call> {
        let operation: &'static Operation = self.api.operation(id)?;
        let call = self.transport.call(operation.table, options);
        Some(Call::new(call, operation))
    }
}
