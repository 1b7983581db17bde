//! How Terraform's AWS provider calls what `CloudFormation` has: most names differ in their case only.

use crate::document::{Entry, Node, Value};

/// Types whose name in Terraform is not the same words in lower case.
const KINDS: &[(&str, &str)] = &[
    ("AWS::Bedrock::Agent", "aws_bedrockagent_agent"),
    ("AWS::Bedrock::ApplicationInferenceProfile", "aws_bedrock_inference_profile"),
    ("AWS::Bedrock::DataSource", "aws_bedrockagent_data_source"),
    ("AWS::Bedrock::Flow", "aws_bedrockagent_flow"),
    ("AWS::Bedrock::KnowledgeBase", "aws_bedrockagent_knowledge_base"),
    ("AWS::Bedrock::Prompt", "aws_bedrockagent_prompt"),
    ("AWS::BedrockAgentCore::Runtime", "aws_bedrockagentcore_agent_runtime"),
    ("AWS::CodePipeline::Pipeline", "aws_codepipeline"),
    ("AWS::Comprehend::DocumentClassifier", "aws_comprehend_document_classifier"),
    ("AWS::EC2::SecurityGroup", "aws_security_group"),
    ("AWS::EC2::SecurityGroupIngress", "aws_vpc_security_group_ingress_rule"),
    ("AWS::EC2::Volume", "aws_ebs_volume"),
    ("AWS::FSx::FileSystem", "aws_fsx_lustre_file_system"),
    ("AWS::Lambda::Url", "aws_lambda_function_url"),
    ("AWS::IAM::ManagedPolicy", "aws_iam_policy"),
    ("AWS::IAM::Policy", "aws_iam_role_policy"),
    ("AWS::Logs::LogGroup", "aws_cloudwatch_log_group"),
    ("AWS::OpenSearchService::Domain", "aws_opensearch_domain"),
    ("AWS::Neptune::DBCluster", "aws_neptune_cluster"),
    ("AWS::DocDB::DBCluster", "aws_docdb_cluster"),
    ("AWS::RDS::DBCluster", "aws_rds_cluster"),
    ("AWS::RDS::DBInstance", "aws_db_instance"),
    ("AWS::SageMaker::EndpointConfig", "aws_sagemaker_endpoint_configuration"),
    ("AWS::Serverless::SimpleTable", "aws_dynamodb_table"),
];

/// For a type of Terraform: where a template has a setting, and where Terraform has it. No two of one type may begin with the
/// same name in Terraform.
const SETTINGS: &[(&str, &str, &str)] = &[
    ("aws_api_gateway_method", "authorization_type", "authorization"),
    ("aws_cloudwatch_log_group", "log_group_name", "name"),
    ("aws_db_instance", "db_instance_identifier", "identifier"),
    ("aws_db_instance", "source_db_instance_identifier", "replicate_source_db"),
    ("aws_db_instance", "db_snapshot_identifier", "snapshot_identifier"),
    ("aws_db_instance", "vpc_security_groups", "vpc_security_group_ids"),
    ("aws_docdb_cluster", "db_cluster_identifier", "cluster_identifier"),
    ("aws_dynamodb_table", "sse_specification.kms_master_key_id", "server_side_encryption.kms_key_arn"),
    ("aws_dynamodb_table", "table_name", "name"),
    ("aws_iam_group", "group_name", "name"),
    ("aws_iam_group_policy", "policy_document", "policy"),
    ("aws_iam_policy", "managed_policy_name", "name"),
    ("aws_iam_policy", "policy_document", "policy"),
    ("aws_iam_role", "role_name", "name"),
    ("aws_iam_role_policy", "policy_document", "policy"),
    ("aws_iam_role_policy", "policy_name", "name"),
    ("aws_iam_user", "user_name", "name"),
    ("aws_iam_user_policy", "policy_document", "policy"),
    ("aws_kms_key", "key_spec", "customer_master_key_spec"),
    ("aws_lambda_function_url", "auth_type", "authorization_type"),
    ("aws_neptune_cluster", "db_cluster_identifier", "cluster_identifier"),
    ("aws_opensearch_domain", "encryption_at_rest_options", "encrypt_at_rest"),
    ("aws_rds_cluster", "db_cluster_identifier", "cluster_identifier"),
    ("aws_s3_bucket", "access_control", "acl"),
    ("aws_s3_bucket", "bucket_name", "bucket"),
    (
        "aws_s3_bucket",
        "bucket_encryption.server_side_encryption_configuration.server_side_encryption_by_default",
        "server_side_encryption_configuration.rule.apply_server_side_encryption_by_default",
    ),
    ("aws_s3_bucket", "lifecycle_configuration", "lifecycle_rule"),
    ("aws_s3_bucket", "logging_configuration", "logging"),
    ("aws_s3_bucket", "versioning_configuration.status", "versioning.enabled"),
    ("aws_s3_bucket_policy", "policy_document", "policy"),
    ("aws_sagemaker_endpoint_configuration", "kms_key_id", "kms_key_arn"),
];

/// The name that Terraform's provider has for a type: `AWS::SageMaker::NotebookInstance` is `aws_sagemaker_notebook_instance`.
pub fn kind(written: &str) -> String {
    if let Some((_, known)) = KINDS.iter().find(|(kind, _)| *kind == written) {
        return (*known).to_owned();
    }
    let mut parts = written.split("::");
    let (vendor, service) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let rest: Vec<String> = parts.map(property).collect();
    let service = if service == "ApiGateway" { property(service) } else { service.to_ascii_lowercase() };
    let words = [vec![vendor.to_ascii_lowercase(), service], rest].concat();
    words.join("_").trim_end_matches('_').to_owned()
}

/// The name that Terraform's provider has for a property: `KMSMasterKeyID` is `kms_master_key_id`.
pub fn property(written: &str) -> String {
    let letters: Vec<char> = written.chars().collect();
    let mut name = String::with_capacity(written.len() + 8);
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(index + 1).copied();
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(char::is_lowercase))
            });
        if starts_word {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// The settings of a resource, those that Terraform has elsewhere there too.
pub fn with_other_names(kind: &str, body: Node) -> Node {
    let also: Vec<Entry> =
        SETTINGS.iter().filter(|(of, _, _)| *of == kind).filter_map(|(_, from, to)| renamed(&body, from, to)).collect();
    if also.is_empty() {
        return body;
    }
    Node::new(body.span, Value::Map(body.entries().iter().cloned().chain(also).collect()))
}

/// The setting at `from` as an entry that leads to it along `to`. Where a part on the way cannot be resolved, that part stands
/// for the setting.
fn renamed(body: &Node, from: &str, to: &str) -> Option<Entry> {
    let mut found = None;
    let mut node = body;
    for key in from.split('.') {
        let here = node.items().first().unwrap_or(node);
        if here.is_expression() {
            break;
        }
        let entry = here.entry(key)?;
        found = Some(entry);
        node = &entry.node;
    }
    let Entry { key_span, node, .. } = found?;
    let mut keys = to.rsplit('.');
    let last = Entry { key: keys.next()?.into(), key_span: *key_span, node: node.clone() };
    Some(keys.fold(last, |inner, key| {
        let span = inner.node.span;
        Entry { key: key.into(), key_span: *key_span, node: Node::new(span, Value::Map([inner].into())) }
    }))
}
