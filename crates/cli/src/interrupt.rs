//! Ctrl-C and a request to end: nothing is left behind.

/// The exit status of a process that an interrupt ends, as shells have it: 128 and the number of SIGINT.
const STATUS: i32 = 130;

/// From now on, an interrupt removes temporary folders and ends the process.
pub fn end_cleanly() {
    let end = || {
        dtap_source::remove_workplaces();
        std::process::exit(STATUS)
    };
    // Where no handler can be set, an interrupt ends the process as it always does, and a temporary folder stays.
    let _set = ctrlc::set_handler(end);
}
