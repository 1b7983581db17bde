//! What is seen in templates that are written as real ones are.

use crate::document::Document;
use crate::extract::infrastructure::cloudformation;
use crate::fact::{Fact, Facts, Location};
use crate::parse::json_or_yaml::parse;
use crate::source::SourceFile;

fn seen_in(document: &Document) -> Vec<Fact> {
    let file = SourceFile::new("infra/stack.yaml", "");
    let mut facts = Facts::of(&file.path);
    cloudformation(&file, document, &mut facts);
    facts.all
}

fn see(text: &str) -> Vec<Fact> {
    let document = parse(text);
    assert_eq!(document.faults, [], "{text}");
    seen_in(&document)
}

fn shown<'t>(fact: &Fact, field: &str, text: &'t str) -> &'t str {
    fact.location_of(field).span().expect("a place").text(text)
}

#[test]
fn a_bucket_is_seen_with_its_policy_and_its_key() {
    let text = "\u{feff}AWSTemplateFormatVersion: 2010-09-09\r\nResources:\r\n  # é\r\n  TrainingBucket:\r\n    Type: 'AWS::S3::Bucket'\r\n    Properties:\r\n      BucketName: !Sub '${Prefix}-x'\r\n      BucketEncryption:\r\n        ServerSideEncryptionConfiguration:\r\n          - ServerSideEncryptionByDefault: {SSEAlgorithm: 'aws:kms', KMSMasterKeyID: !GetAtt Key.Arn}\r\n      VersioningConfiguration: {Status: Suspended}\r\n      LifecycleConfiguration: {Rules: []}\r\n  Key:\r\n    Type: AWS::KMS::Key\r\n    Properties: {EnableKeyRotation: false}\r\n  Policy:\r\n    Type: AWS::S3::BucketPolicy\r\n    Properties:\r\n      Bucket: !Ref TrainingBucket\r\n      PolicyDocument:\r\n        Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: '*'}]\r\n";
    let facts = see(text);
    let store = &facts[0];
    assert_eq!((store.subject.as_str(), store.text("name")), ("TrainingBucket", "TrainingBucket"));
    assert_eq!(store.at.span().unwrap().text(text), "TrainingBucket");
    assert_eq!((store.text("resource"), store.text("provider")), ("AWS::S3::Bucket", "aws"));
    assert_eq!(store.text("role"), "training-data");
    assert_eq!((store.text("encryption"), shown(store, "encryption", text)), ("own-key", "Key.Arn"));
    assert_eq!((store.text("versioned"), shown(store, "versioned", text)), ("no", "Suspended"));
    assert_eq!((store.text("retention"), store.text("access_logged")), ("yes", "no"));
    assert_eq!(store.text("public"), "yes");
    let key = &facts[1];
    assert_eq!((key.text("name"), key.text("rotated"), key.text("ai")), ("Key", "no", "yes"));
}

#[test]
fn json_and_yaml_with_long_and_short_functions_say_the_same() {
    let json = r#"{
	"Parameters": {"Root": {"Type": "String", "Default": "Enabled"}, "Key": {"Type": "String"}},
	"Resources": {
		"Notebook": {"Type": "AWS::SageMaker::NotebookInstance", "Properties": {
			"RootAccess": {"Ref": "Root"}, "DirectInternetAccess": "Disabled", "KmsKeyId": {"Ref": "Key"}}}
	}
}"#;
    let long = "Parameters: {Root: {Default: Enabled}, Key: {}}\nResources:\n  Notebook:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n      RootAccess: {Ref: Root}\n      DirectInternetAccess: Disabled\n      KmsKeyId: {Ref: Key}\n";
    let short = long.replace("{Ref: Root}", "!Ref Root").replace("{Ref: Key}", "!Ref Key");
    for text in [json, long, &short] {
        let facts = see(text);
        let [notebook] = facts.as_slice() else { panic!("{facts:#?}") };
        let fields = ["service", "root", "internet", "encryption"].map(|field| notebook.text(field));
        assert_eq!(fields, ["notebook", "yes", "no", "own-key"], "{text}");
    }
}

