//! The stack and memo of a pickle, followed only for names, numbers and the arrays of joblib; everything else is one value.

use super::super::Limits;
use super::super::bytes::{Outcome, Unread};
use foldhash::{HashMap, HashMapExt as _};
use std::rc::Rc;

/// A value on the stack. None holds another that holds more, so that dropping one never recurses.
#[derive(Debug, Clone)]
pub(super) enum Value {
    Mark,
    /// A text that can be a name in Python, or a type of `NumPy`.
    Text(Rc<str>),
    Number(i64),
    /// A tuple of texts and numbers.
    Tuple(Rc<[Value]>),
    /// Entries whose values are texts, numbers, tuples and types.
    Dict(Rc<Vec<(Rc<str>, Value)>>),
    /// `numpy.dtype` or the class that joblib writes in place of an array.
    DtypeClass,
    ArrayClass,
    /// A type of `NumPy`, as in `f8`.
    Dtype(Rc<str>),
    /// joblib's stand-in for an array that follows once its state is known.
    ArrayObject,
    /// Anything else.
    Other,
}

/// How many items of a tuple, and entries of a dictionary, are kept.
const KEPT_ITEMS: usize = 32;

impl Value {
    /// A text, where it can be a name: anything else is never asked for.
    pub(super) fn text(text: &str) -> Self {
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '<' | '>' | '|' | '=');
        if text.chars().all(is_of_name) { Self::Text(text.into()) } else { Self::Other }
    }

    pub(super) fn of_import(module: &str, name: &str) -> Self {
        match (module, name) {
            ("numpy", "dtype") => Self::DtypeClass,
            ("joblib.numpy_pickle", "NumpyArrayWrapper") => Self::ArrayClass,
            _ => Self::Other,
        }
    }

    pub(super) fn empty_dict() -> Self {
        Self::Dict(Rc::new(Vec::new()))
    }

    pub(super) fn empty_tuple() -> Self {
        Self::Tuple(Rc::new([]))
    }

    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.to_string()),
            _ => None,
        }
    }

    /// The value within a tuple: only texts and numbers are kept.
    fn flat(self) -> Self {
        match self {
            Self::Text(_) | Self::Number(_) => self,
            _ => Self::Other,
        }
    }
}

/// An array of joblib whose data follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Array {
    /// So many bytes; before them, when aligned, one byte that says how many to leave out.
    Plain { bytes: u64, aligned: bool },
    /// Another pickle.
    Objects,
    /// Its state is not what joblib writes.
    Unclear,
}

/// The stack and the memo.
#[derive(Debug)]
pub(super) struct Machine {
    stack: Vec<Value>,
    memo: HashMap<u64, Value>,
    array: Option<Array>,
    limit: usize,
}

