//! Pairs the entries of two lists, in time linear in their lengths.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// The unpaired entries of the older list, those of the newer one, and the pairs.
pub(super) type Paired<T> = (Vec<T>, Vec<T>, Vec<(T, T)>);

/// Pairs entries with equal keys in order. Entries without a key stay unpaired.
pub(super) fn by_key<T, K: Hash + Eq>(
    old: Vec<T>,
    new: Vec<T>,
    old_key: impl Fn(&T) -> Option<K>,
    new_key: impl Fn(&T) -> Option<K>,
) -> Paired<T> {
    let mut open: HashMap<K, VecDeque<usize>> = HashMap::new();
    for (index, member) in new.iter().enumerate() {
        if let Some(key) = new_key(member) {
            open.entry(key).or_default().push_back(index);
        }
    }
    let mut new: Vec<Option<T>> = new.into_iter().map(Some).collect();
    let (mut gone, mut pairs) = (Vec::new(), Vec::new());
    for member in old {
        let index = old_key(&member).and_then(|key| open.get_mut(&key)?.pop_front());
        match index.and_then(|index| new[index].take()) {
            Some(other) => pairs.push((member, other)),
            None => gone.push(member),
        }
    }
    (gone, new.into_iter().flatten().collect(), pairs)
}

/// Pairs entries that `fit`, in order. Compares every pair, so it is for short lists.
pub(super) fn by_fit<T>(old: Vec<T>, mut new: Vec<T>, fit: impl Fn(&T, &T) -> bool) -> Paired<T> {
    let (mut gone, mut pairs) = (Vec::new(), Vec::new());
    for member in old {
        match new.iter().position(|other| fit(&member, other)) {
            Some(index) => {
                let other = new.remove(index);
                pairs.push((member, other));
            }
            None => gone.push(member),
        }
    }
    (gone, new, pairs)
}

#[cfg(test)]
mod tests {
    use super::{by_fit, by_key};

    #[test]
    fn equal_keys_are_paired_in_order_and_the_rest_is_returned() {
        let key = |text: &&str| (!text.is_empty()).then(|| text.to_lowercase());
        let paired = by_key(vec!["a", "", "b", "A"], vec!["", "A", "c", "a"], key, key);
        assert_eq!(
            paired,
            (vec!["", "b"], vec!["", "c"], vec![("a", "A"), ("A", "a")])
        );
    }

    #[test]
    fn the_first_match_is_taken() {
        let paired = by_fit(vec![1, 2, 9], vec![3, 2, 4], |old, new| new - old == 1);
        assert_eq!(paired, (vec![9], vec![4], vec![(1, 2), (2, 3)]));
    }
}
