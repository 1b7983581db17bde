//! How far a long scan is, shown to whoever waits for it.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

/// How far a long scan is, on standard error when that is a terminal; nothing otherwise.
pub struct Progress {
    shown: bool,
    started: Instant,
}

/// A scan that is over before this shows no progress.
const PATIENCE: Duration = Duration::from_millis(700);

impl Progress {
    pub fn new() -> Self {
        Self { shown: io::stderr().is_terminal(), started: Instant::now() }
    }

    pub fn show(&self, done: usize, all: usize) {
        if self.shown && done.is_multiple_of(64) && self.started.elapsed() > PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[Kscanned {done} of {all} files");
        }
    }

    pub fn clear(&self) {
        if self.shown && self.started.elapsed() > PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
