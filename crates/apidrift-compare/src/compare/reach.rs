//! Finds the operations that each unit affects.

use super::{Part, Unit};

/// For each unit its component of the graph, and for each component its operations as bits.
pub(super) struct Reached {
    component: Vec<u32>,
    bits: Vec<Vec<u64>>,
}

impl Reached {
    /// The operations of each unit in `asked`. Units in a cycle share one set, so the work is linear in the number of links;
    /// sets that are no longer needed are freed.
    pub(super) fn new(
        units: &[Unit],
        edges: &[(u32, u32)],
        operations: usize,
        asked: impl Iterator<Item = u32>,
    ) -> Self {
        let children = adjacency(units.len(), edges);
        let (component, count) = components(&children);
        let group = |unit: u32| component[unit as usize] as usize;
        let mut is_asked = vec![false; count];
        for unit in asked {
            is_asked[group(unit)] = true;
        }
        // Components are numbered children first.
        let mut members: Vec<u32> = (0u32..).take(units.len()).collect();
        members.sort_unstable_by_key(|&unit| group(unit));
        let mut leads = is_asked.clone();
        for &unit in &members {
            let found = children.of(unit).iter().any(|&child| leads[group(child)]);
            leads[group(unit)] |= found;
        }
        let words = operations.div_ceil(64);
        let mut bits: Vec<Vec<u64>> = vec![Vec::new(); count];
        for (number, unit) in (0u32..).zip(units) {
            if let Part::Operation(index, _) = unit.part
                && leads[group(number)]
            {
                let set = &mut bits[group(number)];
                set.resize(words, 0);
                set[index as usize / 64] |= 1 << (index % 64);
            }
        }
        // In descending order, every parent comes before its children.
        let mut rest = members.as_slice();
        while let Some(&last) = rest.last() {
            let from = group(last);
            let start = rest.partition_point(|&unit| group(unit) < from);
            let set = std::mem::take(&mut bits[from]);
            let inside = rest[start..].iter().filter(|_| !set.is_empty());
            for &child in inside.flat_map(|&unit| children.of(unit)) {
                let to = group(child);
                if to != from && leads[to] {
                    merge(&mut bits[to], &set);
                }
            }
            if is_asked[from] {
                bits[from] = set;
            }
            rest = &rest[..start];
        }
        Self { component, bits }
    }

    pub(super) fn of(&self, unit: u32) -> &[u64] {
        &self.bits[self.component[unit as usize] as usize]
    }
}

fn merge(into: &mut Vec<u64>, from: &[u64]) {
    into.resize(from.len(), 0);
    for (into, from) in into.iter_mut().zip(from) {
        *into |= from;
    }
}

struct Adjacency {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Adjacency {
    fn of(&self, unit: u32) -> &[u32] {
        let (start, end) = (self.starts[unit as usize], self.starts[unit as usize + 1]);
        &self.targets[start as usize..end as usize]
    }
}

fn adjacency(units: usize, edges: &[(u32, u32)]) -> Adjacency {
    let mut edges = edges.to_vec();
    edges.sort_unstable();
    edges.dedup();
    let mut starts = vec![0u32; units + 1];
    for &(from, _) in &edges {
        starts[from as usize + 1] += 1;
    }
    for unit in 0..units {
        starts[unit + 1] += starts[unit];
    }
    Adjacency {
        starts,
        targets: edges.into_iter().map(|(_, to)| to).collect(),
    }
}

/// Strongly connected components by Tarjan's algorithm, without recursion.
fn components(children: &Adjacency) -> (Vec<u32>, usize) {
    const UNSEEN: u32 = u32::MAX;
    let units = children.starts.len() - 1;
    let (mut order, mut low) = (vec![UNSEEN; units], vec![0u32; units]);
    let (mut component, mut count) = (vec![UNSEEN; units], 0u32);
    let (mut open, mut path) = (Vec::new(), Vec::new());
    let mut clock = 0u32;
    for root in (0u32..).take(units) {
        if order[root as usize] != UNSEEN {
            continue;
        }
        path.push((root, 0usize));
        while let Some(&mut (unit, ref mut next)) = path.last_mut() {
            let here = unit as usize;
            if *next == 0 {
                order[here] = clock;
                low[here] = clock;
                clock += 1;
                open.push(unit);
            }
            if let Some(&child) = children.of(unit).get(*next) {
                *next += 1;
                let there = child as usize;
                if order[there] == UNSEEN {
                    path.push((child, 0));
                } else if component[there] == UNSEEN {
                    low[here] = low[here].min(order[there]);
                }
                continue;
            }
            path.pop();
            if let Some(&(parent, _)) = path.last() {
                low[parent as usize] = low[parent as usize].min(low[here]);
            }
            if low[here] == order[here] {
                while let Some(member) = open.pop() {
                    component[member as usize] = count;
                    if member == unit {
                        break;
                    }
                }
                count += 1;
            }
        }
    }
    (component, count as usize)
}
