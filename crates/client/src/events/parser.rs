//! The format of server-sent events, as defined in the HTML standard.

use std::time::Duration;

use super::splitter::{Ending, Splitter, TooLong};

/// An event before its data is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawEvent {
    /// Empty if the event has no name.
    pub(super) name: String,
    pub(super) data: Vec<u8>,
}

/// Parses a body into events.
#[derive(Debug)]
pub(super) struct Parser {
    splitter: Splitter,
    limit: usize,
    at_start: bool,
    name: String,
    /// The lines of the data, each followed by LF.
    data: Vec<u8>,
    /// The id of the last complete event.
    id: Option<String>,
    /// The id of the next complete event.
    next_id: Option<String>,
    retry: Option<Duration>,
}

impl Parser {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            splitter: Splitter::new(Ending::Any, limit),
            limit,
            at_start: true,
            name: String::new(),
            data: Vec::new(),
            id: None,
            next_id: None,
            retry: None,
        }
    }

    /// Starts with another body. Incomplete events are discarded; the last id and the reconnection delay are kept.
    pub(super) fn restart(&mut self) {
        *self = Self {
            next_id: self.id.clone(),
            id: self.id.take(),
            retry: self.retry,
            ..Self::new(self.limit)
        };
    }

    /// The id of the last event that had one. An empty id resets it.
    pub(super) fn last_id(&self) -> Option<&str> {
        self.id.as_deref().filter(|id| !id.is_empty())
    }

    /// The reconnection delay, if the service has sent one.
    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.splitter.push(piece);
    }

    /// Returns the next complete event.
    pub(super) fn next(&mut self) -> Result<Option<RawEvent>, TooLong> {
        while let Some(line) = self.splitter.next()? {
            if line.is_empty() {
                if let Some(event) = self.event() {
                    return Ok(Some(event));
                }
            } else {
                self.line(&line)?;
            }
        }
        Ok(None)
    }

    /// Returns the event that the end of the body completes, if the service closed the stream without a final empty
    /// line.
    pub(super) fn finish(&mut self) -> Result<Option<RawEvent>, TooLong> {
        if let Some(line) = self.splitter.finish() {
            self.line(&line)?;
        }
        Ok(self.event())
    }

    fn event(&mut self) -> Option<RawEvent> {
        self.id.clone_from(&self.next_id);
        let name = std::mem::take(&mut self.name);
        let mut data = std::mem::take(&mut self.data);
        // An event without data is not dispatched.
        data.pop()?;
        Some(RawEvent { name, data })
    }

    fn line(&mut self, line: &[u8]) -> Result<(), TooLong> {
        let mut line = line;
        if std::mem::take(&mut self.at_start) {
            line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        }
        let colon = line.iter().position(|byte| *byte == b':');
        let (field, value) = match colon {
            // A comment, which services send to keep a connection open.
            Some(0) => return Ok(()),
            Some(at) => (&line[..at], &line[at + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if self.data.len() + value.len() > self.limit {
                    return Err(TooLong);
                }
                self.data.extend_from_slice(value);
                self.data.push(b'\n');
            }
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                self.next_id = Some(String::from_utf8_lossy(value).into_owned());
            }
            b"retry" if value.iter().all(u8::is_ascii_digit) => {
                let text = String::from_utf8_lossy(value);
                if let Ok(milliseconds) = text.parse() {
                    self.retry = Some(Duration::from_millis(milliseconds));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(text: &str) -> Vec<(String, String)> {
        let mut whole: Option<Vec<(String, String)>> = None;
        // The events are the same for every division of the body into pieces.
        for size in [1, 2, 7, text.len().max(1)] {
            let mut parser = Parser::new(1000);
            let mut events = Vec::new();
            let mut add = |event: RawEvent| {
                events.push((event.name, String::from_utf8(event.data).unwrap()));
            };
            for piece in text.as_bytes().chunks(size) {
                parser.push(piece);
                while let Some(event) = parser.next().unwrap() {
                    add(event);
                }
            }
            if let Some(event) = parser.finish().unwrap() {
                add(event);
            }
            assert!(whole.is_none() || whole.as_ref() == Some(&events));
            whole = Some(events);
        }
        whole.unwrap()
    }

    fn pair(name: &str, data: &str) -> (String, String) {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn an_event_is_its_fields_up_to_an_empty_line() {
        assert_eq!(
            events(
                "event: added\ndata: 1\ndata:2\ndata:  3\r\n\r\ndata\n\nevent:x\n\nother: y\ndata: é\n\n"
            ),
            [pair("added", "1\n2\n 3"), pair("", ""), pair("", "é")]
        );
    }

    #[test]
    fn comments_byte_order_mark_and_empty_blocks_are_skipped() {
        assert_eq!(
            events("\u{feff}: hello\n\n:\n\n\ndata: 1\n: in between\ndata: 2\n\n"),
            [pair("", "1\n2")]
        );
    }

    #[test]
    fn the_end_of_the_body_completes_the_last_event() {
        assert_eq!(events("data: 1\n\ndata: 2"), [pair("", "1"), pair("", "2")]);
        assert_eq!(events("data: 1\n\nevent: x\n"), [pair("", "1")]);
    }

    #[test]
    fn ids_and_times_are_kept_across_events_and_bodies() {
        let mut parser = Parser::new(100);
        parser.push(
            b"id: 7\nretry: 250\ndata: 1\n\nid: a\0b\nretry: soon\ndata: 2\n\nid: 8\ndata: half",
        );
        while parser.next().unwrap().is_some() {}
        parser.restart();
        assert_eq!(parser.last_id(), Some("7"));
        assert_eq!(parser.retry(), Some(Duration::from_millis(250)));
        assert_eq!(parser.finish(), Ok(None));
        parser.push(b"id\ndata: 3\n\n");
        assert!(parser.next().unwrap().is_some());
        assert_eq!(parser.last_id(), None);
    }

    #[test]
    fn an_event_of_many_lines_is_bounded_as_a_whole() {
        let mut parser = Parser::new(10);
        parser.push(b"data: 1234\ndata: 5678\ndata: 9\n\n");
        assert_eq!(parser.next(), Err(TooLong));
    }
}
