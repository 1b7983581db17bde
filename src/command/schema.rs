//! `aimslint schema`.

use super::Trouble;
use super::output::print;
use aimslint::{PolicyBook, schema as printed};

pub fn run() -> Result<u8, Trouble> {
    print(&format!("{:#}\n", printed::schema(&PolicyBook::shipped()?)))
}
