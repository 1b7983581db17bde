//! Where a person must agree before a job runs: the job itself waits for one, or a job before it does.

use super::Job;
use crate::fact::Field;
use std::collections::HashMap;

/// Of two answers the one that counts: a person who surely agrees, then one who may have to; of two alike the one that has a place.
pub(super) fn stronger(one: Field<bool>, other: &Field<bool>) -> Field<bool> {
    let more_exact = rank(other) == rank(&one) && one.at.is_none();
    if rank(other) > rank(&one) || more_exact { other.clone() } else { one }
}

fn rank(approval: &Field<bool>) -> u8 {
    match approval.value {
        Some(false) => 0,
        None => 1,
        Some(true) => 2,
    }
}

/// Whether a person agrees, for each job in order: what is known of the `whole` pipeline, of the job, and of those it waits for.
pub(super) fn of_jobs(jobs: &[Job<'_>], whole: &Field<bool>) -> Vec<Field<bool>> {
    let mut approvals: Vec<Field<bool>> = jobs.iter().map(|job| stronger(job.approval.clone(), whole)).collect();
    // A person who agrees to a step in the middle of a job has agreed to what comes after the job.
    let in_steps = |index: usize, start: &Field<bool>| {
        let steps = jobs.get(index).map(|job| job.steps.as_slice()).unwrap_or_default();
        steps.iter().fold(start.clone(), |approval, step| stronger(approval, &step.approval))
    };
    let mut jobs_of: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, job) in jobs.iter().enumerate() {
        jobs_of.entry(job.name).or_default().push(index);
    }
    let mut waiting: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, job) in jobs.iter().enumerate() {
        for need in &job.needs {
            if jobs_of.contains_key(need) {
                waiting.entry(need).or_default().push(index);
            } else if let Some(approval) = approvals.get_mut(index) {
                // The job that it waits for stands in another file.
                *approval = stronger(approval.clone(), &Field::default());
            }
        }
    }
    // What gates a job gates those that wait for it. Surer answers go first, so that each job is passed on once for each.
    for answer in [Some(true), None] {
        let is_known = |(index, approval): &(usize, &Field<bool>)| in_steps(*index, approval).value == answer;
        let mut ahead: Vec<usize> = approvals.iter().enumerate().filter(is_known).map(|(index, _)| index).collect();
        while let Some(index) = ahead.pop() {
            let Some((job, start)) = jobs.get(index).zip(approvals.get(index)) else { continue };
            let end = in_steps(index, start);
            for later in waiting.get(job.name).into_iter().flatten() {
                let Some(own) = approvals.get_mut(*later) else { continue };
                if rank(&end) > rank(own) {
                    *own = end.clone();
                    ahead.push(*later);
                }
            }
        }
    }
    approvals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn approvals(jobs: &[(&'static str, &[&'static str], Option<bool>)]) -> Vec<Option<bool>> {
        let jobs: Vec<Job<'_>> = jobs
            .iter()
            .map(|(name, needs, approval)| Job {
                needs: needs.to_vec(),
                approval: Field { value: *approval, at: None },
                ..Job::new(name)
            })
            .collect();
        of_jobs(&jobs, &false.into()).into_iter().map(|approval| approval.value).collect()
    }

    #[test]
    fn a_gate_holds_for_all_that_wait_for_it() {
        let chain: &[(_, &[_], _)] = &[
            ("deploy", &["stage"], Some(false)),
            ("stage", &["hold"], Some(false)),
            ("hold", &["build"], Some(true)),
            ("build", &[], Some(false)),
        ];
        assert_eq!(approvals(chain), [Some(true), Some(true), Some(true), Some(false)]);
    }

    #[test]
    fn what_is_not_known_stays_so() {
        let other_file: &[(_, &[_], _)] = &[("deploy", &["elsewhere"], Some(false))];
        assert_eq!(approvals(other_file), [None]);
        let both: &[(_, &[_], _)] =
            &[("a", &[], None), ("b", &[], Some(true)), ("c", &["a", "b"], Some(false)), ("d", &["a"], Some(false))];
        assert_eq!(approvals(both), [None, Some(true), Some(true), None]);
    }

    #[test]
    fn circles_end() {
        let circle: &[(_, &[_], _)] = &[("a", &["b"], None), ("b", &["a"], Some(false))];
        assert_eq!(approvals(circle), [None, None]);
    }
}
