//! Grows a tree from the parts that a parser meets one after the other, without recursion and within the limits.

use super::{DEPTH_LIMIT, Entry, Node, VALUE_LIMIT, Value};
use crate::source::Span;
use std::rc::Rc;
use thiserror::Error;

/// What kind of collection is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A [`Value::List`].
    List,
    /// A [`Value::Map`]: nodes come in turn as key and value.
    Map,
}

/// A finished part of the tree, and how many levels it has: shared parts (YAML aliases) could otherwise be stacked
/// beyond every limit without ever nesting in the text.
#[derive(Debug, Clone)]
pub struct Grown {
    /// The finished part.
    pub node: Node,
    /// Levels of lists and maps in it; 0 for a scalar.
    pub height: usize,
}

/// The tree would become larger than is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TooLarge {
    /// It would become deeper than [`DEPTH_LIMIT`].
    #[error("nested more than {DEPTH_LIMIT} levels deep; the rest is not assessed")]
    Depth,
    /// It would hold more than [`VALUE_LIMIT`].
    #[error("more than {VALUE_LIMIT} values; the rest is not assessed")]
    Values,
}

/// Grows trees. Whatever is still open when the parser gives up is closed by [`Builder::finish`] and kept.
#[derive(Debug, Default)]
pub struct Builder {
    roots: Vec<Node>,
    open: Vec<Open>,
    /// How many values were added.
    values: usize,
}

/// A list or map that is not closed yet.
#[derive(Debug)]
struct Open {
    contents: Contents,
    span: Span,
    height: usize,
}

#[derive(Debug)]
enum Contents {
    List(Vec<Node>),
    Map { entries: Vec<Entry>, key: Option<(Rc<str>, Span)> },
}

impl Builder {
    /// Opens a list or map that starts at this byte.
    ///
    /// # Errors
    ///
    /// When the limit is reached; nothing is opened then.
    pub fn open(&mut self, shape: Shape, start: usize) -> Result<(), TooLarge> {
        if self.open.len() >= DEPTH_LIMIT {
            return Err(TooLarge::Depth);
        }
        let contents = match shape {
            Shape::List => Contents::List(Vec::new()),
            Shape::Map => Contents::Map { entries: Vec::new(), key: None },
        };
        self.open.push(Open { contents, span: Span::empty(start), height: 1 });
        Ok(())
    }

    /// True when the next node is the key of a map.
    #[must_use]
    pub fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Open { contents: Contents::Map { key: None, .. }, .. }))
    }

    /// The key whose value comes next.
    #[must_use]
    pub fn pending_key(&self) -> Option<Span> {
        match &self.open.last()?.contents {
            Contents::Map { key, .. } => key.as_ref().map(|(_, span)| *span),
            Contents::List(_) => None,
        }
    }

    /// Sets the key whose value comes next.
    pub fn key(&mut self, text: Rc<str>, span: Span) {
        if let Some(Open { contents: Contents::Map { key, .. }, span: whole, .. }) = self.open.last_mut() {
            *key = Some((text, span));
            *whole = whole.cover(span);
        }
    }

    /// Adds a finished part: an item, the value of the pending key, or a root.
    ///
    /// # Errors
    ///
    /// When the part would reach beyond a limit here; it is left out then.
    pub fn add(&mut self, grown: Grown) -> Result<(), TooLarge> {
        if self.open.len() + grown.height > DEPTH_LIMIT {
            return Err(TooLarge::Depth);
        }
        if self.values >= VALUE_LIMIT {
            return Err(TooLarge::Values);
        }
        self.values += 1;
        self.attach(grown);
        Ok(())
    }

    fn attach(&mut self, Grown { node, height }: Grown) {
        let Some(open) = self.open.last_mut() else {
            self.roots.push(node);
            return;
        };
        open.height = open.height.max(height + 1);
        // An alias stands elsewhere in the file than what it shares; only its own place belongs to this collection.
        open.span = open.span.cover(node.span);
        match &mut open.contents {
            Contents::List(items) => items.push(node),
            Contents::Map { entries, key } => {
                if let Some((key, key_span)) = key.take() {
                    entries.push(Entry { key, key_span, node });
                }
            }
        }
    }

    /// Closes the innermost list or map and hands it over for [`Builder::add`]. `end` is where its closing bracket
    /// ends; without one it ends with its last part.
    pub fn close(&mut self, end: Option<usize>) -> Option<Grown> {
        let Open { contents, span, height } = self.open.pop()?;
        let value = match contents {
            Contents::List(items) => Value::List(items.into()),
            Contents::Map { mut entries, key } => {
                if let Some((key, key_span)) = key {
                    entries.push(Entry { key, key_span, node: Node::new(Span::empty(key_span.end), Value::Null) });
                }
                Value::Map(entries.into())
            }
        };
        let span = Span::new(span.start, end.unwrap_or(span.end));
        Some(Grown { node: Node::new(span, value), height })
    }

    /// Closes what is still open and hands over the roots.
    #[must_use]
    pub fn finish(mut self) -> Vec<Node> {
        // What is open was counted when it was opened, by depth, and holds what was added: it fits.
        while let Some(grown) = self.close(None) {
            self.attach(grown);
        }
        self.roots
    }
}

impl From<Node> for Grown {
    /// A scalar.
    fn from(node: Node) -> Self {
        Self { node, height: 0 }
    }
}
