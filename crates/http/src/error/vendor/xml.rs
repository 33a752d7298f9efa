//! Extracts the message of an error from XML, as S3, Azure and SOAP services send it.

use roxmltree::{Document, Node};

use super::{Report, SHORT};
use crate::text::{LIMIT, one_line};

const MESSAGES: [&str; 6] = [
    "message",
    "faultstring",
    "detail",
    "description",
    "text",
    "title",
];
const CODES: [&str; 3] = ["code", "errorcode", "faultcode"];
const REQUEST_IDS: [&str; 2] = ["requestid", "correlationid"];

/// Reads a document. `None` if it is not valid XML, or if it declares entities, which could expand it without limit.
pub(super) fn read(text: &str) -> Option<Report> {
    let document = Document::parse(text).ok()?;
    let find = |names: &[&str], limit| {
        names
            .iter()
            .filter_map(|name| element(&document, name))
            .find_map(|node| one_line(node.text()?, limit))
    };
    Some(Report {
        message: find(&MESSAGES, LIMIT),
        code: find(&CODES, SHORT),
        request_id: find(&REQUEST_IDS, SHORT),
        form: None,
    })
}

/// The first element with this name that contains only text.
fn element<'a, 'd>(document: &'a Document<'d>, name: &str) -> Option<Node<'a, 'd>> {
    document.descendants().find(|node| {
        node.is_element()
            && node.tag_name().name().eq_ignore_ascii_case(name)
            && node.children().all(|child| !child.is_element())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Option<[Option<String>; 3]> {
        read(text).map(|report| [report.message, report.code, report.request_id])
    }

    fn found(message: &str, code: &str, request_id: &str) -> [Option<String>; 3] {
        [message, code, request_id]
            .map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()))
    }

    #[test]
    fn message_code_and_request_id_are_found_whatever_is_around_them() {
        let bucket = r#"<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>gone &amp; lost</Message><RequestId>R1</RequestId></Error>"#;
        assert_eq!(
            read_all(bucket).unwrap(),
            found("gone & lost", "NoSuchKey", "R1")
        );
        let query = r#"<ErrorResponse xmlns="urn:x"><Error><Type>Sender</Type><Code>Throttling</Code><Message><![CDATA[slow <down>]]></Message></Error><RequestId>R2</RequestId></ErrorResponse>"#;
        assert_eq!(
            read_all(query).unwrap(),
            found("slow <down>", "Throttling", "R2")
        );
        let soap = r#"<s:Envelope xmlns:s="urn:s"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>broken</faultstring></s:Fault></s:Body></s:Envelope>"#;
        assert_eq!(read_all(soap).unwrap(), found("broken", "s:Server", ""));
        assert_eq!(read_all("<a><b/></a>").unwrap(), found("", "", ""));
    }

    #[test]
    fn entities_cut_off_documents_and_endless_nesting_are_refused() {
        let bomb = r#"<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Message>&b;</Message>"#;
        assert_eq!(read_all(bomb), None);
        assert_eq!(read_all("<Error><Message>cut o"), None);
        assert_eq!(read_all(&"<a>".repeat(20_000)), None);
        let nested = ["<a>".repeat(9_000), "</a>".repeat(9_000)].concat();
        assert!(read_all(&nested).is_none_or(|found| found == [None, None, None]));
    }
}
