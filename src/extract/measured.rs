//! Facts from files that an evaluation writes, such as `metrics.json`: `measured-metric`.

use crate::document::{Document, Value};
use crate::fact::{Facts, Field, MeasuredMetric};

/// How many values of one file are looked at.
const NODE_LIMIT: usize = 10_000;

/// Sees each figure, whatever it is nested in.
pub fn extract(parsed: &Document, facts: &mut Facts) {
    for root in &parsed.roots {
        root.walk(NODE_LIMIT, &mut |node, entry| {
            let (Value::Number(value), Some(entry)) = (&node.value, entry) else { return };
            let fact = MeasuredMetric {
                name: Field::found(&*entry.key, entry.key_span),
                value: Field::found(&**value, node.span),
                ..MeasuredMetric::default()
            };
            facts.add(&*entry.key, node.span, fact);
        });
    }
}
