//! Walks through schemas. None of them recurses, and all of them end if schemas contain themselves.

use std::collections::{HashSet, VecDeque};

use super::applicator::{Applicator, Keywords};
use super::model::SchemaKey;
use super::node::{Nodes, SchemaNode};
use super::view::SchemaView;

/// A walk through schemas and their subschemas, each schema before its subschemas.
///
/// It follows references, and enters each schema once. It continues below a schema with the
/// subschemas of its keywords, and with those that the caller adds by [`enter`](Self::enter).
#[derive(Debug)]
pub struct Walk<'a> {
    /// The schemas to enter, each with its level: the number of schemas around it.
    queue: VecDeque<(SchemaNode<'a>, usize)>,
    /// The schemas that were entered, and the references that were followed.
    entered: HashSet<SchemaKey>,
    /// The schema that was entered last, until its subschemas are in the queue.
    last: Option<SchemaView<'a>>,
    /// The level of the schema that was entered last.
    level: usize,
    keywords: &'static [Applicator],
    is_breadth_first: bool,
    is_inline: bool,
    most_levels: usize,
}

impl<'a> Walk<'a> {
    /// Starts a walk at some schemas, in order. It enters the subschemas of some keywords in the
    /// order of the keywords.
    pub fn new(
        start: impl IntoIterator<Item = SchemaNode<'a>>,
        keywords: &'static [Applicator],
    ) -> Self {
        Self {
            queue: start.into_iter().map(|node| (node, 0)).collect(),
            entered: HashSet::new(),
            last: None,
            level: 0,
            keywords,
            is_breadth_first: false,
            is_inline: false,
            most_levels: usize::MAX,
        }
    }

    /// Enters the schemas of a level before those of the next one.
    #[must_use]
    pub fn breadth_first(self) -> Self {
        Self {
            is_breadth_first: true,
            ..self
        }
    }

    /// Does not follow references.
    #[must_use]
    pub fn inline(self) -> Self {
        Self {
            is_inline: true,
            ..self
        }
    }

    /// Enters at most this number of levels below the first schemas.
    #[must_use]
    pub fn up_to(self, most_levels: usize) -> Self {
        Self {
            most_levels,
            ..self
        }
    }

    /// Does not enter some schemas.
    #[must_use]
    pub fn without(mut self, views: &[SchemaView<'a>]) -> Self {
        self.entered.extend(views.iter().map(SchemaView::key));
        self
    }

    /// Continues with more schemas, in order, below the schema that was entered last.
    pub fn enter<N>(&mut self, nodes: N)
    where
        N: IntoIterator<Item = SchemaNode<'a>, IntoIter: DoubleEndedIterator>,
    {
        if self.level >= self.most_levels {
            return;
        }
        let level = self.level + 1;
        let nodes = nodes.into_iter().map(|node| (node, level));
        if self.is_breadth_first {
            self.queue.extend(nodes);
        } else {
            nodes.rev().for_each(|node| self.queue.push_front(node));
        }
    }

    /// Returns all schemas of the walk, each after its subschemas.
    #[must_use]
    pub fn inside_out(mut self) -> Vec<SchemaView<'a>> {
        let mut found = Vec::new();
        // The schemas around the one that was entered last, each with its level.
        let mut around: Vec<(SchemaView<'a>, usize)> = Vec::new();
        while let Some(view) = self.next() {
            while let Some((outer, _)) = around.pop_if(|(_, level)| *level >= self.level) {
                found.push(outer);
            }
            around.push((view, self.level));
        }
        found.extend(around.into_iter().rev().map(|(view, _)| view));
        found
    }

    /// Follows references, each once, since a chain of them may be long.
    fn follow(&mut self, mut node: SchemaNode<'a>) -> Option<SchemaView<'a>> {
        while let Some(link) = node.link() {
            if self.is_inline || !self.entered.insert(node.key()) {
                return None;
            }
            node = node.document.schema(link.target.as_ref()?)?;
        }
        Some(SchemaView::new(node))
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = SchemaView<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(last) = self.last.take() {
            self.enter(last.subschemas(self.keywords));
        }
        while let Some((node, level)) = self.queue.pop_front() {
            if let Some(view) = self.follow(node)
                && self.entered.insert(view.key())
            {
                self.level = level;
                self.last = Some(view.clone());
                return Some(view);
            }
        }
        None
    }
}

impl<'a> SchemaView<'a> {
    /// Starts a walk at this schema.
    #[must_use]
    pub fn walk(&self, keywords: &'static [Applicator]) -> Walk<'a> {
        Walk::new([self.node()], keywords)
    }

    /// Returns the subschemas of some keywords, in the order of the keywords.
    ///
    /// The branches are those of [`all_of`](Self::all_of), [`one_of`](Self::one_of) and
    /// [`any_of`](Self::any_of). The schemas of other properties and items are left out if they
    /// allow any value or none.
    #[must_use]
    pub fn subschemas(&self, keywords: &[Applicator]) -> Nodes<'a> {
        let own = Keywords {
            whole: self.whole(),
            string: self.string(),
            array: self.array(),
            object: self.object(),
        };
        let mut nodes = Vec::new();
        let mut ids = Vec::new();
        for keyword in keywords {
            match keyword {
                Applicator::AllOf => nodes.extend(self.all_of()),
                Applicator::OneOf => nodes.extend(self.one_of()),
                Applicator::AnyOf => nodes.extend(self.any_of()),
                Applicator::AdditionalProperties => {
                    nodes.extend(self.additional_properties().schema());
                }
                Applicator::UnevaluatedProperties => {
                    nodes.extend(self.unevaluated_properties().schema());
                }
                Applicator::Items => nodes.extend(self.items().schema()),
                Applicator::UnevaluatedItems => nodes.extend(self.unevaluated_items().schema()),
                _ => {
                    own.add_subschemas(*keyword, &mut ids);
                    nodes.extend(self.nodes(&ids));
                    ids.clear();
                }
            }
        }
        nodes
    }
}
