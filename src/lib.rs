//! aimslint.
pub mod catalogue;
pub mod document;
pub mod extract;
pub mod fact;
pub mod finding;
pub mod fingerprint;
pub mod interest;
pub mod locate;
pub mod parse;
pub mod policy;
pub mod problem;
pub mod report;
pub mod servers;
pub mod shell;
pub mod source;
pub mod table;
pub mod tree;
