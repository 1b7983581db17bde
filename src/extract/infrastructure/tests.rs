//! What is seen in modules that are written as real ones are.

use super::*;
use crate::fact::Fact;

fn see_files(files: &[(&str, &str)]) -> Vec<Fact> {
    let parsed = |text: &str| (FileKind::Terraform, crate::parse::hcl::parse(text));
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            let (kind, document) = parsed(text);
            (SourceFile::new(*path, *text), kind, document)
        })
        .collect();
    let mut facts: Vec<_> = files.iter().map(|(file, ..)| Facts::of(&file.path)).collect();
    extract(&files, &mut facts);
    facts.into_iter().flat_map(|facts| facts.all).collect()
}

fn see(text: &str) -> Vec<Fact> {
    assert_eq!(crate::parse::hcl::parse(text).faults, []);
    see_files(&[("infra/main.tf", text)])
}

fn only(text: &str) -> Fact {
    let mut facts = see(text);
    assert_eq!(facts.len(), 1, "{facts:#?}");
    facts.remove(0)
}

fn shown<'t>(fact: &Fact, field: &str, text: &'t str) -> &'t str {
    fact.location_of(field).span().expect("a place").text(text)
}

#[test]
fn a_bucket_is_completed_by_its_separate_resources() {
    let facts = see_files(&[
        (
            "infra/main.tf",
            r#"
resource "aws_s3_bucket" "training" { bucket = "acme-x" }
resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.training.id
  versioning_configuration { status = "Suspended" }
}
resource "aws_kms_key" "training" {}
"#,
        ),
        (
            "infra/encryption.tf",
            r#"
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.training[0].bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.training.arn
    }
  }
}
resource "aws_s3_bucket_lifecycle_configuration" "by_name" { bucket = "acme-x" }
"#,
        ),
    ]);
    let store = &facts[0];
    assert_eq!(store.text("role"), "training-data");
    assert_eq!(store.text("encryption"), "own-key");
    assert_eq!(store.text("versioned"), "no");
    assert_eq!(store.text("retention"), "yes");
    assert_eq!(store.text("access_logged"), "no");
    assert_eq!(store.text("public"), "no");
    // The place is in another file, so the bucket itself is shown.
    assert_eq!(store.location_of("encryption"), crate::fact::Location::AbsentFrom(store.at.span().unwrap()));
    let key = &facts[1];
    assert_eq!((key.text("rotated"), key.text("ai")), ("no", "yes"));
}

#[test]
fn what_cannot_be_told_is_unknown() {
    let fact = only(
        r#"
resource "aws_s3_bucket" "training" {
  bucket = var.name
  dynamic "versioning" {
    for_each = var.versions
    content { enabled = true }
  }
  dynamic "logging" { 
    for_each = []
    content {} 
  }
}
resource "aws_s3_bucket_server_side_encryption_configuration" "loose" {
  for_each = var.buckets
  bucket   = each.value
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}
"#,
    );
    for field in ["versioned", "encryption", "access_logged"] {
        assert_eq!(fact.text(field), "unknown", "{field}");
    }
}

#[test]
fn variables_count_as_their_default_and_no_default_asks_the_caller() {
    let text = r#"
variable "local_keys" { default = true }
variable "network" { default = null }
variable "key" {}
locals { open = var.local_keys }
resource "azurerm_cognitive_account" "a" {
  local_auth_enabled            = local.open
  public_network_access_enabled = var.network
}
resource "aws_sagemaker_domain" "d" { kms_key_id = var.key }
resource "aws_sagemaker_domain" "e" { kms_key_id = var.network }
resource "aws_sagemaker_domain" "f" { kms_key_id = var.local_keys ? aws_kms_key.a.arn : null }
resource "aws_sagemaker_domain" "g" { kms_key_id = "alias/aws/sagemaker" }
resource "aws_sagemaker_domain" "h" { kms_key_id = module.kms.key_arn }
resource "aws_sagemaker_domain" "i" { kms_key_id = null }
"#;
    let facts = see(text);
    assert_eq!(facts[0].text("local_keys"), "yes");
    assert_eq!(shown(&facts[0], "local_keys", text), "local.open");
    assert_eq!(facts[0].text("public"), "unknown");
    let keys: Vec<_> = facts[1..].iter().map(|fact| fact.text("encryption")).collect();
    assert_eq!(keys, ["own-key", "unknown", "unknown", "provider-key", "own-key", "provider-key"]);
}

