//! aimslint.
pub mod catalogue;
pub mod document;
pub mod extract;
pub mod fact;
pub mod finding;
pub mod interest;
pub mod parse;
pub mod report;
pub mod servers;
pub mod shell;
pub mod source;
pub mod tree;
