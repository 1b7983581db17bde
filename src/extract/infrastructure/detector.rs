//! `detector` facts: what a module sets up to notice what is out of the ordinary, and whether it is switched on.

use super::view::View;
use crate::document::Node;
use crate::fact::{Choice, Detector, Field};

/// Types of detectors, what they watch, and the setting that switches them; none where they are on as soon as they are there.
const DETECTORS: &[(&str, &str, &str)] = &[
    ("aws_bedrock_guardrail", "requests", ""),
    ("aws_ce_anomaly_monitor", "cost", ""),
    ("aws_cloudwatch_anomaly_detector", "metrics", ""),
    ("aws_cloudwatch_log_anomaly_detector", "logs", "enabled"),
    ("aws_detective_graph", "account", ""),
    ("aws_devopsguru_resource_collection", "metrics", ""),
    ("aws_guardduty_detector", "account", "enable"),
    ("aws_logs_log_anomaly_detector", "logs", ""),
    ("aws_lookoutmetrics_anomaly_detector", "metrics", ""),
    ("aws_macie2_account", "data", "status"),
    ("aws_macie_session", "data", "status"),
    ("aws_sagemaker_monitoring_schedule", "model", "monitoring_schedule_status"),
    ("aws_securityhub_account", "account", ""),
    ("aws_securityhub_hub", "account", ""),
    ("aws_wafregional_web_acl", "requests", ""),
    ("aws_wafv2_web_acl", "requests", ""),
    ("azurerm_advanced_threat_protection", "data", "enabled"),
    ("azurerm_application_insights_smart_detection_rule", "metrics", "enabled"),
    ("azurerm_cdn_frontdoor_firewall_policy", "requests", "enabled"),
    ("azurerm_cognitive_account_rai_policy", "requests", ""),
    ("azurerm_cost_anomaly_alert", "cost", "enabled"),
    ("azurerm_frontdoor_firewall_policy", "requests", "enabled"),
    ("azurerm_monitor_smart_detector_alert_rule", "metrics", "enabled"),
    ("azurerm_security_center_storage_defender", "data", ""),
    ("azurerm_security_center_subscription_pricing", "account", "tier"),
    ("azurerm_sentinel_alert_rule_anomaly_built_in", "account", "enabled"),
    ("azurerm_sentinel_alert_rule_anomaly_duplicate", "account", "enabled"),
    ("azurerm_sentinel_alert_rule_fusion", "account", "enabled"),
    ("azurerm_sentinel_alert_rule_machine_learning_behavior_analytics", "account", "enabled"),
    ("azurerm_sentinel_log_analytics_workspace_onboarding", "account", ""),
    ("azurerm_web_application_firewall_policy", "requests", "policy_settings.enabled"),
    ("databricks_lakehouse_monitor", "model", "schedule.pause_status"),
    ("databricks_quality_monitor", "model", "schedule.pause_status"),
    ("google_data_loss_prevention_discovery_config", "data", "status"),
    ("google_data_loss_prevention_job_trigger", "data", "status"),
    ("google_model_armor_floorsetting", "requests", "enable_floor_setting_enforcement"),
    ("google_model_armor_template", "requests", ""),
    ("google_scc_event_threat_detection_custom_module", "account", "enablement_state"),
    ("google_scc_folder_notification_config", "account", ""),
    ("google_scc_management_folder_event_threat_detection_custom_module", "account", "enablement_state"),
    ("google_scc_management_organization_event_threat_detection_custom_module", "account", "enablement_state"),
    ("google_scc_management_project_event_threat_detection_custom_module", "account", "enablement_state"),
    ("google_scc_notification_config", "account", ""),
    ("google_scc_project_notification_config", "account", ""),
    ("google_scc_v2_folder_notification_config", "account", ""),
    ("google_scc_v2_organization_notification_config", "account", ""),
    ("google_scc_v2_project_notification_config", "account", ""),
    ("google_vertex_ai_model_deployment_monitoring_job", "model", ""),
    ("microsoft.cognitiveservices/accounts/raipolicies", "requests", ""),
    (
        "microsoft.network/applicationgatewaywebapplicationfirewallpolicies",
        "requests",
        "properties.policySettings.state",
    ),
    ("microsoft.network/frontdoorwebapplicationfirewallpolicies", "requests", "properties.policySettings.enabledState"),
    ("microsoft.security/advancedthreatprotectionsettings", "data", "properties.isEnabled"),
    ("microsoft.security/defenderforstoragesettings", "data", "properties.isEnabled"),
    ("microsoft.security/pricings", "account", "properties.pricingTier"),
    ("microsoft.securityinsights/alertrules", "account", "properties.enabled"),
    ("microsoft.securityinsights/onboardingstates", "account", ""),
];

