//! Runs kustomize over one root: bounded in time, memory and output, without network, plugins or a home.

use super::kustomization::Kustomization;
use super::origin;
use crate::Allow;
use dtap_model::tree::Node;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long one root may take.
const TIME: Duration = Duration::from_secs(30);
/// How much address space the renderer may take, in KiB.
const MEMORY: u64 = 4 * 1024 * 1024;
/// How much a root may render to, in bytes.
const OUTPUT: u64 = 256 * 1024 * 1024;
/// How much of the renderer's complaint is read, in bytes.
const COMPLAINT: u64 = 1024 * 1024;

/// A renderer that was found, and the folder it works in.
#[derive(Debug)]
pub struct Renderer {
    program: PathBuf,
    /// `build`, or `kustomize` for kubectl.
    command: &'static str,
    search_path: OsString,
    allow: Allow,
    workplace: TempDir,
    /// Whether the workplace stands apart from everything that is read, so that wrappers can be put into it.
    apart: bool,
}

/// Why a root did not render.
#[derive(Debug)]
pub enum Failure {
    /// The renderer said why.
    Refused(String),
    /// It took longer than allowed.
    Slow,
    /// It rendered to more than allowed.
    Large,
    /// It could not be started or read.
    Broken(String),
}

impl Renderer {
    /// Finds kustomize, or kubectl which holds one. `DTAP_KUSTOMIZE` names another.
    ///
    /// # Errors
    /// What to install.
    pub fn find(allow: Allow, inputs: &[PathBuf]) -> Result<Self, String> {
        // A relative entry of PATH could lead into the scanned files: nothing that they bring is run.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders: Vec<PathBuf> = std::env::split_paths(&path).filter(|folder| folder.is_absolute()).collect();
        let program = match std::env::var_os("DTAP_KUSTOMIZE").filter(|name| !name.is_empty()) {
            Some(name) => {
                let name = PathBuf::from(name);
                let found = if name.is_absolute() { Some(name.clone()) } else { search(&folders, &name) };
                found
                    .filter(|path| path.is_file())
                    .ok_or_else(|| format!("DTAP_KUSTOMIZE is not there: {}", name.display()))?
            }
            None => ["kustomize", "kubectl"]
                .iter()
                .find_map(|name| search(&folders, Path::new(name)))
                .ok_or_else(|| "install kustomize (or kubectl, which brings one) and put it on PATH".to_owned())?,
        };
        let is_kubectl = program.file_name().is_some_and(|name| name.to_string_lossy().starts_with("kubectl"));
        let command = if is_kubectl { "kustomize" } else { "build" };
        let workplace = workplace(inputs).map_err(|error| format!("make room for temporary files: {error}"))?;
        let apart = !inputs.iter().any(|input| workplace.path().starts_with(input));
        let search_path = std::env::join_paths(folders).unwrap_or_default();
        Ok(Self { program, command, search_path, allow, workplace, apart })
    }

