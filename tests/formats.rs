//! The formats for people, editors, scripts and pull requests.

mod sample;

use aimslint::report::{Format, Options};
use sample::{typical, written};

#[test]
fn look() {
    let (_, report) = typical();
    for format in [Format::Human, Format::Concise, Format::Github] {
        println!("{}\n=======", written(format, &report, &Options::default()));
    }
}
