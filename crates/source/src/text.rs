//! Bytes of files to text: refuses what is no text, and never waits for what is no file.

use crate::walk::{At, Found, cannot};
use rayon::prelude::*;
use std::fs::{File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Offsets into a text are 32 bits wide.
const LARGEST: u64 = u32::MAX as u64;

/// A larger file is read in parts of this size, side by side: most of the time goes into bringing memory into being,
/// which every processor does for itself.
const PART: usize = 16 << 20;

/// Reads a file or standard input whole.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn read(found: &Found) -> Result<String, (String, Option<String>)> {
    match &found.at {
        At::File(path) => read_file(path),
        At::StandardInput => read_on(Vec::new(), io::stdin().lock()),
    }
}

/// Reads a file whole.
///
/// # Errors
/// Why it cannot be read, and what to do.
pub fn read_file(path: &Path) -> Result<String, (String, Option<String>)> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) => return Err((cannot("be opened", &error), Some("give read permission".to_owned()))),
    };
    let length = file.metadata().ok().filter(Metadata::is_file).map_or(0, |file| file.len());
    if length >= LARGEST {
        return Err(too_large());
    }
    let length = usize::try_from(length).unwrap_or_default();
    if length < PART {
        return read_on(Vec::with_capacity(length), file);
    }
    // What becomes shorter meanwhile is read as it is then.
    let bytes = in_parts(path, length).unwrap_or_default();
    let offset = SeekFrom::Start(u64::try_from(bytes.len()).unwrap_or_default());
    match file.seek(offset) {
        Ok(_) => read_on(bytes, file),
        Err(error) => Err((cannot("be read", &error), None)),
    }
}

/// The first `length` bytes of a file.
fn in_parts(path: &Path, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    bytes.par_chunks_mut(PART).enumerate().try_for_each(|(index, part)| {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(u64::try_from(index * PART).unwrap_or(u64::MAX)))?;
        file.read_exact(part)
    })?;
    Ok(bytes)
}

/// Reads what follows `bytes`, to the end.
fn read_on(mut bytes: Vec<u8>, source: impl Read) -> Result<String, (String, Option<String>)> {
    let room = LARGEST.saturating_sub(u64::try_from(bytes.len()).unwrap_or(LARGEST));
    match source.take(room).read_to_end(&mut bytes) {
        Ok(more) if u64::try_from(more).is_ok_and(|more| more >= room) => Err(too_large()),
        Ok(_) => String::from_utf8(bytes).map_err(|error| {
            let why = format!("is no UTF-8 text (byte {})", error.utf8_error().valid_up_to());
            (why, Some("save it as UTF-8, or leave it out with --exclude".to_owned()))
        }),
        Err(error) => Err((cannot("be read", &error), None)),
    }
}

fn too_large() -> (String, Option<String>) {
    ("is larger than 4 GiB".to_owned(), Some("split it by namespace".to_owned()))
}
