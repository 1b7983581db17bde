//! The threads of a run.

use crate::{Failure, Request};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::OnceLock;

/// How much stack a thread gets: deep but allowed input is walked by recursion in the parsers that we use.
const STACK_BYTES: usize = 64 << 20;

/// Does `work` on the threads of the run, which all that it does in parallel shares.
pub(crate) fn on_threads<T: Send>(request: &Request, work: impl FnOnce() -> T + Send) -> Result<T, Failure> {
    /// One for each processor, started once.
    static THREADS: OnceLock<ThreadPool> = OnceLock::new();
    let threads = || ThreadPoolBuilder::new().num_threads(request.threads.unwrap_or(0)).stack_size(STACK_BYTES).build();
    Ok(match (request.threads, THREADS.get()) {
        (Some(_), _) => threads()?.install(work),
        (None, Some(started)) => started.install(work),
        (None, None) => {
            let started = threads()?;
            THREADS.get_or_init(|| started).install(work)
        }
    })
}
