//! The two syntaxes of Azure itself.

pub mod arm;
pub mod bicep;
#[cfg(test)]
mod tests;