impl Machine {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { stack: Vec::new(), memo: HashMap::new(), array: None, limit: limits.values }
    }

    pub(super) fn push(&mut self, value: Value) -> Outcome<()> {
        self.check(self.stack.len())?;
        self.stack.push(value);
        Ok(())
    }

    fn check(&self, count: usize) -> Outcome<()> {
        if count < self.limit { Ok(()) } else { Err(Unread::Limit(format!("{} values at once", self.limit))) }
    }

    /// The top value; of an empty stack nothing is known. A broken stack cannot be loaded, but it can hide names.
    pub(super) fn pop(&mut self) -> Value {
        self.stack.pop().unwrap_or(Value::Other)
    }

    pub(super) fn duplicate(&mut self) -> Outcome<()> {
        let top = self.stack.last().cloned().unwrap_or(Value::Other);
        self.push(top)
    }

    pub(super) fn pop_to_mark(&mut self) {
        self.items_to_mark();
    }

    /// The last values above the mark, in order; the mark goes too.
    fn items_to_mark(&mut self) -> Vec<Value> {
        let mark = self.stack.iter().rposition(|value| matches!(value, Value::Mark)).unwrap_or(0);
        let items = self.stack.split_off(mark);
        items.into_iter().skip(1).collect()
    }

    pub(super) fn tuple_to_mark(&mut self) -> Outcome<()> {
        let items = self.items_to_mark();
        self.push_tuple(items)
    }

    /// Makes a tuple of the last `count` values.
    pub(super) fn tuple(&mut self, count: usize) -> Outcome<()> {
        let items = self.stack.split_off(self.stack.len().saturating_sub(count));
        self.push_tuple(items)
    }

    fn push_tuple(&mut self, items: Vec<Value>) -> Outcome<()> {
        let value = if items.len() <= KEPT_ITEMS {
            Value::Tuple(items.into_iter().map(Value::flat).collect())
        } else {
            Value::Other
        };
        self.push(value)
    }

    pub(super) fn set_item(&mut self) {
        let value = self.pop();
        let key = self.pop();
        self.update(vec![key, value]);
    }

    pub(super) fn set_items(&mut self) {
        let items = self.items_to_mark();
        self.update(items);
    }

    fn update(&mut self, items: Vec<Value>) {
        let Some(top) = self.stack.last_mut() else { return };
        let Value::Dict(entries) = top else { return };
        let entries = Rc::make_mut(entries);
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            let kept = matches!(value, Value::Text(_) | Value::Number(_) | Value::Tuple(_) | Value::Dtype(_));
            if let (Value::Text(key), true) = (key, kept) {
                entries.push((key, value));
            }
        }
        // The state of an array has seven entries: what has more is a dictionary of the user's.
        if entries.len() > KEPT_ITEMS {
            *top = Value::Other;
        }
    }

    pub(super) fn reduce(&mut self) -> Outcome<()> {
        let arguments = self.pop();
        let callable = self.pop();
        let value = match (callable, arguments) {
            (Value::DtypeClass, Value::Tuple(items)) => match items.first() {
                Some(Value::Text(name)) => Value::Dtype(Rc::clone(name)),
                _ => Value::Other,
            },
            (Value::ArrayClass, _) => Value::ArrayObject,
            _ => Value::Other,
        };
        self.push(value)
    }

    pub(super) fn new_object(&mut self) -> Outcome<()> {
        self.reduce()
    }

    pub(super) fn build(&mut self) {
        let state = self.pop();
        if matches!(self.stack.last(), Some(Value::ArrayObject)) {
            self.array = Some(array_of(&state));
        }
    }

    /// The array of joblib whose data stands next, told once.
    pub(super) fn take_array(&mut self) -> Option<Array> {
        self.array.take()
    }

    pub(super) fn recall(&mut self, index: u64) -> Outcome<()> {
        let value = self.memo.get(&index).cloned().unwrap_or(Value::Other);
        self.push(value)
    }

    pub(super) fn remember(&mut self, index: u64) -> Outcome<()> {
        let top = self.stack.last().cloned().unwrap_or(Value::Other);
        self.check(self.memo.len())?;
        self.memo.insert(index, top);
        Ok(())
    }

    pub(super) fn remember_next(&mut self) -> Outcome<()> {
        self.remember(self.memo.len() as u64)
    }
}

/// What follows an array's state.
fn array_of(state: &Value) -> Array {
    let Value::Dict(entries) = state else { return Array::Unclear };
    let get = |key: &str| entries.iter().rev().find(|(name, _)| &**name == key).map(|(_, value)| value);
    let (Some(Value::Tuple(shape)), Some(Value::Dtype(dtype))) = (get("shape"), get("dtype")) else {
        return Array::Unclear;
    };
    if dtype.starts_with('O') {
        return Array::Objects;
    }
    let aligned = matches!(get("numpy_array_alignment_bytes"), Some(Value::Number(_)));
    let item = item_size(dtype);
    let bytes = shape.iter().try_fold(item, |bytes, dimension| match dimension {
        Value::Number(number) => bytes?.checked_mul(u64::try_from(*number).ok()?).map(Some),
        _ => None,
    });
    bytes.flatten().map_or(Array::Unclear, |bytes| Array::Plain { bytes, aligned })
}

/// Bytes of one item of a type of `NumPy`: `f8` is 8, `U3` is twelve.
fn item_size(dtype: &str) -> Option<u64> {
    let dtype = dtype.trim_start_matches(['<', '>', '|', '=']);
    let mut letters = dtype.chars();
    let kind = letters.next()?;
    let count: u64 = letters.as_str().parse().ok()?;
    match kind {
        'U' => count.checked_mul(4),
        'b' | 'i' | 'u' | 'f' | 'c' | 'S' | 'V' | 'M' | 'm' => Some(count),
        _ => None,
    }
}
