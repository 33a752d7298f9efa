/// Declares the versions of an API: an enum `ApiVersion`, and the error of parsing an unknown version. Each version
/// has its name in requests, its state, and the date until which it is guaranteed.
///
/// ```
/// use specmill_client::{Date, VersionState};
///
/// specmill_client::api_versions! {
///     /// A version of the API.
///     pub enum ApiVersion {
///         /// The second.
///         #[default]
///         V2 = "2", VersionState::Current, None;
///         /// The first.
///         V1 = "1", VersionState::Supported, Some(Date::new(2027, 1, 31));
///     }
/// }
///
/// assert_eq!(ApiVersion::default().to_string(), "2");
/// assert_eq!("1".parse(), Ok(ApiVersion::V1));
/// assert_eq!("3".parse::<ApiVersion>().unwrap_err().to_string(), "unknown API version: known are 2, 1");
/// ```
#[macro_export]
macro_rules! api_versions {
    (
        $(#[$meta:meta])*
        pub enum ApiVersion {
            $($(#[$variant_meta:meta])* $variant:ident = $wire:literal, $state:expr, $not_before:expr;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum ApiVersion {
            $($(#[$variant_meta])* $variant,)*
        }

        #[allow(deprecated, reason = "a deprecated version can still be chosen")]
        impl ApiVersion {
            /// Every version, the newest first.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name of the version in requests.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)*
                }
            }

            /// The state of the version.
            pub const fn state(self) -> $crate::VersionState {
                match self {
                    $(Self::$variant => $state,)*
                }
            }

            /// The date until which the version is guaranteed; `None` if the vendor states none.
            pub const fn not_before(self) -> Option<$crate::Date> {
                match self {
                    $(Self::$variant => $not_before,)*
                }
            }
        }

        impl std::fmt::Display for ApiVersion {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl std::str::FromStr for ApiVersion {
            type Err = UnknownApiVersion;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().find(|version| version.as_str() == text);
                found.copied().ok_or(UnknownApiVersion)
            }
        }

        /// The string is not a version that this crate knows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct UnknownApiVersion;

        impl std::fmt::Display for UnknownApiVersion {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("unknown API version: known are ")?;
                for (index, version) in ApiVersion::ALL.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(formatter, "{separator}{version}")?;
                }
                Ok(())
            }
        }

        impl std::error::Error for UnknownApiVersion {}
    };
}
