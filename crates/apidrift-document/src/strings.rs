//! Interned strings.

use std::collections::HashMap;

/// The number of a string in its table. Equal strings of a table have equal numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Symbol(pub(crate) u32);

#[derive(Debug, Default)]
pub(crate) struct Strings {
    text: String,
    spans: Vec<(u32, u32)>,
    /// From digest to symbol. If digests collide, the next one is tried.
    index: HashMap<u64, Symbol>,
}

impl Strings {
    pub(crate) fn intern(&mut self, value: &str, digest: u64) -> Symbol {
        let mut slot = digest;
        while let Some(&symbol) = self.index.get(&slot) {
            if self.get(symbol) == value {
                return symbol;
            }
            slot = slot.wrapping_add(1);
        }
        // The parsed text is limited to less than 4 GiB (`document::MAX_BYTES`), and this is a part of it.
        #[expect(clippy::cast_possible_truncation, reason = "bounded by the text read")]
        let (symbol, start) = (Symbol(self.spans.len() as u32), self.text.len() as u32);
        self.text.push_str(value);
        #[expect(clippy::cast_possible_truncation, reason = "bounded by the text read")]
        self.spans.push((start, self.text.len() as u32));
        self.index.insert(slot, symbol);
        symbol
    }

    pub(crate) fn get(&self, symbol: Symbol) -> &str {
        let (start, end) = self.spans[symbol.0 as usize];
        &self.text[start as usize..end as usize]
    }

    /// Frees the index, since no strings are added after parsing.
    pub(crate) fn finish(&mut self) {
        self.index = HashMap::new();
        self.text.shrink_to_fit();
        self.spans.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::Strings;

    #[test]
    fn equal_strings_are_stored_once_and_others_are_distinct_even_with_equal_digests() {
        let mut strings = Strings::default();
        let words = ["a", "bc", "", "d"];
        let all: Vec<_> = words
            .iter()
            .map(|word| strings.intern(word, u64::MAX))
            .collect();
        for (index, word) in words.iter().enumerate() {
            assert_eq!(strings.intern(word, u64::MAX), all[index]);
            assert_eq!(strings.get(all[index]), *word);
            assert!(!all[..index].contains(&all[index]));
        }
        strings.finish();
        assert_eq!(strings.get(all[1]), "bc");
    }
}
