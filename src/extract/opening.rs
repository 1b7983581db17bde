//! Commands that open a store or a service of a cloud to everybody: `gcloud ... --member=allUsers`, `aws ... --acl public-read`.
//! They give the same facts as infrastructure code that says so: `store`, `gateway` and `opened-port`.

use super::infrastructure::Words;
use crate::catalogue::servers::Servers;
use crate::fact::{Facts, Field, Gateway, OpenedPort, Store};
use crate::shell::option_values;
use crate::source::Span;

/// What one command opens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Opening {
    /// The bucket, container or service, as the command names it.
    name: String,
    provider: &'static str,
    /// The words of the command that say what it does: `gcloud run deploy`.
    command: &'static str,
    opened: Opened,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// Anybody may read what lies there.
    Store,
    /// Anybody may call it.
    Service,
    /// Every address may reach the port that an AI server is known by.
    Port(u16),
}

/// False for a script that opens nothing: a cheap look before it is taken apart.
pub(super) fn may_open(script: &str) -> bool {
    const SIGNS: &[&str] = &[
        "allUsers",
        "AllUsers",
        "allAuthenticatedUsers",
        "public",
        "--allow-unauthenticated",
        "firewall-rules",
        "open-port",
        "0.0.0.0/0",
    ];
    SIGNS.iter().any(|sign| script.contains(sign))
}

impl Opening {
    /// What a command opens to everybody, if it does.
    pub(super) fn of(program: &[&str]) -> Option<Self> {
        let (first, rest) = program.split_first()?;
        // `@gcloud` of a Makefile.
        match first.trim_start_matches(['@', '-']) {
            "gcloud" => gcloud(rest),
            "gsutil" => gsutil(rest),
            "aws" => aws(rest),
            "az" => az(rest),
            _ => None,
        }
    }

    /// Adds the fact, unless the name of what is opened does not say that it is of AI.
    pub(super) fn add(self, at: Span, facts: &mut Facts) {
        let words = Words::of([self.name.as_str()]);
        match self.opened {
            Opened::Store => {
                let role = words.role(false);
                if role.0 == "other" {
                    return;
                }
                let store = Store {
                    name: self.name.as_str().into(),
                    provider: self.provider.into(),
                    resource: self.command.into(),
                    role: Field::known(role),
                    public: Field::found(true, at),
                    ..Store::default()
                };
                facts.add(self.name, at, store);
            }
            Opened::Service if words.speak_of_serving() => {
                let gateway = Gateway {
                    name: self.name.as_str().into(),
                    provider: self.provider.into(),
                    resource: self.command.into(),
                    ai: true.into(),
                    authenticated: Field::found(false, at),
                    ..Gateway::default()
                };
                facts.add(self.name, at, gateway);
            }
            Opened::Service => {}
            Opened::Port(port) => {
                let Some(server) = Servers::shipped().of_port(port) else { return };
                let opened = OpenedPort {
                    name: self.name.as_str().into(),
                    provider: self.provider.into(),
                    resource: self.command.into(),
                    port: port.to_string().into(),
                    server: server.title.as_str().into(),
                    everywhere: Field::found(true, at),
                };
                facts.add(format!("{}[{port}]", self.name), at, opened);
            }
        }
    }
}

/// Members of a policy of Google that everybody is.
const EVERYBODY: &[&str] = &["allUsers", "allAuthenticatedUsers"];

