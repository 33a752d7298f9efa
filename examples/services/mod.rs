//! Code that the examples share: exit codes, and clients of a sandbox in the same process or of the real
//! services.

use std::error::Error;
use std::process::ExitCode;

use specmill::{panther, scp::identity_center};
use specmill_sandbox::Sandbox;

/// Like the macro of the standard library, but a closed pipe, as with `head`, is not an error.
macro_rules! println {
    ($($arguments:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($arguments)*);
    }};
}

/// Prints the error of an example, if it failed, and returns its exit code.
pub(crate) fn finish(outcome: Result<(), Box<dyn Error>>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A client of each API, and the Identity Center instance to list.
#[allow(dead_code, reason = "not every example uses both APIs")]
pub(crate) struct Services {
    pub(crate) panther: panther::Client,
    pub(crate) center: identity_center::Client,
    pub(crate) instance_id: String,
    /// Serves both APIs until it is dropped.
    _sandbox: Option<Sandbox>,
}

#[allow(dead_code, reason = "not every example uses both APIs")]
impl Services {
    /// Both APIs in memory, with ten people in Identity Center, eight of whom are in Panther.
    pub(crate) async fn on_a_sandbox() -> Result<Self, Box<dyn Error>> {
        let sandbox = Sandbox::builder()
            .panther_users(8)
            .identity_center_users(10)
            .start()
            .await?;
        Ok(Self {
            panther: panther::Client::builder()
                .base_url(sandbox.panther_url())
                .api_key(sandbox.panther_api_key())
                .build()?,
            center: identity_center::Client::builder()
                .base_url(sandbox.identity_center_url())
                .credentials(sandbox.access_key(), sandbox.secret_key())
                .build()?,
            instance_id: sandbox.instance_id().to_owned(),
            _sandbox: Some(sandbox),
        })
    }

    /// The services of the environment: `PANTHER_BASE_URL`, `PANTHER_API_KEY`, `SCP_REGION`, `SCP_ENVIRONMENT`,
    /// `SCP_ACCESS_KEY`, `SCP_SECRET_KEY` for the clients, `SCP_INSTANCE_ID` for the examples.
    pub(crate) fn from_env() -> Result<Self, Box<dyn Error>> {
        Ok(Self {
            panther: panther::Client::from_env()?,
            center: identity_center::Client::from_env()?,
            instance_id: std::env::var("SCP_INSTANCE_ID")
                .map_err(|_| "the environment variable SCP_INSTANCE_ID is not set: set it")?,
            _sandbox: None,
        })
    }
}
