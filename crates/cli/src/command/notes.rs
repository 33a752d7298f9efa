//! The notes in brackets after the description of a flag.

use specmill::dynamic::Bounds;

/// The bounds that are checked before a request is sent: `1 to 60`.
pub(super) fn bounds(bounds: &Bounds) -> Vec<String> {
    let mut notes = Vec::new();
    let (least, most) = (bounds.minimum, bounds.maximum);
    if bounds.exclusive_minimum || bounds.exclusive_maximum {
        let more = if bounds.exclusive_minimum {
            "more than"
        } else {
            "at least"
        };
        let less = if bounds.exclusive_maximum {
            "less than"
        } else {
            "at most"
        };
        let least = least.map(|least| format!("{more} {least}"));
        let most = most.map(|most| format!("{less} {most}"));
        let both: Vec<String> = [least, most].into_iter().flatten().collect();
        notes.extend((!both.is_empty()).then(|| both.join(", ")));
    } else {
        notes.extend(range(least, most));
    }
    let lengths = range(bounds.min_length, bounds.max_length);
    notes.extend(lengths.map(|range| format!("{range} characters")));
    let counts = range(bounds.min_items, bounds.max_items);
    notes.extend(counts.map(|range| format!("given {range} times")));
    notes
}

fn range<T: std::fmt::Display + PartialEq>(least: Option<T>, most: Option<T>) -> Option<String> {
    match (least, most) {
        (Some(least), Some(most)) if least == most => Some(format!("exactly {least}")),
        (Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (Some(least), None) => Some(format!("at least {least}")),
        (None, Some(most)) => Some(format!("at most {most}")),
        (None, None) => None,
    }
}

/// An example, as it would be passed.
pub(super) fn example(example: Option<&str>) -> Option<String> {
    example.map(|example| format!("example: {example}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_described_briefly() {
        let none = Bounds::NONE;
        for (given, told) in [
            (none, &[][..]),
            (
                Bounds {
                    minimum: Some(1.0),
                    maximum: Some(60.0),
                    ..none
                },
                &["1 to 60"],
            ),
            (
                Bounds {
                    minimum: Some(0.5),
                    ..none
                },
                &["at least 0.5"],
            ),
            (
                Bounds {
                    minimum: Some(0.0),
                    maximum: Some(1.0),
                    exclusive_minimum: true,
                    ..none
                },
                &["more than 0, at most 1"],
            ),
            (
                Bounds {
                    min_length: Some(32),
                    max_length: Some(32),
                    max_items: Some(5),
                    ..none
                },
                &["exactly 32 characters", "given at most 5 times"],
            ),
        ] {
            assert_eq!(bounds(&given), told);
        }
    }
}
