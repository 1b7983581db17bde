//! The format `human`.