    /// Its name, as a person would call it.
    pub fn name(&self) -> &'static str {
        if self.command == "build" { "kustomize" } else { "kubectl kustomize" }
    }

    /// Renders a root. `number` tells the roots of one run apart.
    ///
    /// Where it can, it renders through a kustomization of its own that has the root as its only resource and asks for
    /// origin annotations: the objects are the same, and each says which file it came from.
    ///
    /// # Errors
    /// Why it did not render.
    pub fn render(&self, root: &Kustomization, number: usize) -> Result<Rendered, Failure> {
        let wrapper = if self.apart && !root.has("openapi") { self.wrap(root, number) } else { None };
        let folder = wrapper.as_deref().unwrap_or(&root.folder);
        let text = self.run(folder)?;
        let Some(wrapper) = &wrapper else { return Ok(Rendered { text, origins: Vec::new() }) };
        let taken = origin::take(&text);
        let canonical = |path: String| std::fs::canonicalize(wrapper.join(path)).ok();
        let origins = taken.origins.into_iter().map(|(start, path)| (start, path.and_then(canonical))).collect();
        Ok(Rendered { text: taken.text, origins })
    }

    fn wrap(&self, root: &Kustomization, number: usize) -> Option<PathBuf> {
        let folder = self.workplace.path().join(number.to_string());
        let resource = relative(&folder, &root.folder)?;
        let managed = root.tree.get("buildMetadata").map_or(&[][..], Node::items);
        let managed = managed.iter().any(|option| option.as_str() == Some("managedByLabel"));
        // This one option speaks only at the top: it moves up with it.
        let managed = if managed { ", managedByLabel" } else { "" };
        // In YAML's single quotes only the quote itself is special; a path with a line break has no wrapper.
        let quoted = Some(resource).filter(|path| !path.contains(['\n', '\r']))?.replace('\'', "''");
        let text = format!("resources: ['{quoted}']\nbuildMetadata: [originAnnotations{managed}]\n");
        std::fs::create_dir(&folder).ok()?;
        std::fs::write(folder.join("kustomization.yaml"), text).ok()?;
        Some(folder)
    }

    fn run(&self, folder: &Path) -> Result<String, Failure> {
        let broken = |error: std::io::Error| Failure::Broken(error.to_string());
        let mut child = self.command(folder).spawn().map_err(broken)?;
        let output = drain(child.stdout.take(), OUTPUT);
        let complaint = drain(child.stderr.take(), COMPLAINT);
        let end = Instant::now() + TIME;
        let output = match output.recv_timeout(TIME) {
            Ok(output) => output,
            Err(RecvTimeoutError::Timeout) => return Err(stop(child, Failure::Slow)),
            Err(RecvTimeoutError::Disconnected) => return Err(stop(child, Failure::Broken("no output".to_owned()))),
        };
        if u64::try_from(output.len()).is_ok_and(|length| length > OUTPUT) {
            return Err(stop(child, Failure::Large));
        }
        let complaint = complaint.recv_timeout(end.saturating_duration_since(Instant::now())).unwrap_or_default();
        loop {
            match child.try_wait().map_err(broken)? {
                Some(status) if status.success() => break,
                Some(_) => return Err(Failure::Refused(String::from_utf8_lossy(&complaint).into_owned())),
                None if Instant::now() > end => return Err(stop(child, Failure::Slow)),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        String::from_utf8(output).map_err(|_| Failure::Broken("its output is no UTF-8 text".to_owned()))
    }

    fn command(&self, folder: &Path) -> Command {
        // The shell only sets the limit and makes way for the program, which gets its arguments as they are.
        let mut command = Command::new("/bin/sh");
        command.arg("-c").arg(format!("ulimit -v {MEMORY} 2>/dev/null; exec \"$0\" \"$@\""));
        command.arg(&self.program).arg(self.command).arg(folder);
        if self.allow.outside {
            command.arg("--load-restrictor=LoadRestrictionsNone");
        }
        if self.allow.helm {
            command.arg("--enable-helm");
        }
        command.env_clear().env("PATH", &self.search_path);
        command.env("HOME", self.workplace.path()).env("TMPDIR", self.workplace.path());
        if self.allow.remote {
            for name in ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
                command.envs(std::env::var_os(name).map(|value| (name, value)));
            }
        } else {
            // References to the network are told before this runs. Should one slip through, it leads nowhere.
            command.env("GIT_ALLOW_PROTOCOL", "none");
            command.env("HTTP_PROXY", "http://127.0.0.1:9").env("HTTPS_PROXY", "http://127.0.0.1:9");
        }
        command.current_dir(self.workplace.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// What a root rendered to.
#[derive(Debug)]
pub struct Rendered {
    /// The renderer's output, without what only origins had been asked for.
    pub text: String,
    /// The offset at which each document begins, and the canonical path of the file it came from.
    pub origins: Vec<(usize, Option<PathBuf>)>,
}

impl Rendered {
    /// The file of the document that an offset lies in.
    pub fn origin_at(origins: &[(usize, Option<PathBuf>)], offset: usize) -> Option<&Path> {
        let after = origins.partition_point(|(start, _)| *start <= offset);
        origins.get(after.checked_sub(1)?)?.1.as_deref()
    }
}

impl Failure {
    /// The failure as the end of a sentence that starts with the root's name, and what to do.
    pub fn told(&self, root: &Kustomization, program: &str) -> (String, Option<String>) {
        match self {
            Self::Refused(complaint) => {
                let essence = super::complaint::essence(complaint, root);
                let outside = complaint.contains("security; file");
                let hint = outside.then(|| "--allow outside reads it".to_owned());
                (format!("did not render: {essence}"), hint)
            }
            Self::Slow => (format!("did not render within {} seconds", TIME.as_secs()), Some(by_hand(root, program))),
            Self::Large => (format!("renders to more than {} MiB", OUTPUT >> 20), Some(by_hand(root, program))),
            Self::Broken(why) => (format!("did not render: {why}"), Some(by_hand(root, program))),
        }
    }
}

fn by_hand(root: &Kustomization, program: &str) -> String {
    let command = if program == "kustomize" { "kustomize build" } else { program };
    format!("see what it does by hand: {command} {}", root.spelling.name)
}

/// Reads a pipe to its end, or one byte further than `bound`, on a thread of its own.
fn drain(pipe: Option<impl Read + Send + 'static>, bound: u64) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is all there is.
            let _read = pipe.take(bound + 1).read_to_end(&mut bytes);
        }
        // Nobody listens any more when the time was up.
        let _sent = sender.send(bytes);
    });
    receiver
}

fn stop(mut child: Child, failure: Failure) -> Failure {
    // A process that has ended by itself cannot be killed, and need not be.
    let _killed = child.kill();
    let _waited = child.wait();
    failure
}

fn search(folders: &[PathBuf], name: &Path) -> Option<PathBuf> {
    folders.iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// A temporary folder, apart from what is read where there is a choice.
fn workplace(inputs: &[PathBuf]) -> std::io::Result<TempDir> {
    let usual = std::env::temp_dir();
    let places = [usual.clone(), PathBuf::from("/dev/shm"), PathBuf::from("/var/tmp")];
    let apart = places.into_iter().filter_map(|place| std::fs::canonicalize(place).ok());
    let mut apart = apart.filter(|place| !inputs.iter().any(|input| place.starts_with(input)));
    let made = apart.find_map(|place| tempfile::Builder::new().prefix("dtap-").tempdir_in(place).ok());
    made.map_or_else(|| tempfile::Builder::new().prefix("dtap-").tempdir_in(usual), Ok)
}

/// The path from one canonical folder to another.
fn relative(from: &Path, to: &Path) -> Option<String> {
    let common = from.components().zip(to.components()).take_while(|(left, right)| left == right).count();
    let up = from.components().skip(common).map(|_| PathBuf::from(".."));
    let down = to.components().skip(common).map(|part| PathBuf::from(part.as_os_str()));
    let path: PathBuf = up.chain(down).collect();
    path.to_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::relative;
    use std::path::Path;

    #[test]
    fn one_folder_is_found_from_another() {
        assert_eq!(relative(Path::new("/tmp/x/0"), Path::new("/srv/a b/c")).unwrap(), "../../../srv/a b/c");
        assert_eq!(relative(Path::new("/tmp/x/0"), Path::new("/tmp/y")).unwrap(), "../../y");
    }
}
