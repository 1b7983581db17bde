//! The format `sarif`.
