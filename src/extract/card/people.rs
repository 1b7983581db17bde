//! Whether a model speaks to people or judges them, told from its task.

use super::words::Words;

/// Tasks of the hub whose output is put before people or decides about them.
const HUMAN_TASKS: &[&str] = &[
    "text-generation",
    "text2text-generation",
    "conversational",
    "summarization",
    "translation",
    "question-answering",
    "table-question-answering",
    "visual-question-answering",
    "document-question-answering",
    "text-classification",
    "zero-shot-classification",
    "token-classification",
    "automatic-speech-recognition",
    "text-to-speech",
    "text-to-audio",
    "text-to-image",
    "text-to-video",
    "image-text-to-text",
    "any-to-any",
    "image-to-text",
    "fill-mask",
    "audio-text-to-text",
    "video-text-to-text",
    "voice-activity-detection",
    "speech-translation",
];

/// Tasks of the hub that do not.
const OTHER_TASKS: &[&str] = &[
    "depth-estimation",
    "time-series-forecasting",
    "reinforcement-learning",
    "robotics",
    "mask-generation",
    "graph-ml",
    "keypoint-detection",
    "keypoint-matching",
    "image-to-3d",
    "text-to-3d",
];

/// Words of a description that show such a task.
const HUMAN_WORDS: &[&str] = &[
    "language model",
    "language models",
    "llm",
    "llms",
    "vlm",
    "chatbot",
    "chat bot",
    "chat model",
    "dialogue",
    "conversational",
    "assistant",
    "text generation",
    "speech recognition",
    "asr",
    "text to speech",
    "speech translation",
    "machine translation",
    "sentiment",
    "hate speech",
    "toxicity",
    "text to image",
    "image captioning",
    "face recognition",
    "facial recognition",
    "face detection",
    "face verification",
    "credit scoring",
    "credit risk",
    "credit default",
    "loan",
    "loans",
    "hiring",
    "recruitment",
    "recruiting",
    "job applicants",
    "candidate screening",
    "recruiters",
    "resume screening",
    "resume screener",
    "applicants",
    "borrowers",
    "defendants",
    "patients",
    "recidivism",
    "student performance",
    "insurance claims",
    "biometric",
];

/// Tasks of the hub whose models make or fill in text.
const LANGUAGE_TASKS: &[&str] = &[
    "text-generation",
    "text2text-generation",
    "conversational",
    "fill-mask",
    "summarization",
    "image-text-to-text",
    "audio-text-to-text",
    "video-text-to-text",
    "any-to-any",
];

/// Words of a description that show such a model.
const LANGUAGE_WORDS: &[&str] = &[
    "language model",
    "language models",
    "llm",
    "llms",
    "chat model",
    "chatbot",
    "language modeling",
    "language modelling",
];

/// Whether it is a language model; a stated task decides, or else the description.
pub(in crate::extract) fn is_language_model(pipeline: &str, tags: &[String], description: &str) -> Option<bool> {
    let tagged = tags.iter().any(|tag| LANGUAGE_TASKS.contains(&tag.as_str()));
    if LANGUAGE_TASKS.contains(&pipeline) || tagged {
        Some(true)
    } else if !pipeline.is_empty() {
        Some(false)
    } else {
        Words::of(description).have_any(LANGUAGE_WORDS).then_some(true)
    }
}

/// `Some` when the task of the hub, its tags or the description tell.
pub(in crate::extract) fn faces_people(pipeline: &str, tags: &[String], description: &str) -> Option<bool> {
    let is = |tasks: &[&str]| tasks.contains(&pipeline) || tags.iter().any(|tag| tasks.contains(&tag.as_str()));
    if is(HUMAN_TASKS) || Words::of(description).have_any(HUMAN_WORDS) {
        Some(true)
    } else if is(OTHER_TASKS) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_tells() {
        assert_eq!(faces_people("text-generation", &[], ""), Some(true));
        assert_eq!(faces_people("", &["translation".to_owned()], ""), Some(true));
        assert_eq!(faces_people("depth-estimation", &[], ""), Some(false));
        assert_eq!(is_language_model("", &[], "A large language model"), Some(true));
        let objective = "Pretrained on English using a causal language modeling (CLM) objective.";
        assert_eq!(is_language_model("", &[], objective), Some(true));
        assert_eq!(is_language_model("translation", &[], "A language model"), Some(false));
        assert_eq!(faces_people("", &[], "Models for automatic speech recognition (ASR)"), Some(true));
        assert_eq!(faces_people("image-classification", &[], "Classifies flowers"), None);
    }
}