#[test]
fn files_of_values_come_before_defaults() {
    let local_keys = |name: &str| {
        let account = "variable \"keys\" { default = true }\nresource \"azurerm_cognitive_account\" \"a\" {\n local_auth_enabled = var.keys\n}\n";
        see_files(&[("infra/main.tf", account), (name, "keys = false\n")])[0].text("local_keys").to_owned()
    };
    assert_eq!(local_keys("infra/terraform.tfvars"), "no");
    assert_eq!(local_keys("infra/all.auto.tfvars"), "no");
    assert_eq!(local_keys("infra/production.tfvars"), "unknown");
    assert_eq!(local_keys("infra/other.tf"), "yes");
}

#[test]
fn nothing_is_missing_from_a_module_that_is_read_in_part() {
    let bucket = "resource \"aws_s3_bucket\" \"training\" { acl = \"private\" }\n";
    let broken = "resource \"aws_s3_bucket_versioning\" \"v\" {\n bucket = = 1\n}\n";
    let facts = see_files(&[("infra/main.tf", bucket), ("infra/broken.tf", broken)]);
    assert_eq!(facts[0].text("versioned"), "unknown");
    assert_eq!(see(bucket)[0].text("versioned"), "no");
}

#[test]
fn resources_that_are_not_created_are_left_out() {
    assert!(see("resource \"aws_sagemaker_model\" \"m\" {\n count = 0\n}\n").is_empty());
    assert!(
        see("variable \"n\" { default = 0 }\nresource \"aws_sagemaker_model\" \"m\" {\n count = var.n\n}\n").is_empty()
    );
    assert_eq!(see("resource \"aws_sagemaker_model\" \"m\" {\n count = var.on ? 1 : 0\n}\n").len(), 1);
}

#[test]
fn a_bucket_is_public_by_list_or_policy_unless_access_is_blocked() {
    let public = |more: &str| {
        let text = format!("resource \"aws_s3_bucket\" \"dataset\" {{ bucket = \"b\" }}\n{more}");
        see(&text)[0].text("public").to_owned()
    };
    let list =
        "resource \"aws_s3_bucket_acl\" \"a\" {\n bucket = aws_s3_bucket.dataset.id\n acl = \"public-read\"\n}\n";
    let block = "resource \"aws_s3_bucket_public_access_block\" \"b\" {\n bucket = aws_s3_bucket.dataset.id\n block_public_acls = true\n ignore_public_acls = true\n block_public_policy = true\n restrict_public_buckets = true\n}\n";
    let policy = "resource \"aws_s3_bucket_policy\" \"p\" {\n bucket = aws_s3_bucket.dataset.id\n policy = jsonencode({ Statement = [{ Effect = \"Allow\", Principal = \"*\", Action = [\"s3:GetObject\"], Resource = \"*\" }] })\n}\n";
    assert_eq!(public(list), "yes");
    assert_eq!(public(policy), "yes");
    assert_eq!(public(&format!("{list}{block}")), "no");
    assert_eq!(public(&policy.replace("Resource =", "Condition = {}, Resource =")), "no");
    assert_eq!(public(""), "no");
}