#[test]
fn what_only_a_deployment_decides_is_unknown() {
    let field = |properties: &str, field: &str| {
        let text = format!(
            "Parameters:\n  Found: {{Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}}\n  Asked: {{Type: String, Default: ''}}\nMappings: {{Stage: {{dev: {{Root: Disabled}}}}}}\nResources:\n  Notebook:\n    Type: AWS::SageMaker::NotebookInstance\n    Properties:\n{properties}"
        );
        see(&text)[0].text(field).to_owned()
    };
    for (properties, root) in [
        ("      RootAccess: !If [IsDev, Enabled, Disabled]\n", "unknown"),
        ("      !If\n      - IsDev\n      - {RootAccess: Enabled}\n      - {RootAccess: Disabled}\n", "unknown"),
        ("      RootAccess: !Ref Found\n", "unknown"),
        ("      RootAccess: !Ref Asked\n", "unknown"),
        ("      RootAccess: !FindInMap [Stage, !Ref Asked, Root]\n", "unknown"),
        ("      RootAccess: !FindInMap [Stage, dev, Root]\n", "no"),
        ("      RootAccess: !Sub Disabled\n", "no"),
        ("      RootAccess: !Join ['', [Dis, abled]]\n", "no"),
        ("      RootAccess: !Ref AWS::NoValue\n", "yes"),
        ("      InstanceType: ml.t3.medium\n", "yes"),
    ] {
        assert_eq!(field(properties, "root"), root, "{properties}");
    }
    for (key, encryption) in [
        ("!Ref 'AWS::NoValue'", "provider-key"),
        ("!If [IsDev, !Ref 'AWS::NoValue', !Ref Key]", "unknown"),
        ("!ImportValue platform-key", "own-key"),
        ("!Sub 'arn:${AWS::Partition}:kms:${AWS::Region}:1:key/x'", "own-key"),
        ("alias/aws/sagemaker", "provider-key"),
    ] {
        assert_eq!(field(&format!("      KmsKeyId: {key}\n"), "encryption"), encryption, "{key}");
    }
}

#[test]
fn grants_are_seen_wherever_a_template_writes_them() {
    let facts = see("
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: sagemaker.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      ManagedPolicyArns: [!Sub 'arn:${AWS::Partition}:iam::aws:policy/AmazonSageMakerFullAccess']
      Policies:
        - {PolicyName: first, PolicyDocument: {Statement: [{Effect: Allow, Action: 'sagemaker:*', Resource: '*'}]}}
        - PolicyName: second
          PolicyDocument:
            Statement: {Sid: One, Effect: Allow, Action: [bedrock:InvokeModel], Resource: !Ref Model}
  Managed:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: [{Effect: Allow, Action: 'bedrock:*', Resource: '*', Condition: {Bool: {'aws:x': 'true'}}}]}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Policies: [AmazonBedrockFullAccess, {Statement: [{Effect: Allow, Action: 'sagemaker:InvokeEndpoint', Resource: '*'}]}, {S3ReadPolicy: {BucketName: x}}]
");
    let rows: Vec<_> = facts
        .iter()
        .map(|it| {
            let fields = ["any_action", "any_resource", "ai", "full_access_role"].map(|field| it.text(field));
            format!("{} {}", it.subject, fields.join(" "))
        })
        .collect();
    assert_eq!(
        rows,
        [
            "Role[first/1] yes yes yes ",
            "Role[second/One] no unknown yes ",
            "Role[AmazonSageMakerFullAccess] yes yes yes AmazonSageMakerFullAccess",
            "Managed[1] yes unknown yes ",
            "Function[1] no yes yes ",
            "Function[AmazonBedrockFullAccess] yes yes yes AmazonBedrockFullAccess",
        ]
    );
}

#[test]
fn what_a_macro_adds_may_be_what_is_missing() {
    let bucket = "Resources:\n  TrainingBucket: {Type: 'AWS::S3::Bucket'}\n";
    assert_eq!(see(bucket)[0].text("versioned"), "no");
    assert_eq!(see(bucket)[0].location_of("versioned"), Location::AbsentFrom(see(bucket)[0].at.span().unwrap()));
    let more = format!("{bucket}  Fn::ForEach::More: [x, [a], {{}}]\n");
    assert_eq!(see(&more)[0].text("versioned"), "unknown");
    let broken = parse("Resources:\n  TrainingBucket: {Type: 'AWS::S3::Bucket'}\n  Other: [\n");
    assert_eq!(broken.faults.len(), 1);
    assert_eq!(seen_in(&broken)[0].text("versioned"), "unknown");
}

#[test]
fn broken_shapes_are_borne() {
    let many = format!("Resources:\n  A: &a {{Type: 'AWS::S3::Bucket', Properties: [{}]}}\n", "x, ".repeat(300_000));
    let mut bomb = "x0: &x0 [1, 1]\n".to_owned();
    for level in 1..60 {
        bomb.push_str(&format!("x{level}: &x{level} [*x{0}, *x{0}, *x{0}]\n", level - 1));
    }
    bomb.push_str("Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketEncryption: *x59}}}\n");
    for text in [
        "",
        "Resources",
        "Resources: []",
        "Resources: {A: 1, B: {Type: 1}, C: {Type: ''}, D: {Type: 'AWS::'}, E: {Type: '::::'}, é: {Type: 'AWS::S3::Bücket'}}",
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: !Ref}}",
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: 7}}",
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Sub '${', BucketEncryption: !Sub [], VersioningConfiguration: !If}}}",
        "Resources: {A: {Type: 'AWS::S3::Bucket', Properties: {BucketName: !Join [], AccessControl: !GetAtt [A], X: !FindInMap 1}}}",
        "Resources: {A: {Type: 'AWS::IAM::Role', Properties: {Policies: 1, ManagedPolicyArns: {a: b}}}}",
        "Parameters: 1\nMappings: 2\nResources: {A: {Type: 'AWS::S3::Bucket'}, A: {Type: 'AWS::S3::Bucket'}}",
        &many,
        &bomb,
    ] {
        seen_in(&parse(text));
    }
}
