//! Standard output and standard error: colours, width, and writing that survives a closed pipe.

use crate::arguments::Colour;
use std::io::{self, IsTerminal, Write};

/// How wide a line is where nobody says.
const WIDTH: usize = 100;

/// Whether to colour what goes to a stream.
pub fn coloured(colour: Colour, stream: &impl IsTerminal) -> bool {
    match colour {
        Colour::Always => true,
        Colour::Never => false,
        // NO_COLOR: any value but the empty one (no-color.org).
        Colour::Auto => {
            stream.is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && std::env::var_os("TERM").is_none_or(|terminal| terminal != "dumb")
        }
    }
}

/// How many cells a line of standard output may take.
pub fn width() -> usize {
    terminal_size::terminal_size_of(io::stdout()).map_or(WIDTH, |(width, _)| usize::from(width.0).clamp(60, 160))
}

/// Writes to standard output, all of it.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a line to standard error. That nobody listens there is no reason to stop.
pub fn complain(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