#[test]
fn grants_are_seen_statement_by_statement() {
    let text = r#"
resource "aws_iam_role_policy" "wide" {
  policy = jsonencode({
    Statement = [
      { Sid = "All", Effect = "Allow", Action = ["sagemaker:*", "s3:GetObject"], Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*" },
      { Effect = "Allow", Action = "logs:*", Resource = "*" },
      { Effect = "Allow", Action = "bedrock:InvokeModel", Resource = aws_bedrock_custom_model.x.arn },
      { Effect = "Allow", Action = ["sagemaker:CreateModel", "logs:*"], Resource = ["*"] },
      { Effect = "Allow", Action = ["sagemaker:*"], NotResource = ["arn:aws:sagemaker:*:*:domain/*"] },
      { Effect = "Allow", Action = ["sagemaker:*"], Resource = "*", Condition = { Bool = { "aws:x" = "true" } } },
    ]
  })
}
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["sagemaker.amazonaws.com"]
    }
  }
}
data "aws_iam_policy_document" "doc" {
  statement {
    actions   = ["bedrock:*"]
    resources = ["arn:aws:bedrock:*:*:*"]
  }
}
"#;
    let facts = see(text);
    let rows: Vec<_> = facts
        .iter()
        .map(|it| (it.subject.as_str(), it.text("any_action"), it.text("any_resource"), it.text("ai")))
        .collect();
    assert_eq!(
        rows,
        [
            ("aws_iam_role_policy.wide[All]", "yes", "yes", "yes"),
            ("aws_iam_role_policy.wide[3]", "yes", "yes", "no"),
            ("aws_iam_role_policy.wide[4]", "no", "unknown", "yes"),
            ("aws_iam_role_policy.wide[5]", "no", "yes", "yes"),
            ("aws_iam_role_policy.wide[6]", "yes", "yes", "yes"),
            ("aws_iam_role_policy.wide[7]", "yes", "unknown", "yes"),
            ("data.aws_iam_policy_document.doc[1]", "yes", "yes", "yes"),
        ]
    );
    assert_eq!(shown(&facts[0], "any_action", text), "\"sagemaker:*\"");
}

