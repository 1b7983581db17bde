//! What was read of a model file: its format, what loading it would import or reach, and the template it brings.

use crate::source::{Span, file_name};

/// A model file, a file that stands for one, or an archive that holds some. Nothing of it was loaded.
#[derive(Debug, Default)]
pub struct ModelFile {
    /// How it is written; `None` for a pointer whose name says nothing.
    pub format: Option<ModelFormat>,
    /// Its size in bytes; of a pointer the size of what it points at.
    pub bytes: u64,
    /// What loading it would import from Python, each name once.
    pub imports: Vec<PickleImport>,
    /// A pickle is in it, at whatever depth.
    pub holds_pickle: bool,
    /// Layers of Keras that hold Python code of their own.
    pub lambda_layers: Vec<String>,
    /// Operations of a TensorFlow graph that read or write files when the graph runs.
    pub file_operations: Vec<String>,
    /// Paths outside of the model's folder that using the model opens.
    pub outside_paths: Vec<String>,
    /// Chat templates that it brings.
    pub chat_templates: Vec<ChatTemplate>,
    /// It only stands for a file that lies elsewhere.
    pub pointer: Option<Pointer>,
    /// What could not be read, in words.
    pub unread: Vec<String>,
}

/// The format of a model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelFormat {
    /// A Python pickle, alone or several in a row; the old format of `PyTorch` too.
    Pickle,
    /// A pickle with arrays in between, as joblib writes it.
    Joblib,
    /// The zip archive that `torch.save` writes.
    Torch,
    /// Safetensors.
    Safetensors,
    /// GGUF of llama.cpp.
    Gguf,
    /// ONNX.
    Onnx,
    /// HDF5, in which Keras and others keep weights.
    Hdf5,
    /// The zip archive that Keras 3 writes.
    Keras,
    /// TensorFlow Lite.
    TfLite,
    /// A graph of TensorFlow: `saved_model.pb`.
    SavedModel,
    /// One array of `NumPy`.
    Numpy,
    /// A zip archive of `NumPy` arrays.
    NumpyArchive,
    /// The zip archive that skops writes.
    Skops,
    /// An archive with model files among others.
    Archive,
}

impl ModelFormat {
    /// The format that a path says; `None` for a name that is not a model's alone.
    #[must_use]
    pub fn of_name(path: &str) -> Option<Self> {
        Some(match extension(path).as_str() {
            "pkl" | "pickle" | "dill" | "cloudpickle" | "pdparams" => Self::Pickle,
            "joblib" => Self::Joblib,
            "pt" | "pth" | "ckpt" => Self::Torch,
            "bin" if file_name(path).starts_with("pytorch_model") => Self::Torch,
            "safetensors" => Self::Safetensors,
            "gguf" => Self::Gguf,
            "onnx" => Self::Onnx,
            "h5" => Self::Hdf5,
            "keras" => Self::Keras,
            "tflite" => Self::TfLite,
            "pb" if file_name(path) == "saved_model.pb" => Self::SavedModel,
            "npy" => Self::Numpy,
            "npz" => Self::NumpyArchive,
            "skops" => Self::Skops,
            _ => return None,
        })
    }

    /// The word for it in facts.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pickle => "pickle",
            Self::Joblib => "joblib",
            Self::Torch => "torch",
            Self::Safetensors => "safetensors",
            Self::Gguf => "gguf",
            Self::Onnx => "onnx",
            Self::Hdf5 => "hdf5",
            Self::Keras => "keras",
            Self::TfLite => "tflite",
            Self::SavedModel => "saved-model",
            Self::Numpy => "numpy",
            Self::NumpyArchive => "numpy-archive",
            Self::Skops => "skops",
            Self::Archive => "archive",
        }
    }
}

/// What stands behind the last `.` of a file's name, in lower case.
#[must_use]
pub fn extension(path: &str) -> String {
    file_name(path).rsplit_once('.').map_or(String::new(), |(_, extension)| extension.to_ascii_lowercase())
}

/// One Python name that loading a pickle would import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickleImport {
    /// The module; empty when the names are computed while it is loaded.
    pub module: String,
    /// The name in the module; with dots for an attribute of it. Empty when it is computed.
    pub name: String,
    /// Byte of the pickle at which it is first imported.
    pub offset: u64,
    /// Path within the archive; empty for a file that is none.
    pub member: String,
}

impl PickleImport {
    /// The names are put together while the pickle is loaded, as no tool that writes pickles does.
    #[must_use]
    pub fn is_computed(&self) -> bool {
        self.module.is_empty()
    }
}

/// A chat template: a program in Jinja that runs with every request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatTemplate {
    /// Its name, where the file holds several; empty for the only one.
    pub name: String,
    /// Its source.
    pub text: String,
    /// Where it stands; `None` in a binary file.
    pub at: Option<Span>,
}

/// A small text that stands for a large file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// Who reads it.
    pub kind: PointerKind,
    /// The checksum it holds, as `sha256:…` or `md5:…`; empty for none.
    pub hash: String,
}

/// Whose pointer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PointerKind {
    /// Git LFS.
    Lfs,
    /// DVC.
    Dvc,
}
