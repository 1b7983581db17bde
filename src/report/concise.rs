//! The format `concise`.