#[test]
fn ready_made_roles_are_seen_in_every_way_of_naming_them() {
    let text = r#"
resource "aws_sagemaker_model" "m" {}
data "aws_iam_policy" "full" { name = "AmazonBedrockFullAccess" }
resource "aws_iam_role_policy_attachment" "a" { policy_arn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" }
resource "aws_iam_role_policy_attachment" "b" { policy_arn = data.aws_iam_policy.full.arn }
resource "aws_iam_role_policy_attachment" "c" {
  for_each   = toset(["arn:aws:iam::aws:policy/AmazonSageMakerFullAccess", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"])
  policy_arn = each.value
}
resource "aws_iam_role_policy_attachment" "d" { policy_arn = "arn:${local.partition}:iam::aws:policy/AdministratorAccess" }
resource "aws_iam_role_policy_attachment" "s3" {
  role       = aws_iam_role.sagemaker_execution.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
resource "aws_iam_role_policy_attachment" "web_s3" {
  role       = aws_iam_role.web.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
}
resource "google_project_iam_member" "e" {
  for_each = toset(var.roles)
  role     = each.key
}
variable "roles" { default = ["roles/aiplatform.user", "roles/editor"] }
resource "azurerm_role_assignment" "f" {
  scope                = azurerm_machine_learning_workspace.w.id
  role_definition_name = "Contributor"
}
resource "azurerm_role_assignment" "g" {
  scope                = var.storage_account_id
  role_definition_name = "Contributor"
}
"#;
    let found: Vec<_> = see(text)
        .iter()
        .filter(|fact| !fact.text("full_access_role").is_empty())
        .map(|fact| format!("{} {}", fact.text("name"), fact.text("full_access_role")))
        .collect();
    assert_eq!(
        found,
        [
            "aws_iam_role_policy_attachment.a AmazonSageMakerFullAccess",
            "aws_iam_role_policy_attachment.b AmazonBedrockFullAccess",
            "aws_iam_role_policy_attachment.c AmazonSageMakerFullAccess",
            "aws_iam_role_policy_attachment.d AdministratorAccess",
            "aws_iam_role_policy_attachment.s3 AmazonS3FullAccess",
            "google_project_iam_member.e roles/editor",
            "azurerm_role_assignment.f Contributor",
        ]
    );
}

#[test]
fn azure_spells_the_same_thing_in_three_ways() {
    let facts = see(r#"
resource "azurerm_cognitive_account" "a" {}
resource "azurerm_ai_services" "b" {
  local_authentication_enabled = false
  public_network_access        = "Disabled"
}
resource "azapi_resource" "c" {
  type = "Microsoft.CognitiveServices/accounts@2025-06-01"
  body = { properties = { disableLocalAuth = true, networkAcls = { defaultAction = "Deny" } } }
}
resource "azapi_resource" "d" { type = "Microsoft.Web/sites@2024-01-01" }
resource "azurerm_cognitive_account" "e" {
  network_acls { default_action = "Deny" }
}
resource "azurerm_cognitive_account_customer_managed_key" "e" { cognitive_account_id = azurerm_cognitive_account.e.id }
"#);
    let accounts = facts.iter().filter(|it| it.text("service") == "account");
    let rows: Vec<_> = accounts.map(|it| (it.text("local_keys"), it.text("public"), it.text("encryption"))).collect();
    assert_eq!(
        rows,
        [
            ("yes", "yes", "provider-key"),
            ("no", "no", "provider-key"),
            ("no", "no", "provider-key"),
            ("yes", "no", "own-key"),
        ]
    );
}

#[test]
fn endpoints_that_cannot_capture_are_not_blamed() {
    let captured = |body: &str| {
        only(&format!("resource \"aws_sagemaker_endpoint_configuration\" \"e\" {{\n{body}\n}}\n"))
            .text("captured")
            .to_owned()
    };
    assert_eq!(captured(""), "no");
    assert_eq!(captured("data_capture_config {\n enable_capture = true\n}"), "yes");
    assert_eq!(captured("production_variants {\n serverless_config {}\n}"), "unknown");
}

#[test]
fn old_transport_and_open_containers_are_seen() {
    let facts = see(r#"
resource "azurerm_storage_account" "ml_data" {
  min_tls_version = "TLS1_0"
}
resource "azurerm_storage_account" "ml_old" {
  enable_https_traffic_only = false
}
resource "azurerm_storage_container" "datasets" {
  container_access_type = "blob"
}
resource "aws_efs_file_system" "models" {}
"#);
    assert_eq!(facts[0].text("insecure_transport"), "yes");
    assert_eq!(facts[1].text("insecure_transport"), "yes");
    assert_eq!((facts[2].text("public"), facts[2].text("role")), ("yes", "training-data"));
    assert_eq!(facts[3].text("encryption"), "none");
}

#[test]
fn words_of_a_type_say_nothing_of_what_is_kept() {
    let role = |text: &str| only(text).text("role").to_owned();
    assert_eq!(role("resource \"google_bigquery_dataset\" \"retail_dataset\" { dataset_id = \"retail\" }\n"), "other");
    assert_eq!(role("resource \"google_bigquery_dataset\" \"training\" {}\n"), "training-data");
    assert_eq!(role("resource \"aws_cloudwatch_log_group\" \"bedrock\" {}\n"), "log");
    assert_eq!(role("resource \"aws_cloudwatch_log_group\" \"web\" {}\n"), "other");
}

#[test]
fn broken_shapes_are_borne() {
    for text in [
        "resource \"aws_s3_bucket\" {}\n",
        "resource {}\n",
        "resource = 1\nlocals = 2\nvariable = 3\n",
        "resource \"aws_iam_policy\" \"x\" { policy = jsonencode({ Statement = 1 }) }\n",
        "locals {\n a = local.b\n b = local.a\n}\nresource \"aws_sagemaker_domain\" \"d\" { kms_key_id = local.a }\n",
        "resource \"aws_s3_bucket\" \"a\" { bucket = [] }\n",
    ] {
        let _ = see(text);
    }
}

#[test]
fn published_modules_are_seen_by_their_source_and_inputs() {
    let text = r#"
module "data" {
  source     = "terraform-aws-modules/s3-bucket/aws"
  version    = "4.2.2"
  bucket     = "acme-training-data"
  versioning = { enabled = true }
  server_side_encryption_configuration = {
    rule = { apply_server_side_encryption_by_default = { sse_algorithm = "aws:kms", kms_master_key_id = "arn:aws:kms:x" } }
  }
}
module "endpoint" {
  source = "aws-ia/sagemaker-endpoint/aws//modules/endpoint"
}
module "off" {
  source = "aws-ia/sagemaker-endpoint/aws"
  count  = 0
}
module "network" {
  source = "terraform-aws-modules/vpc/aws"
}
"#;
    let facts = see(text);
    let shown: Vec<String> = facts
        .iter()
        .map(|fact| {
            let fields = ["name", "resource", "role", "encryption", "versioned", "service", "provider"];
            format!("{} {}", fact.kind.spec().name, fields.map(|field| fact.text(field)).join(" "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "ai-service module.endpoint aws-ia/sagemaker-endpoint/aws//modules/endpoint  unknown  other aws",
            "store module.data terraform-aws-modules/s3-bucket/aws training-data own-key yes  aws",
        ]
    );
}
