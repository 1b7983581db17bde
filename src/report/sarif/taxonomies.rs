//! The policy's clauses and the control frameworks as SARIF taxonomies, so that an auditor's tool can sort results by control.

use crate::finding::{Report, RuleText};
use crate::fingerprint::guid;
use serde_sarif::sarif;

/// The name of the policy's own clauses among the frameworks.
const POLICY: &str = "ai-security-policy";

/// One taxonomy for the policy and one for each framework that rules cite.
pub struct Taxonomies(Vec<Taxonomy>);

struct Taxonomy {
    name: String,
    title: String,
    /// Id and title of each entry, in order.
    taxa: Vec<(String, String)>,
}

impl Taxonomies {
    /// Those that the rules of `report` cite.
    pub fn of(report: &Report) -> Self {
        let clauses = report.clauses.iter().map(|(number, text)| (number.clone(), text.clone()));
        let policy = Taxonomy { name: POLICY.into(), title: "AI security policy".into(), taxa: clauses.collect() };
        let frameworks = report.frameworks.iter().map(|framework| Taxonomy {
            name: framework.id.clone(),
            title: framework.title.clone(),
            taxa: framework.controls.clone(),
        });
        let all = std::iter::once(policy).chain(frameworks);
        Self(all.filter(|taxonomy| !taxonomy.taxa.is_empty()).collect())
    }

    /// The taxonomies in full, for `run.taxonomies`.
    pub fn components(&self) -> Vec<sarif::ToolComponent> {
        self.0
            .iter()
            .map(|taxonomy| {
                sarif::ToolComponent::builder()
                    .name(taxonomy.name.clone())
                    .full_name(taxonomy.title.clone())
                    .short_description(&taxonomy.title)
                    .guid(guid(&taxonomy.name))
                    .is_comprehensive(false) // only what is cited
                    .taxa(taxonomy.taxa.iter().map(|(id, title)| taxon(id, title)).collect::<Vec<_>>())
                    .build()
            })
            .collect()
    }

    /// References to all of them, for `driver.supportedTaxonomies`.
    pub fn references(&self) -> Vec<sarif::ToolComponentReference> {
        self.0.iter().zip(0..).map(|(taxonomy, index)| reference(taxonomy, index)).collect()
    }

    /// What a rule cites. The kind is `relevant`: a finding speaks to a control, it does not decide on it.
    pub fn relationships(&self, rule: &RuleText) -> Vec<sarif::ReportingDescriptorRelationship> {
        let clauses = rule.clauses.iter().map(|clause| (POLICY, clause.as_str()));
        let controls = rule.controls.iter().filter_map(|control| control.split_once(':'));
        let target = |(name, id): (&str, &str)| {
            let (taxonomy, index) = self.0.iter().zip(0..).find(|(taxonomy, _)| taxonomy.name == name)?;
            let (_, place) = taxonomy.taxa.iter().zip(0..).find(|((taxon, _), _)| taxon == id)?;
            let target = sarif::ReportingDescriptorReference::builder()
                .id(id)
                .index(place)
                .tool_component(reference(taxonomy, index))
                .build();
            Some(
                sarif::ReportingDescriptorRelationship::builder().target(target).kinds(["relevant".to_owned()]).build(),
            )
        };
        clauses.chain(controls).filter_map(target).collect()
    }
}

fn taxon(id: &str, title: &String) -> sarif::ReportingDescriptor {
    let mut taxon = sarif::ReportingDescriptor::builder().id(id).build();
    if !title.is_empty() {
        taxon.short_description = Some(title.into());
    }
    taxon
}

fn reference(taxonomy: &Taxonomy, index: i64) -> sarif::ToolComponentReference {
    sarif::ToolComponentReference::builder().name(taxonomy.name.clone()).guid(guid(&taxonomy.name)).index(index).build()
}
