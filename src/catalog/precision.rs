//! Number formats of weights. It must not know chips.

use super::{Generation, Model, Rack};
use serde::{Deserialize, Serialize};

/// Format in which most weights of a model are held, by bits per weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Precision {
    /// 16 bits.
    Bf16,
    /// 8 bits, floating point.
    Fp8,
    /// 4 bits, floating point with shared scales (NVFP4, MXFP4).
    Fp4,
    /// 4 bits, integer.
    Int4,
}

/// In what precision a model is usually served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsualPrecision {
    /// On chips without FP4 units.
    pub hopper: Precision,
    /// On chips with them.
    pub blackwell: Precision,
}

impl Model {
    /// The precision that it is usually served in on a rack's chip; 16 bits where the
    /// catalogue names none. Chips of other makers go by whether they have units for FP4.
    pub fn usual_precision_on(&self, rack: &Rack) -> Precision {
        self.usual_precision.map_or(Precision::Bf16, |usual| match rack.generation {
            Generation::Hopper => usual.hopper,
            Generation::Other if rack.chip.fp4_tflops.get().is_none() => usual.hopper,
            _ => usual.blackwell,
        })
    }
}

/// Words for the formats, the narrowest first: where several are named, as in
/// `w4a8_mxfp4_mxfp8`, the narrowest is that of the weights.
const WORDS: &[(Precision, &[&str])] = &[
    (Precision::Fp4, &["fp4", "nvfp4", "mxfp4", "w4a4", "float4"]),
    (Precision::Int4, &["int4", "w4a16", "w4a8", "w4afp8", "awq", "gptq"]),
    (Precision::Fp8, &["fp8", "mxfp8", "float8", "e4m3"]),
    (Precision::Bf16, &["bf16", "bfloat16", "fp16", "float16"]),
];

impl Precision {
    pub const ALL: [Precision; 4] =
        [Precision::Bf16, Precision::Fp8, Precision::Fp4, Precision::Int4];

    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Precision::Bf16 => "BF16",
            Precision::Fp8 => "FP8",
            Precision::Fp4 => "FP4",
            Precision::Int4 => "INT4",
        }
    }

    /// The format that a label names, such as `fp8`, `NVFP4` or `w4a16_mxfp4`;
    /// nothing where it names none of them.
    pub fn parse(text: &str) -> Option<Precision> {
        let text = text.to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        WORDS
            .iter()
            .find(|(_, names)| names.iter().any(|name| words.contains(name)))
            .map(|(precision, _)| *precision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_serving_software_are_understood() {
        for (text, expected) in [
            ("bf16", Some(Precision::Bf16)),
            ("BF16", Some(Precision::Bf16)),
            ("fp8", Some(Precision::Fp8)),
            ("fp8_block", Some(Precision::Fp8)),
            ("fp4", Some(Precision::Fp4)),
            ("NVFP4", Some(Precision::Fp4)),
            ("mxfp4", Some(Precision::Fp4)),
            ("int4", Some(Precision::Int4)),
            ("w4a16", Some(Precision::Int4)),
            // Weights in FP4, activations wider.
            ("w4a16_mxfp4", Some(Precision::Fp4)),
            ("w4a8_mxfp4_mxfp8", Some(Precision::Fp4)),
            ("int8", None),
            ("", None),
            ("precision", None),
        ] {
            assert_eq!(Precision::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn names_in_files_are_those_of_the_formats() {
        let names = serde_json::to_string(&Precision::ALL).unwrap();
        assert_eq!(names, r#"["Bf16","Fp8","Fp4","Int4"]"#);
        assert_eq!(serde_json::from_str::<[Precision; 4]>(&names).unwrap(), Precision::ALL);
    }
}
