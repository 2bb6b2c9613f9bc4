//! The command line: what every verb takes, with help and examples.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use dtap_report::assumption::ASSUMPTIONS;
use dtap_snapshot::infer::Selector;
use dtap_snapshot::infer::corrections::parse;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Development, test, acceptance and production on Kubernetes: which environments touch each other, and how they
/// differ.
#[derive(Debug, Parser)]
#[command(
    version = env!("DTAP_VERSION"),
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "\
Examples:
  dtap scan deploy/                      what touches, and what differs
  kubectl get -A -o json … | dtap scan - the same of a running cluster
  dtap diff acc prd deploy/              everything in which acc and prd differ
  dtap reach dev:web prd:orders:5432 deploy/
                                         whether one pod can open another, and why
  dtap explain NET001                    what a rule looks for, and how to mend it

Exit status: 0 holds · 1 an error finding · 2 wrong use, or the world failed · 3 something unknown
             (dtap explain exit-status)"
)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
    /// When to colour the output
    #[arg(long = "color", value_name = "WHEN", default_value = "auto", global = true, hide_possible_values = false)]
    pub colour: Colour,
}

/// The verbs.
#[derive(Debug, Subcommand)]
pub enum Command {
    Scan(Scan),
    Reach(Reach),
    Diff(Diff),
    Explain(Explain),
    Completion(Completion),
}

/// Find the environments; show which of them touch over the network, and in what they differ
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dtap scan                              the folder you are in
  dtap scan deploy/ infra/               several folders, read together
  kubectl get -A -o json namespaces,networkpolicies,services,endpointslices,deployments,statefulsets,daemonsets,pods | dtap scan -
  dtap scan --environment prd=namespace:shop-live deploy/
  dtap scan --assume pod-range=10.0.0.0/8 --strict deploy/
  dtap scan --fail-on difference -o json deploy/
  dtap scan -q --rule NET001 deploy/     the findings of one rule, each with its place

SELECTOR is namespace:GLOB, label:KEY=VALUE, path:GLOB or cluster:NAME.
A path is taken as it was typed, or from a PATH on.

Exit status: 0 holds under the assumptions named, `today only` included;
               with --fail-on never whatever was found or left unknown
             1 an error finding (see --fail-on)
             2 wrong use, or a path that does not exist
             3 nothing broken, but something unknown, fewer than two
               environments, or an unplaced namespace in contact with one")]
pub struct Scan {
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub judging: Judging,
    #[command(flatten)]
    pub showing: Showing,
    /// Say on standard error how long each phase took
    #[arg(long, hide = true)]
    pub timings: bool,
}

/// Tell whether one pod, workload or address can open a connection to another, and because of which policies
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dtap reach shop-dev/web shop-prd/orders:5432 deploy/
  dtap reach dev:web prd:orders:5432/TCP deploy/
  dtap reach 10.1.2.3 shop-prd/web:8080 deploy/
  dtap reach shop-prd/web 0.0.0.0/0:443 deploy/
  dtap reach shop-dev/web '[2001:db8::1]:443' deploy/

FROM and TO are namespace/workload, environment:workload, an address or a CIDR; without a port every port is judged.

Exit status: 0 allowed · 1 denied · 2 wrong use · 3 unknown")]
pub struct Reach {
    /// Who opens the connection
    pub from: String,
    /// Who is to accept it
    #[arg(value_name = "TO[:PORT[/PROTOCOL]]")]
    pub to: String,
    #[command(flatten)]
    pub input: Input,
    #[command(flatten)]
    pub judging: Judging,
    /// How to show it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: Format,
}

/// List everything in which two environments differ, path by path
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dtap diff acc prd deploy/
  dtap diff shop/acc shop/prd .          where there are several streets
  dtap diff -o json tst acc deploy/

Exit status: 0 the same · 1 any difference · 2 wrong use · 3 no difference found, but something unknown")]
pub struct Diff {
    /// An environment, as `dtap scan` shows it: STAGE or STREET/STAGE
    #[arg(value_name = "ENVIRONMENT")]
    pub from: String,
    /// The environment to compare with
    #[arg(value_name = "ENVIRONMENT")]
    pub to: String,
    #[command(flatten)]
    pub input: Input,
    /// How to show it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: Format,
}

/// Explain a rule, the assumptions or the exit statuses; without a name, list the rules
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dtap explain                           the list of rules
  dtap explain NET001                    what it looks for, why, an example, how to mend it
  dtap explain network                   the rules of a plane: network, parity, sources
  dtap explain PAR                       the rules whose codes begin so
  dtap explain replicas                  the rules that have the word in their titles
  dtap explain assumptions               what the verdicts stand on
  dtap explain exit-status               what 0, 1, 2 and 3 mean

