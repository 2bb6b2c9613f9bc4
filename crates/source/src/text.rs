//! Bytes of files to text: refuses what is no text, and never waits for what is no file.

use crate::walk::{At, Found, cannot};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Offsets into a text are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// Reads a file or standard input whole.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn read(found: &Found) -> Result<String, (String, Option<String>)> {
    match &found.at {
        At::File(path) => read_file(path),
        At::StandardInput => read_all(std::io::stdin().lock()),
    }
}

/// Reads a file whole.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn read_file(path: &Path) -> Result<String, (String, Option<String>)> {
    match File::open(path) {
        Ok(file) => read_all(file),
        Err(error) => Err((cannot("be opened", &error), Some("give read permission".to_owned()))),
    }
}

fn read_all(mut source: impl Read) -> Result<String, (String, Option<String>)> {
    let mut bytes = Vec::new();
    match source.by_ref().take(LARGEST).read_to_end(&mut bytes) {
        Ok(length) if u64::try_from(length).is_ok_and(|length| length >= LARGEST) => {
            Err(("is larger than 4 GiB".to_owned(), Some("split it by namespace".to_owned())))
        }
        Ok(_) => String::from_utf8(bytes).map_err(|error| {
            let why = format!("is no UTF-8 text (byte {})", error.utf8_error().valid_up_to());
            (why, Some("save it as UTF-8, or leave it out with --exclude".to_owned()))
        }),
        Err(error) => Err((cannot("be read", &error), None)),
    }
}
