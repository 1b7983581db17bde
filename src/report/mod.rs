//! Reporters: one short file for each format. They see a report and nothing else.

pub mod concise;
pub mod github;
pub mod human;
pub mod json;
pub mod sarif;
