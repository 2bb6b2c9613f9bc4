//! Runs kustomize over one root: bounded in time, memory and output, without network, plugins or a home.

use super::kustomization::Kustomization;
use super::origin;
use crate::Allow;
use dtap_model::tree::Node;
use dtap_model::tree::Span;
use std::ffi::{OsStr, OsString};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How far one root may go.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How long it may take.
    pub time: Duration,
    /// How much address space the renderer may take, in KiB.
    pub memory: u64,
    /// How much it may render to, in bytes.
    pub output: u64,
}

const BOUNDS: Bounds = Bounds { time: Duration::from_secs(30), memory: 4 * 1024 * 1024, output: 256 * 1024 * 1024 };
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
    bounds: Bounds,
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
        let path = std::env::var_os("PATH").unwrap_or_default();
        let named = std::env::var_os("DTAP_KUSTOMIZE").filter(|name| !name.is_empty());
        Self::find_on(&path, named.map(PathBuf::from), allow, inputs)
    }

    fn find_on(path: &OsStr, named: Option<PathBuf>, allow: Allow, inputs: &[PathBuf]) -> Result<Self, String> {
        // A relative entry of PATH could lead into the scanned files: nothing that they bring is run.
        let folders: Vec<PathBuf> = std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect();
        let program = match named {
            Some(name) => {
                let found = if name.is_absolute() { Some(name.clone()) } else { search(&folders, &name) };
                let found = found.filter(|path| path.is_file());
                found.ok_or_else(|| format!("DTAP_KUSTOMIZE is not there: {}", name.display()))?
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
        Ok(Self { program, command, search_path, allow, bounds: BOUNDS, workplace, apart })
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
        let output = drain(child.stdout.take(), self.bounds.output);
        let complaint = drain(child.stderr.take(), COMPLAINT);
        let end = Instant::now() + self.bounds.time;
        let output = match output.recv_timeout(self.bounds.time) {
            Ok(output) => output,
            Err(RecvTimeoutError::Timeout) => return Err(stop(child, Failure::Slow)),
            Err(RecvTimeoutError::Disconnected) => return Err(stop(child, Failure::Broken("no output".to_owned()))),
        };
        if u64::try_from(output.len()).is_ok_and(|length| length > self.bounds.output) {
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
        command.arg("-c").arg(format!("ulimit -v {} 2>/dev/null; exec \"$0\" \"$@\"", self.bounds.memory));
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
    /// Where in the root's kustomization the cause is to be looked for.
    pub fn place(&self, root: &Kustomization) -> Span {
        match self {
            Self::Refused(complaint) => super::complaint::place(complaint, root),
            Self::Slow | Self::Large | Self::Broken(_) => Span::new(0, 0),
        }
    }

    /// The failure as the end of a sentence that starts with the root's name, and what to do.
    pub fn told(&self, root: &Kustomization, program: &str) -> (String, Option<String>) {
        let by_hand = || Some(by_hand(root, program));
        match self {
            Self::Refused(complaint) => {
                let essence = super::complaint::essence(complaint, root);
                let outside = complaint.contains("security; file");
                let hint = outside.then(|| "--allow outside reads it".to_owned());
                (format!("did not render: {essence}"), hint)
            }
            Self::Slow => (format!("did not render within {} seconds", BOUNDS.time.as_secs()), by_hand()),
            Self::Large => (format!("renders to more than {} MiB", BOUNDS.output >> 20), by_hand()),
            Self::Broken(why) => (format!("did not render: {why}"), by_hand()),
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
    let made = made.map_or_else(|| tempfile::Builder::new().prefix("dtap-").tempdir_in(usual), Ok)?;
    let mut workplaces = WORKPLACES.lock().unwrap_or_else(PoisonError::into_inner);
    workplaces.push(made.path().to_path_buf());
    Ok(made)
}

/// Every temporary folder that was made; most are gone again.
static WORKPLACES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what reading has put into temporary folders: for a process that is told to end while it reads.
pub fn remove_workplaces() {
    for workplace in WORKPLACES.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        // It may be gone, or somebody may still be writing into it; there is no time to do more about it.
        let _removed = std::fs::remove_dir_all(workplace);
    }
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
    use super::{Bounds, Failure, Renderer, relative};
    use crate::Allow;
    use crate::kustomize::kustomization::Kustomization;
    use crate::spelling::Spelling;
    use std::os::unix::fs::PermissionsExt;
    use std::path::{Path, PathBuf};
    use std::time::{Duration, Instant};
    use tempfile::TempDir;

    /// A folder with a kustomization and a program that takes the place of kustomize.
    fn fake(script: &str) -> (TempDir, Kustomization, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("kustomize");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let path = std::fs::canonicalize(folder.path()).unwrap();
        let spelling = Spelling::of_input("overlay", 0, 0);
        let root = Kustomization::parse(path, spelling, "kustomization.yaml".to_owned(), String::new()).unwrap();
        (folder, root, program)
    }

    fn render(script: &str, bounds: Bounds) -> Result<String, Failure> {
        let (_folder, root, program) = fake(script);
        let mut renderer = Renderer::find_on("/usr/bin:/bin".as_ref(), Some(program), Allow::default(), &[]).unwrap();
        renderer.bounds = bounds;
        renderer.render(&root, 0).map(|rendered| rendered.text)
    }

    const SMALL: Bounds = Bounds { time: Duration::from_millis(500), memory: 4 * 1024 * 1024, output: 1000 };
    const PATIENT: Bounds = Bounds { time: Duration::from_secs(20), memory: 4 * 1024 * 1024, output: 1000 };

    #[test]
    fn a_renderer_that_does_not_end_is_stopped() {
        let start = Instant::now();
        assert!(matches!(render("exec sleep 30", SMALL), Err(Failure::Slow)));
        assert!(start.elapsed() < Duration::from_secs(10));
        // Nor does closing its output help it.
        assert!(matches!(render("exec >&- 2>&-; exec sleep 30", SMALL), Err(Failure::Slow)));
    }

    #[test]
    fn a_renderer_that_writes_without_end_is_stopped() {
        assert!(matches!(render("exec cat /dev/zero", PATIENT), Err(Failure::Large)));
    }

    #[test]
    fn a_renderer_has_bounded_memory() {
        let bounds = Bounds { memory: 300_000, ..PATIENT };
        assert_eq!(render("ulimit -v", bounds).unwrap(), "300000\n");
    }

    #[test]
    fn a_renderer_sees_no_home_no_environment_and_no_way_to_the_network() {
        let text = render("env | grep -vE '^(PWD|SHLVL|_|OLDPWD)=' | sort; ls -A \"$HOME\"", PATIENT).unwrap();
        let names: Vec<&str> = text.lines().map(|line| line.split('=').next().unwrap()).collect();
        // The last line is the only thing in its home: the folder of the wrapper.
        assert_eq!(names, ["GIT_ALLOW_PROTOCOL", "HOME", "HTTPS_PROXY", "HTTP_PROXY", "PATH", "TMPDIR", "0"]);
        assert!(text.contains("GIT_ALLOW_PROTOCOL=none"));
    }

    #[test]
    fn nothing_but_what_is_allowed_is_asked_of_the_renderer() {
        let (_folder, root, program) = fake("echo \"$1\" \"$3\" \"$4\"");
        let path = "/usr/bin:/bin".as_ref();
        let plain = Renderer::find_on(path, Some(program.clone()), Allow::default(), &[]).unwrap();
        assert_eq!(plain.render(&root, 0).unwrap().text, "build  \n");
        let allow = Allow { helm: true, outside: true, remote: false };
        let open = Renderer::find_on(path, Some(program), allow, &[]).unwrap();
        let expected = "build --load-restrictor=LoadRestrictionsNone --enable-helm\n";
        assert_eq!(open.render(&root, 0).unwrap().text, expected);
    }

    #[test]
    fn a_missing_program_says_what_to_install() {
        let hint = Renderer::find_on("/nowhere".as_ref(), None, Allow::default(), &[]).unwrap_err();
        assert_eq!(hint, "install kustomize (or kubectl, which brings one) and put it on PATH");
        let named = Renderer::find_on("/nowhere".as_ref(), Some("mine".into()), Allow::default(), &[]).unwrap_err();
        assert_eq!(named, "DTAP_KUSTOMIZE is not there: mine");
    }

    #[test]
    fn a_program_in_the_folder_at_hand_is_not_run() {
        let (folder, _root, _program) = fake("true");
        let here = std::env::current_dir().unwrap();
        let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
        let relative = up.join(folder.path().strip_prefix("/").unwrap());
        assert!(relative.join("kustomize").is_file());
        assert!(Renderer::find_on(relative.as_os_str(), None, Allow::default(), &[]).is_err());
    }

    #[test]
    fn one_folder_is_found_from_another() {
        assert_eq!(relative(Path::new("/tmp/x/0"), Path::new("/srv/a b/c")).unwrap(), "../../../srv/a b/c");
        assert_eq!(relative(Path::new("/tmp/x/0"), Path::new("/tmp/y")).unwrap(), "../../y");
    }
}
