//! What is going on, for whoever waits longer than a second: a spinner on a terminal, plain lines elsewhere.

use crate::output;
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::RefCell;
use std::io::IsTerminal;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long work goes on in silence.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows the phase at work until it is dropped.
pub struct Progress {
    phases: Option<Sender<String>>,
    shower: Option<JoinHandle<()>>,
    /// When each phase began, where that is asked for.
    timings: Option<RefCell<Vec<(String, Instant)>>>,
}

impl Progress {
    /// Starts in silence; `quiet` keeps it.
    pub fn start(quiet: bool) -> Self {
        if quiet {
            return Self { phases: None, shower: None, timings: None };
        }
        let (phases, told) = channel();
        Self { phases: Some(phases), shower: Some(std::thread::spawn(move || show(&told))), timings: None }
    }

    /// The same; at the end it says how long each phase took.
    pub fn with_timings(mut self, wanted: bool) -> Self {
        self.timings = wanted.then(RefCell::default);
        self
    }

    /// Says what is being done from now on.
    pub fn phase(&self, phase: impl Into<String>) {
        let phase = phase.into();
        if let Some(timings) = &self.timings {
            timings.borrow_mut().push((phase.clone(), Instant::now()));
        }
        if let Some(phases) = &self.phases {
            // The other end is gone only when it has nothing more to show.
            let _ = phases.send(phase);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.phases = None;
        if let Some(shower) = self.shower.take() {
            let _ = shower.join();
        }
        let began = self.timings.as_ref().map(RefCell::take).unwrap_or_default();
        let ends = began.iter().skip(1).map(|(_, next)| *next).chain([Instant::now()]);
        for ((phase, began), ends) in began.iter().zip(ends) {
            output::complain(&format!("{phase} {:.3}", ends.duration_since(*began).as_secs_f64()));
        }
    }
}

/// Listens in silence for [`PATIENCE`], then shows the phase at work and every later one.
fn show(told: &Receiver<String>) {
    let started = Instant::now();
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
