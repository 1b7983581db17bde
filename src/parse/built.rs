//! Reads the JSON that the build makes of the TOML of rules and catalogues: no places, because it holds no faults.

use crate::document::{Document, Entry, Fault, Faults, Node, Value};
use crate::source::Span;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::rc::Rc;

/// Reads what `build.rs` wrote.
#[must_use]
pub fn parse(text: &str) -> Document {
    match serde_json::from_str::<Tree>(text) {
        Ok(Tree(root)) => Document { roots: vec![root], faults: Faults::default() },
        Err(error) => Document { roots: Vec::new(), faults: Fault::new(Span::default(), error.to_string()).into() },
    }
}

struct Tree(Node);

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

/// The key of a map.
struct Key(Rc<str>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a key")
            }

            fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
                Ok(Key(key.into()))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct TreeVisitor;

fn tree(value: Value) -> Tree {
    Tree(Node::new(Span::default(), value))
}

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("what TOML can hold")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Tree, E> {
        Ok(tree(Value::Bool(value)))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Tree, E> {
        Ok(tree(Value::Number(value.to_string().into())))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
        Ok(tree(Value::Number(value.to_string().into())))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Tree, E> {
        Ok(tree(Value::Number(value.to_string().into())))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
        Ok(tree(Value::Text(value.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Tree(node)) = items.next_element()? {
            nodes.push(node);
        }
        Ok(tree(Value::List(nodes.into())))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some((Key(key), Tree(node))) = map.next_entry()? {
            entries.push(Entry { key, key_span: Span::default(), node });
        }
        Ok(tree(Value::Map(entries.into())))
    }
}
