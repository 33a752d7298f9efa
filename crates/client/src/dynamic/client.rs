use super::{Api, Call, Operation};
use crate::options::CallOptions;
use crate::transport::Transport;

/// A client that is told at run time what to call. Clones share connections, credentials and the retry budget.
#[derive(Debug, Clone)]
pub struct Client {
    api: &'static Api,
    transport: Transport,
}

impl Client {
    pub(super) fn new(api: &'static Api, transport: Transport) -> Self {
        Self { api, transport }
    }

    /// The API that is called.
    pub fn api(&self) -> &'static Api {
        self.api
    }

    /// The address that calls go to, without a slash at the end.
    pub fn base_url(&self) -> &str {
        self.transport.base_url()
    }

    /// Begins a call of the operation of this name; `None` where the API has none.
    pub fn call(&self, id: &str) -> Option<Call> {
        self.call_with(id, CallOptions::default())
    }

    /// As [`call`](Self::call), with timeouts, retries and headers of this call alone.
    pub fn call_with(&self, id: &str, options: CallOptions) -> Option<Call> {
        let operation: &'static Operation = self.api.operation(id)?;
        let call = self.transport.call(operation.table, options);
        Some(Call::new(call, operation))
    }
}
