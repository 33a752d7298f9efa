//! The location of a schema in a message. A rule is a finding at a location.

use crate::Side;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Place {
    RequestBody,
    RequestProperty,
    RequestReadOnlyProperty,
    RequestParameter,
    /// A header parameter. Its rules are those of parameters; some rules of its properties are specific to
    /// headers.
    RequestHeader,
    RequestParameterProperty,
    RequestHeaderProperty,
    ResponseBody,
    ResponseProperty,
    ResponseWriteOnlyProperty,
    ResponseHeader,
    ResponseHeaderProperty,
}

impl Place {
    pub(crate) const ALL: [Place; 12] = [
        Place::RequestBody,
        Place::RequestProperty,
        Place::RequestReadOnlyProperty,
        Place::RequestParameter,
        Place::RequestHeader,
        Place::RequestParameterProperty,
        Place::RequestHeaderProperty,
        Place::ResponseBody,
        Place::ResponseProperty,
        Place::ResponseWriteOnlyProperty,
        Place::ResponseHeader,
        Place::ResponseHeaderProperty,
    ];

    pub(crate) fn side(self) -> Side {
        if self < Place::ResponseBody {
            Side::Request
        } else {
            Side::Response
        }
    }

    /// The prefix of rule names at this location.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Place::RequestBody => "request-body",
            Place::RequestProperty => "request-property",
            Place::RequestReadOnlyProperty => "request-read-only-property",
            Place::RequestParameter | Place::RequestHeader => "request-parameter",
            Place::RequestParameterProperty => "request-parameter-property",
            Place::RequestHeaderProperty => "request-header-property",
            Place::ResponseBody => "response-body",
            Place::ResponseProperty => "response-property",
            Place::ResponseWriteOnlyProperty => "response-write-only-property",
            Place::ResponseHeader => "response-header",
            Place::ResponseHeaderProperty => "response-header-property",
        }
    }

    /// The location of the properties of a schema at this location.
    pub(crate) fn of_members(self) -> Place {
        match self {
            Place::RequestBody => Place::RequestProperty,
            Place::RequestParameter => Place::RequestParameterProperty,
            Place::RequestHeader => Place::RequestHeaderProperty,
            Place::ResponseBody => Place::ResponseProperty,
            Place::ResponseHeader => Place::ResponseHeaderProperty,
            other => other,
        }
    }

    pub(crate) fn is_member(self) -> bool {
        self.of_members() == self
    }

    /// Read-only properties are not sent in requests, nor write-only ones in responses.
    pub(crate) fn is_silent(self) -> bool {
        matches!(
            self,
            Place::RequestReadOnlyProperty | Place::ResponseWriteOnlyProperty
        )
    }

    /// The same location in a message of the other direction.
    #[cfg(test)]
    pub(crate) fn opposite(self) -> Place {
        match self {
            Place::RequestBody => Place::ResponseBody,
            Place::RequestProperty => Place::ResponseProperty,
            Place::RequestReadOnlyProperty => Place::ResponseWriteOnlyProperty,
            Place::RequestParameter | Place::RequestHeader => Place::ResponseHeader,
            Place::RequestParameterProperty | Place::RequestHeaderProperty => {
                Place::ResponseHeaderProperty
            }
            Place::ResponseBody => Place::RequestBody,
            Place::ResponseProperty => Place::RequestProperty,
            Place::ResponseWriteOnlyProperty => Place::RequestReadOnlyProperty,
            Place::ResponseHeader => Place::RequestParameter,
            Place::ResponseHeaderProperty => Place::RequestParameterProperty,
        }
    }
}