fn gcloud(words: &[&str]) -> Option<Opening> {
    let words = words.strip_prefix(&["alpha"]).or_else(|| words.strip_prefix(&["beta"])).unwrap_or(words);
    if let ["compute", "firewall-rules", "create", rule @ ..] = words {
        return firewall_rule(rule);
    }
    let is_public = option(words, "--member").is_some_and(|member| EVERYBODY.contains(&member));
    let unauthenticated = words.contains(&"--allow-unauthenticated");
    let (command, opened) = match words {
        ["storage", "buckets", "add-iam-policy-binding", ..] if is_public => {
            ("gcloud storage buckets add-iam-policy-binding", Opened::Store)
        }
        ["run", "services", "add-iam-policy-binding", ..] if is_public => {
            ("gcloud run services add-iam-policy-binding", Opened::Service)
        }
        ["functions", "add-iam-policy-binding", ..] if is_public => {
            ("gcloud functions add-iam-policy-binding", Opened::Service)
        }
        ["run", "deploy", ..] if unauthenticated => ("gcloud run deploy", Opened::Service),
        ["functions", "deploy", ..] if unauthenticated => ("gcloud functions deploy", Opened::Service),
        _ => return None,
    };
    let own = command.split(' ').count() - 1;
    let name = operand(words.get(own..)?)?.to_owned();
    Some(Opening { name, provider: "google", command, opened })
}

/// `gcloud compute firewall-rules create NAME --allow tcp:8888`: without a source every address is let in.
fn firewall_rule(words: &[&str]) -> Option<Opening> {
    let sources = ["--source-ranges", "--source-tags", "--source-service-accounts"];
    let is_narrow = sources.iter().filter_map(|name| option(words, name)).any(|source| !source.contains("0.0.0.0/0"));
    let allowed = option(words, "--allow").or_else(|| option(words, "--rules"))?;
    let ports = allowed.split(',').filter_map(|rule| rule.rsplit(':').next()?.parse().ok());
    let port = ports.into_iter().find(|port| Servers::shipped().of_port(*port).is_some())?;
    let name = operand(words).filter(|_| !is_narrow)?.to_owned();
    let opened = Opened::Port(port);
    Some(Opening { name, provider: "google", command: "gcloud compute firewall-rules create", opened })
}

fn gsutil(words: &[&str]) -> Option<Opening> {
    let at = words.iter().position(|word| matches!(*word, "iam" | "acl" | "defacl"))?;
    let rest = words.get(at + 1..)?;
    let is_public = match rest {
        ["ch", members @ ..] => {
            let named = |word: &&str| word.split(':').next().is_some_and(|who| who.eq_ignore_ascii_case("allUsers"));
            // `-d` takes the right away again.
            members.iter().any(named) && !members.contains(&"-d")
        }
        ["set", words @ ..] => {
            words.iter().find(|word| !word.starts_with('-')).is_some_and(|access| access.starts_with("public-read"))
        }
        _ => false,
    };
    let name = rest.iter().find(|word| word.starts_with("gs://")).filter(|_| is_public)?;
    Some(Opening { name: (*name).to_owned(), provider: "google", command: "gsutil", opened: Opened::Store })
}

fn aws(words: &[&str]) -> Option<Opening> {
    let is_public = option(words, "--acl").is_some_and(|access| access.starts_with("public-read"));
    if let ["ec2", "authorize-security-group-ingress", ..] = words {
        let port = option(words, "--port").filter(|_| option(words, "--cidr") == Some("0.0.0.0/0"))?.parse().ok()?;
        let name = option(words, "--group-id").or_else(|| option(words, "--group-name")).unwrap_or_default().to_owned();
        let command = "aws ec2 authorize-security-group-ingress";
        return Some(Opening { name, provider: "aws", command, opened: Opened::Port(port) });
    }
    let name = match words {
        // The last address is the one that is written to.
        ["s3", ..] => words.iter().rfind(|word| word.starts_with("s3://")).copied(),
        ["s3api", "put-bucket-acl" | "put-object-acl" | "create-bucket" | "put-object", ..] => {
            option(words, "--bucket")
        }
        _ => None,
    };
    let name = name.filter(|_| is_public)?.to_owned();
    Some(Opening { name, provider: "aws", command: "aws s3", opened: Opened::Store })
}

