//! Splits the pieces of a body into lines.

use bytes::{Buf as _, Bytes, BytesMut};

/// The error of a line that is longer than the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooLong;

/// The end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// LF, CR or both, as in server-sent events.
    Any,
    /// LF, as in JSON lines.
    Lf,
    /// The record separator, which precedes each value of `application/json-seq`.
    RecordSeparator,
}

/// Splits pieces into lines, each up to a limit.
#[derive(Debug)]
pub(super) struct Splitter {
    buffer: BytesMut,
    /// The length of the start of the buffer that is known to contain no end of a line.
    scanned: usize,
    /// Whether the last line ended with CR. A following LF then belongs to that end.
    after_cr: bool,
    ending: Ending,
    limit: usize,
}

impl Splitter {
    pub(super) fn new(ending: Ending, limit: usize) -> Self {
        Self {
            buffer: BytesMut::new(),
            scanned: 0,
            after_cr: false,
            ending,
            limit,
        }
    }

    pub(super) fn push(&mut self, piece: &[u8]) {
        self.buffer.extend_from_slice(piece);
    }

    /// Returns the next complete line, without its end.
    pub(super) fn next(&mut self) -> Result<Option<Bytes>, TooLong> {
        if self.after_cr && !self.buffer.is_empty() {
            if self.buffer[0] == b'\n' {
                self.buffer.advance(1);
            }
            self.after_cr = false;
        }
        let ends = |byte: &u8| match self.ending {
            Ending::Any => matches!(byte, b'\n' | b'\r'),
            Ending::Lf => *byte == b'\n',
            Ending::RecordSeparator => *byte == 0x1e,
        };
        let Some(found) = self.buffer[self.scanned..].iter().position(ends) else {
            self.scanned = self.buffer.len();
            return if self.scanned > self.limit {
                Err(TooLong)
            } else {
                Ok(None)
            };
        };
        let length = self.scanned + found;
        if length > self.limit {
            return Err(TooLong);
        }
        let line = self.buffer.split_to(length).freeze();
        self.after_cr = self.ending == Ending::Any && self.buffer[0] == b'\r';
        self.buffer.advance(1);
        self.scanned = 0;
        Ok(Some(line))
    }

    /// Returns the rest at the end of the body: a line without an end.
    pub(super) fn finish(&mut self) -> Option<Bytes> {
        self.scanned = 0;
        let rest = self.buffer.split().freeze();
        (!rest.is_empty()).then_some(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(ending: Ending, pieces: &[&str]) -> Vec<String> {
        let mut splitter = Splitter::new(ending, 100);
        let mut lines = Vec::new();
        for piece in pieces {
            splitter.push(piece.as_bytes());
            while let Some(line) = splitter.next().unwrap() {
                lines.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        lines.extend(
            splitter
                .finish()
                .map(|rest| format!("rest {}", String::from_utf8_lossy(&rest))),
        );
        lines
    }

    #[test]
    fn lines_end_with_lf_cr_or_both_wherever_the_pieces_are_cut() {
        for pieces in [
            &["a\nb\r\n\rc\n"][..],
            &["a", "\nb\r", "\n", "\rc\n"],
            &["a\n", "b", "\r\n\r", "c", "\n"],
        ] {
            assert_eq!(
                lines(Ending::Any, pieces),
                ["a", "b", "", "c"],
                "{pieces:?}"
            );
        }
    }

    #[test]
    fn a_line_without_an_end_is_the_rest() {
        assert_eq!(lines(Ending::Lf, &["1\n2"]), ["1", "rest 2"]);
        assert_eq!(lines(Ending::Lf, &["1\r\n"]), ["1\r"]);
        assert_eq!(
            lines(Ending::RecordSeparator, &["\u{1e}1\n\u{1e}2\n"]),
            ["", "1\n", "rest 2\n"]
        );
    }

    #[test]
    fn a_line_beyond_the_limit_is_refused_whether_it_is_complete_or_not() {
        for text in ["123456", "123456\n"] {
            let mut splitter = Splitter::new(Ending::Lf, 5);
            splitter.push(text.as_bytes());
            assert_eq!(splitter.next(), Err(TooLong));
        }
        let mut splitter = Splitter::new(Ending::Lf, 5);
        splitter.push(b"12345\n12345");
        assert_eq!(splitter.next().unwrap().unwrap(), "12345");
        assert_eq!(splitter.next(), Ok(None));
    }
}
