//! Figures that are given for groups of people apart: "recall is 0.78 for women and 0.80 for men".

use super::quality::figures;
use super::words::Words;

/// Words for groups of people, such as figures are compared between.
const PEOPLE: &[&str] = &[
    "women",
    "woman",
    "men",
    "female",
    "females",
    "male",
    "males",
    "girls",
    "boys",
    "non binary",
    "nonbinary",
    "adults",
    "children",
    "seniors",
    "elderly",
    "older",
    "younger",
    "aged",
    "ages",
    "over 60",
    "over 65",
    "under 25",
    "under 30",
    "above 60",
    "above 65",
    "asian",
    "hispanic",
    "latino",
    "latina",
    "african american",
    "african americans",
    "caucasian",
    "black people",
    "white people",
    "migrants",
    "immigrants",
    "native speakers",
    "non native",
    "accents",
    "accented",
    "dialects",
    "darker skin",
    "dark skin",
    "lighter skin",
    "light skin",
];

/// What people are grouped by.
const GROUPED_BY: &[&str] = &[
    "gender",
    "genders",
    "sex",
    "sexes",
    "age",
    "ethnicity",
    "ethnicities",
    "ethnic groups",
    "skin tone",
    "skin tones",
    "skin types",
    "demographic groups",
    "age groups",
];

/// Words by which one figure tells of two groups.
const DIFFERENCE: &[&str] = &["gap", "gaps", "differ*", "disparit*", "lower", "higher", "worse", "ratio"];

/// How many figures, or groups, make a comparison.
const SEVERAL: usize = 2;

/// True for a sentence that gives figures for a group of people and for others.
pub(super) fn are_compared_in(sentence: &str) -> bool {
    let figures = figures(sentence);
    if figures == 0 {
        return false;
    }
    let words = Words::of(sentence);
    let groups = PEOPLE.iter().filter(|group| words.have(group)).count();
    let tells_difference = || words.have_any(DIFFERENCE) && (groups > 0 || words.have_any(GROUPED_BY));
    groups.min(figures) > 0 && groups.max(figures) >= SEVERAL || tells_difference()
}

/// True for the title of a row or column that is about a group of people.
pub(super) fn is_of_people(cell: &str) -> bool {
    Words::of(cell).have_any(PEOPLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_for_groups_are_compared() {
        assert!(are_compared_in("Recall is 0.78 for women and 0.80 for men; 0.74 for customers above 65."));
        assert!(are_compared_in("The error rate is 4.1% overall and 7.9% for non-native speakers"));
        assert!(are_compared_in("The gap between the genders is 2.3 %."));
        assert!(!are_compared_in("Photos of men and women, 40 GB in all"));
        assert!(!are_compared_in("Accuracy is 0.91 and F1 is 0.88"));
        assert!(!are_compared_in("With torch 2.1 and numpy 1.26 it detects the gender of a noun"));
    }
}
