//! The `dtap` command: parses the command line, joins the crates, prints. Everything that touches the terminal is here.

mod arguments;
mod commands;
mod environments;
mod failure;
mod input;
mod interrupt;
mod output;
mod progress;
mod settings;
mod similar;

use arguments::Command;
use clap::{CommandFactory, FromArgMatches};

/// A snapshot is millions of small values, made by every processor at once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let called_as = arguments::called_as(std::env::args_os().next());
    let matches = arguments::Arguments::command().bin_name(called_as).get_matches();
    let arguments = arguments::Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let colour = arguments.colour;
    interrupt::end_cleanly();
    let status = match arguments.command {
        Command::Scan(command) => commands::scan::run(&command, colour),
        Command::Reach(command) => commands::reach::run(&command, colour),
        Command::Diff(command) => commands::diff::run(&command, colour),
        Command::Explain(command) => commands::explain::run(&command, colour),
        Command::Completion(command) => commands::completion::run(&command),
    };
    let status = status.unwrap_or_else(|failure| failure.print(colour));
    // Nothing is freed on the way out: a snapshot of a large cluster takes a while to take apart, for nobody's use.
    std::process::exit(i32::from(status));
}
