//! Model files in a form that can hold code, as the steps of a pipeline hand them on.

/// Endings of formats that are loaded by unpickling.
const ENDINGS: &[&str] = &[".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".dill", ".cloudpickle"];

/// True for a file name or glob of such a format.
pub(super) fn is_pickled(path: &str) -> bool {
    let path = path.trim().trim_end_matches(['"', '\'', ',']).to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending)) && !path.contains(char::is_whitespace)
}

/// Commands that copy their first arguments to the last one.
const COPIES: &[&str] = &[
    "aws s3 cp",
    "aws s3 mv",
    "aws s3 sync",
    "gsutil cp",
    "gsutil -m cp",
    "gcloud storage cp",
    "azcopy copy",
    "azcopy cp",
    "mc cp",
    "scp",
    "rclone copy",
];

/// Commands that send the files that they name.
const UPLOADS: &[&str] = &[
    "gh release upload",
    "gh release create",
    "glab release create",
    "hf upload",
    "huggingface-cli upload",
    "az storage blob upload",
    "az ml model create",
    "gcloud ai models upload",
];

/// Model files that a command sends somewhere; `program` is its words from the program on.
pub(super) fn sent<'a>(program: &[&'a str]) -> Vec<&'a str> {
    let starts = |known: &&str| {
        let mut words = program.iter();
        known.split(' ').all(|word| words.next() == Some(&word))
    };
    let copies = COPIES.iter().any(&starts);
    if !copies && !UPLOADS.iter().any(starts) {
        return Vec::new();
    }
    let mut words: Vec<&str> = program.to_vec();
    if copies {
        // Copied here from elsewhere is no release.
        let Some(target) = words.iter().rposition(|word| !word.starts_with('-')) else { return Vec::new() };
        let is_elsewhere = words.get(target).is_some_and(|target| target.contains(':') || target.starts_with('$'));
        words.truncate(if is_elsewhere { target } else { 0 });
    }
    words.retain(|word| is_pickled(word) && !word.contains("://"));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_told_from_what_is_fetched() {
        assert_eq!(sent(&["aws", "s3", "cp", "out/model.pkl", "s3://bucket/x/"]), ["out/model.pkl"]);
        assert_eq!(sent(&["aws", "s3", "cp", "model.joblib", "$TARGET", "--quiet"]), ["model.joblib"]);
        assert_eq!(sent(&["aws", "s3", "cp", "s3://bucket/model.pkl", "model.pkl"]), [""; 0]);
        assert_eq!(sent(&["gh", "release", "upload", "v1", "model.pt"]), ["model.pt"]);
        assert_eq!(sent(&["cat", "model.pkl"]), [""; 0]);
        assert_eq!(sent(&["hf", "upload", "org/name", "model.safetensors"]), [""; 0]);
    }
}
