//! The format `json`.