fn az(words: &[&str]) -> Option<Opening> {
    if let ["vm", "open-port", ..] = words {
        let port = option(words, "--port")?.parse().ok()?;
        let name = option(words, "--name").or_else(|| option(words, "-n"))?.to_owned();
        return Some(Opening { name, provider: "azure", command: "az vm open-port", opened: Opened::Port(port) });
    }
    let ["storage", "container", "create" | "set-permission", ..] = words else { return None };
    let is_public = option(words, "--public-access").is_some_and(|access| matches!(access, "blob" | "container"));
    let name = option(words, "--name").or_else(|| option(words, "-n")).filter(|_| is_public)?.to_owned();
    Some(Opening { name, provider: "azure", command: "az storage container", opened: Opened::Store })
}

/// The first value of an option.
fn option<'w>(words: &[&'w str], name: &str) -> Option<&'w str> {
    option_values(words, name).next()
}

/// The first word that is neither an option nor the value of one.
fn operand<'w>(words: &[&'w str]) -> Option<&'w str> {
    let mut before = "";
    for word in words {
        let is_value = before.starts_with("--") && !before.contains('=') && !SWITCHES.contains(&before);
        if !word.starts_with('-') && !is_value {
            return Some(word);
        }
        before = word;
    }
    None
}

/// Options that take no value.
const SWITCHES: &[&str] = &["--allow-unauthenticated", "--quiet", "--no-traffic", "--gen2", "--async"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    fn opened(command: &str) -> Option<(String, Opened)> {
        let command = shell::commands(command).pop().unwrap();
        Opening::of(&command.program()).map(|opening| (opening.name, opening.opened))
    }

    #[test]
    fn what_a_command_opens() {
        for (command, name, what) in [
            (
                "gcloud storage buckets add-iam-policy-binding gs://m --member=allUsers --role=r",
                "gs://m",
                Opened::Store,
            ),
            (
                "gcloud run services add-iam-policy-binding --region eu llm --member \"allUsers\"",
                "llm",
                Opened::Service,
            ),
            ("gcloud beta run deploy --allow-unauthenticated llm --image x", "llm", Opened::Service),
            ("gsutil -m iam ch allUsers:objectViewer gs://m", "gs://m", Opened::Store),
            ("gsutil acl ch -u AllUsers:R gs://m/x", "gs://m/x", Opened::Store),
            ("gsutil acl set -r public-read gs://m", "gs://m", Opened::Store),
            ("aws s3 cp s3://a s3://models/ --acl public-read", "s3://models/", Opened::Store),
            ("aws s3api put-bucket-acl --bucket m --acl=public-read", "m", Opened::Store),
            ("az storage container create -n m --public-access blob", "m", Opened::Store),
            ("gcloud compute firewall-rules create jupyter --allow=tcp:22,tcp:8888", "jupyter", Opened::Port(8888)),
            (
                "aws ec2 authorize-security-group-ingress --group-id sg-1 --protocol tcp --port 11434 --cidr 0.0.0.0/0",
                "sg-1",
                Opened::Port(11434),
            ),
            ("az vm open-port --resource-group ml --name gpu --port 7860", "gpu", Opened::Port(7860)),
            ("@gcloud functions deploy m --allow-unauthenticated", "m", Opened::Service),
        ] {
            assert_eq!(opened(command), Some((name.to_owned(), what)), "{command}");
        }
        for command in [
            "gcloud storage buckets remove-iam-policy-binding gs://m --member=allUsers",
            "gcloud run services add-iam-policy-binding llm --member=serviceAccount:x",
            "gcloud run deploy llm --no-allow-unauthenticated",
            "gsutil iam ch -d allUsers:objectViewer gs://m",
            "gsutil acl set private gs://m",
            "aws s3 cp a s3://m --acl private",
            "az storage container create -n m --public-access off",
            "echo gcloud run deploy llm --allow-unauthenticated",
            "gcloud compute firewall-rules create jupyter --allow tcp:8888 --source-ranges 198.51.100.7/32",
            "gcloud compute firewall-rules create web --allow tcp:443",
            "aws ec2 authorize-security-group-ingress --group-id sg-1 --port 8888 --cidr 10.0.0.0/8",
            "gcloud",
            "aws",
        ] {
            assert_eq!(opened(command), None, "{command}");
        }
    }
}
