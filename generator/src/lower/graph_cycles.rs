//! Finds the nodes of a graph that are part of a cycle.

use std::collections::HashSet;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

/// Returns the nodes on a cycle, given the targets of each node.
///
/// The algorithm has an explicit stack, unlike `tarjan_scc`, because a path can be longer than the
/// thread's stack allows.
pub(super) fn members(targets: &[Vec<usize>]) -> HashSet<usize> {
    let mut graph = DiGraph::<(), (), usize>::default();
    for _ in targets {
        graph.add_node(());
    }
    for (node, targets) in targets.iter().enumerate() {
        for target in targets {
            graph.add_edge(NodeIndex::new(node), NodeIndex::new(*target), ());
        }
    }
    kosaraju_scc(&graph)
        .into_iter()
        .filter(|component| match component.as_slice() {
            [node] => graph.contains_edge(*node, *node),
            _ => true,
        })
        .flatten()
        .map(NodeIndex::index)
        .collect()
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