/// The words by which a setting says that its detector does not run.
const OFF: &[&str] = &["false", "disabled", "paused", "stopped", "free"];

/// What is seen of a detector; `None` for any other resource.
pub fn see(view: View<'_>) -> Option<Detector> {
    let kind = view.kind();
    let (watches, on) = match kind {
        "aws_cloudwatch_metric_alarm" if speaks_of(view, "ANOMALY_DETECTION_BAND") => {
            ("metrics", switched_by(view, "actions_enabled"))
        }
        "datadog_monitor" if speaks_of(view, "anomalies(") => ("metrics", true.into()),
        "google_compute_security_policy" => ("requests", adaptive(view)?),
        "google_vertex_ai_featurestore_entitytype" => ("model", snapshots(view)?),
        "microsoft.machinelearningservices/workspaces/schedules"
            if view.text("properties.action.actionType").holds(|kind| kind == "CreateMonitor") =>
        {
            ("model", switched_by(view, "properties.isEnabled"))
        }
        _ => {
            let (_, watches, switch) = DETECTORS.iter().find(|(known, ..)| *known == kind)?;
            (*watches, if switch.is_empty() { true.into() } else { switched_by(view, switch) })
        }
    };
    let provider = match kind.split(['_', '.']).next().unwrap_or_default() {
        "azurerm" | "microsoft" => "azure",
        other => other,
    };
    let mut seen = Detector {
        name: view.resource.name.to_string().into(),
        provider: provider.into(),
        resource: view.resource.written_kind.to_string().into(),
        watches: Choice(watches).0.into(),
        on,
    };
    if seen.on.value == Some(false) && is_plan_of_other_things(view) {
        seen.on.value = None;
    }
    Some(seen)
}

/// On unless the setting says otherwise in so many words: what a caller of the module may switch on is not known to be off.
fn switched_by(view: View<'_>, path: &str) -> Field<bool> {
    let on = view.text(path).read(|word| Some(!OFF.iter().any(|off| word.eq_ignore_ascii_case(off))));
    let mut on = on.or(true);
    if on.value == Some(false) && view.written(path).is_none_or(Node::is_expression) {
        on.value = None;
    }
    on
}

/// How many nodes of one resource are looked through.
const WALK_LIMIT: usize = 2_000;

/// True when a text of the resource holds these words.
fn speaks_of(view: View<'_>, words: &str) -> bool {
    let mut speaks = false;
    view.resource.body.walk(WALK_LIMIT, &mut |node, _| speaks |= node.text().is_some_and(|text| text.contains(words)));
    speaks
}

/// Whether rules against floods of requests learn what is usual; `None` for a policy that says nothing of it.
fn adaptive(view: View<'_>) -> Option<Field<bool>> {
    let path = "adaptive_protection_config.layer_7_ddos_defense_config.enable";
    (!view.present(path).is_absent()).then(|| switched_by(view, path))
}

/// Whether features are compared from day to day; `None` for features of which nothing is said.
fn snapshots(view: View<'_>) -> Option<Field<bool>> {
    let analysis = "monitoring_config.snapshot_analysis";
    (!view.present(analysis).is_absent()).then(|| view.not(&format!("{analysis}.disabled")).or(true))
}

/// What Defender's plans are for that AI is made of.
const PLANS: &[&str] = &["AI", "Api", "Containers", "KeyVaults", "StorageAccounts"];

/// True for a plan of Defender for something that AI is not made of: nobody pays for all of them.
fn is_plan_of_other_things(view: View<'_>) -> bool {
    let of = match view.kind() {
        "azurerm_security_center_subscription_pricing" => view.text("resource_type"),
        "microsoft.security/pricings" => view.text("name"),
        _ => return false,
    };
    !of.holds(|of| PLANS.contains(&of))
}
