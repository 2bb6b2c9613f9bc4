//! What is going on, for whoever waits longer than a second: a spinner on a terminal, plain lines elsewhere.

use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long work goes on in silence.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows the phase at work until it is dropped.
pub struct Progress {
    phases: Option<Sender<String>>,
    shower: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts in silence; `quiet` keeps it.
    pub fn start(quiet: bool) -> Self {
        if quiet {
            return Self { phases: None, shower: None };
        }
        let (phases, told) = channel();
        Self { phases: Some(phases), shower: Some(std::thread::spawn(move || show(&told))) }
    }

    /// Says what is being done from now on.
    pub fn phase(&self, phase: impl Into<String>) {
        if let Some(phases) = &self.phases {
            // The other end is gone only when it has nothing more to show.
            let _ = phases.send(phase.into());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.phases = None;
        if let Some(shower) = self.shower.take() {
            let _ = shower.join();
        }
    }
}

/// Listens in silence for [`PATIENCE`], then shows the phase at work and every later one.
fn show(told: &Receiver<String>) {
    let started = std::time::Instant::now();
    let mut phase = String::new();
    loop {
        match told.recv_timeout(PATIENCE.saturating_sub(started.elapsed())) {
            Ok(next) => phase = next,
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
    if std::io::stderr().is_terminal() {
        let spinner = ProgressBar::new_spinner().with_message(phase);
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
            spinner.set_style(style);
        }
        spinner.enable_steady_tick(Duration::from_millis(100));
        for next in told {
            spinner.set_message(next);
        }
        spinner.finish_and_clear();
    } else {
        output::complain(&format!("dtap: {phase}"));
        for next in told {
            output::complain(&format!("dtap: {next}"));
        }
    }
}