Exit status: 0 explained · 2 no such rule")]
pub struct Explain {
    /// A rule such as NET001, how codes begin, a plane or a word; `assumptions`, one of them, or `exit-status`
    #[arg(value_name = "RULE", value_parser = Suggested(explained), hide_possible_values = true)]
    pub name: Option<String>,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  dtap completion bash > ~/.local/share/bash-completion/completions/dtap
  dtap completion zsh  > ~/.zfunc/_dtap
  dtap completion fish > ~/.config/fish/completions/dtap.fish

Exit status: 0 printed · 2 no such shell")]
pub struct Completion {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// What to read, and what it is.
#[derive(Debug, Args)]
pub struct Input {
    /// Files, folders, or `-` for standard input
    #[arg(value_name = "PATH", default_value = ".")]
    pub paths: Vec<String>,
    /// Take what the selector matches for this environment, or with the name `shared` for what serves all
    #[arg(long = "environment", value_name = "NAME=SELECTOR", value_parser = parse, help_heading = "What is what")]
    pub environments: Vec<(String, Selector)>,
    /// Take what the selector matches for this street
    #[arg(long = "street", value_name = "NAME=SELECTOR", value_parser = parse, help_heading = "What is what")]
    pub streets: Vec<(String, Selector)>,
    /// Take what the selector matches for this cluster
    #[arg(long = "cluster", value_name = "NAME=SELECTOR", value_parser = parse, help_heading = "What is what")]
    pub clusters: Vec<(String, Selector)>,
    /// Leave out what the glob matches, as .gitignore writes them; what a kustomization lists is rendered all the same
    #[arg(long, value_name = "GLOB", help_heading = "Reading")]
    pub exclude: Vec<String>,
    /// What reading may do beyond the harmless: fetch remote bases, run helm, read outside a root
    #[arg(long, value_name = "WHAT", value_delimiter = ',', help_heading = "Reading")]
    pub allow: Vec<Allowed>,
    /// Show no progress; show findings and the outcome alone
    #[arg(short, long)]
    pub quiet: bool,
}

impl Input {
    /// Its options as words to be typed again; not `--quiet`, which changes nothing that is read.
    pub fn options(&self) -> Vec<String> {
        let corrections = [("environment", &self.environments), ("street", &self.streets), ("cluster", &self.clusters)];
        let corrections = corrections.into_iter().flat_map(|(option, said)| {
            said.iter().flat_map(move |(name, selector)| option_words(option, format!("{name}={selector}")))
        });
        let excluded = self.exclude.iter().flat_map(|glob| option_words("exclude", glob.clone()));
        let allowed = self.allow.iter().filter_map(ValueEnum::to_possible_value);
        let allowed = allowed.flat_map(|what| option_words("allow", what.get_name().to_owned()));
        corrections.chain(excluded).chain(allowed).collect()
    }
}

impl Judging {
    /// Its options as words to be typed again.
    pub fn options(&self) -> Vec<String> {
        let strict = self.strict.then(|| "--strict".to_owned());
        strict.into_iter().chain(self.assume.iter().flat_map(|what| option_words("assume", what.clone()))).collect()
    }
}

/// An option and its value; in one word where the value would be taken for another option.
fn option_words(option: &str, value: String) -> Vec<String> {
    if value.starts_with('-') { vec![format!("--{option}={value}")] } else { vec![format!("--{option}"), value] }
}

/// How to judge.
#[derive(Debug, Args)]
pub struct Judging {
    /// Take for unknown what stands on an assumption that neither the input settles nor you vouch for with --assume
    #[arg(long, help_heading = "Judging")]
    pub strict: bool,
    /// Vouch for an assumption; `dtap explain assumptions` lists them
    #[arg(
        long,
        value_name = "NAME[=VALUE]",
        help_heading = "Judging",
        value_parser = Suggested(assumed),
        hide_possible_values = true
    )]
    pub assume: Vec<String>,
}

/// How to show it, and what counts as a failure.
#[derive(Debug, Args)]
pub struct Showing {
    /// How to show it
    #[arg(short, long, value_name = "FORMAT", default_value = "text")]
    pub output: Format,
    /// Show every finding, each with its source
    #[arg(long)]
    pub all: bool,
    /// Show findings of this rule alone, each with its place; may be repeated, and changes no exit status
    #[arg(long = "rule", value_name = "RULE", value_parser = Suggested(codes), hide_possible_values = true)]
    pub rules: Vec<String>,
    /// From which findings on the exit status is 1
    #[arg(long, value_name = "WHAT", default_value = "error")]
    pub fail_on: FailOn,
}

/// What `--allow` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Allowed {
    /// Fetch remote bases
    Remote,
    /// Render charts that a kustomization inflates
    Helm,
    /// Read files outside a kustomize root
    Outside,
}

/// What `-o` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs, as schemas/ says
    Json,
}

/// What `--color` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What `--fail-on` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// An error
    Error,
    /// A warning or an error
    Warning,
    /// An error, or any difference between two environments
    Difference,
    /// Nothing: the exit status is 0 whatever was found or left unknown
    Never,
}

/// Takes any text; what shells complete it to is suggested, and no more than that.
#[derive(Clone)]
struct Suggested(fn() -> Vec<&'static str>);

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0().into_iter().map(PossibleValue::new)))
    }
}

/// The codes of the rules.
fn codes() -> Vec<&'static str> {
    dtap_verify::rules::rules().iter().map(|rule| rule.code).collect()
}

/// What `dtap explain` takes.
fn explained() -> Vec<&'static str> {
    crate::commands::explain::names()
}

/// What `--assume` takes, without the values that follow some of it.
fn assumed() -> Vec<&'static str> {
    ASSUMPTIONS.iter().filter(|known| known.takes.is_some()).map(|known| known.name).collect()
}

impl From<FailOn> for dtap_report::FailOn {
    fn from(what: FailOn) -> Self {
        match what {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Difference => Self::Difference,
            FailOn::Never => Self::Never,
        }
    }
}

/// How the user calls this program: kubectl runs a plugin of the name `kubectl-dtap`.
pub fn called_as(program: Option<OsString>) -> &'static str {
    let name = program.as_deref().map(Path::new).and_then(Path::file_stem);
    if name.is_some_and(|name| name == "kubectl-dtap") { "kubectl dtap" } else { "dtap" }
}
