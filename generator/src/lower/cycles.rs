//! Finds the nodes of a graph that are part of a cycle.

use std::collections::HashSet;

/// Returns the nodes on a cycle, given the targets of each node.
///
/// They form the strongly connected components (Tarjan, 1972). An explicit stack is used, because a
/// path can be longer than the thread's stack allows.
pub(super) fn members(targets: &[Vec<usize>]) -> HashSet<usize> {
    const NEW: usize = usize::MAX;
    let mut order = vec![NEW; targets.len()];
    let mut lowest = order.clone();
    let mut is_open = vec![false; targets.len()];
    let mut open: Vec<usize> = Vec::new();
    let mut found = HashSet::new();
    let mut count = 0;
    for start in 0..targets.len() {
        if order.get(start) != Some(&NEW) {
            continue;
        }
        let mut stack = vec![(start, 0)];
        while let Some((node, edge)) = stack.last_mut() {
            let node = *node;
            let (Some(own), Some(edges)) = (order.get_mut(node), targets.get(node)) else {
                break;
            };
            if *own == NEW {
                *own = count;
                set(&mut lowest, node, count);
                set(&mut is_open, node, true);
                open.push(node);
                count += 1;
            }
            let next = edges.get(*edge).copied();
            *edge += 1;
            if let Some(next) = next {
                if order.get(next) == Some(&NEW) {
                    stack.push((next, 0));
                } else if is_open.get(next) == Some(&true) {
                    let reached = order.get(next).copied().unwrap_or_default();
                    lower(&mut lowest, node, reached);
                }
                continue;
            }
            stack.pop();
            let reached = lowest.get(node).copied().unwrap_or_default();
            if let Some((above, _)) = stack.last() {
                lower(&mut lowest, *above, reached);
            }
            if order.get(node) == Some(&reached) {
                let first = open.iter().rposition(|one| *one == node);
                let component = open.split_off(first.unwrap_or_default());
                for one in &component {
                    set(&mut is_open, *one, false);
                }
                if component.len() > 1 || edges.contains(&node) {
                    found.extend(component);
                }
            }
        }
    }
    found
}

fn set<T>(list: &mut [T], position: usize, value: T) {
    if let Some(place) = list.get_mut(position) {
        *place = value;
    }
}

fn lower(list: &mut [usize], position: usize, value: usize) {
    if let Some(place) = list.get_mut(position) {
        *place = (*place).min(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_nodes_on_cycles() {
        // 0 -> 1 -> 2 -> 1, 3 -> 3, 4 -> 0, 5 -> 6 -> 7 -> 5, 7 -> 8
        let targets = [
            vec![1],
            vec![2],
            vec![1],
            vec![3],
            vec![0],
            vec![6],
            vec![7],
            vec![8, 5],
            vec![],
        ];
        let expected = HashSet::from([1, 2, 3, 5, 6, 7]);
        assert_eq!(members(&targets), expected);
        assert_eq!(members(&[]), HashSet::new());
    }

    #[test]
    fn a_long_way_needs_no_deep_stack() {
        let mut targets: Vec<Vec<usize>> = (1..=300_000).map(|next| vec![next]).collect();
        targets.push(vec![]);
        assert_eq!(members(&targets).len(), 0);
        if let Some(last) = targets.last_mut() {
            last.push(0);
        }
        assert_eq!(members(&targets).len(), 300_001);
    }
}
