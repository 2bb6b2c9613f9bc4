//! The ways in which a dump is written: compact JSON as the API server sends it, indented JSON and YAML as kubectl
//! prints them.

use anyhow::{Context as _, Result};
use serde_json::Value;
use serde_json::ser::PrettyFormatter;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// A way to write a `List`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One line of JSON, as the API server sends it.
    Compact,
    /// JSON indented by four, as `kubectl get -o json` prints it.
    Indented,
    /// YAML, as `kubectl get -o yaml` prints it.
    Yaml,
}

/// A `List` that is being written.
pub struct Dump {
    layout: Layout,
    out: BufWriter<File>,
    items: usize,
}

impl Dump {
    /// Begins a file.
    pub fn create(path: &Path, layout: Layout) -> Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        match layout {
            Layout::Compact => write!(out, "{{\"apiVersion\":\"v1\",\"items\":[")?,
            Layout::Indented => write!(out, "{{\n    \"apiVersion\": \"v1\",\n    \"items\": [")?,
            Layout::Yaml => writeln!(out, "apiVersion: v1\nitems:")?,
        }
        Ok(Self { layout, out, items: 0 })
    }

    /// Adds an object.
    pub fn add(&mut self, object: &Value) -> Result<()> {
        let comma = if self.items == 0 { "" } else { "," };
        match self.layout {
            Layout::Compact => {
                write!(self.out, "{comma}")?;
                serde_json::to_writer(&mut self.out, object)?;
            }
            Layout::Indented => {
                let mut text = Vec::new();
                let formatter = PrettyFormatter::with_indent(b"    ");
                serde::Serialize::serialize(object, &mut serde_json::Serializer::with_formatter(&mut text, formatter))?;
                write!(self.out, "{comma}\n        ")?;
                for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
                    if number > 0 {
                        self.out.write_all(b"\n        ")?;
                    }
                    self.out.write_all(line)?;
                }
            }
            Layout::Yaml => {
                self.out.write_all(b"- ")?;
                yaml(&mut self.out, object, 1)?;
            }
        }
        self.items += 1;
        Ok(())
    }

    /// Ends the file, and says how many objects it holds.
    pub fn finish(mut self) -> Result<usize> {
        match self.layout {
            Layout::Compact => writeln!(self.out, "],\"kind\":\"List\",\"metadata\":{{\"resourceVersion\":\"\"}}}}")?,
            Layout::Indented => writeln!(
                self.out,
                "\n    ],\n    \"kind\": \"List\",\n    \"metadata\": {{\n        \"resourceVersion\": \"\"\n    }}\n}}"
            )?,
            Layout::Yaml => writeln!(self.out, "kind: List\nmetadata:\n  resourceVersion: \"\"")?,
        }
        self.out.flush()?;
        Ok(self.items)
    }
}

/// Writes a value whose first line has been indented already; the others are indented by `depth` levels.
fn yaml(out: &mut impl Write, value: &Value, depth: usize) -> Result<()> {
    match value {
        Value::Object(entries) if !entries.is_empty() => {
            for (number, (key, value)) in entries.iter().enumerate() {
                if number > 0 {
                    indent(out, depth)?;
                }
                scalar(out, key)?;
                out.write_all(b":")?;
                match value {
                    Value::Object(entries) if !entries.is_empty() => {
                        out.write_all(b"\n")?;
                        indent(out, depth + 1)?;
                        yaml(out, value, depth + 1)?;
                    }
                    // kubectl sets the items of a list under its key, not to the right of it.
                    Value::Array(items) if !items.is_empty() => {
                        out.write_all(b"\n")?;
                        indent(out, depth)?;
                        yaml(out, value, depth)?;
                    }
                    _ => {
                        out.write_all(b" ")?;
                        yaml(out, value, depth)?;
                    }
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    indent(out, depth)?;
                }
                out.write_all(b"- ")?;
                yaml(out, item, depth + 1)?;
            }
        }
        Value::String(text) => {
            scalar(out, text)?;
            out.write_all(b"\n")?;
        }
        _ => writeln!(out, "{value}")?,
    }
    Ok(())
}

fn indent(out: &mut impl Write, depth: usize) -> Result<()> {
    for _ in 0..depth {
        out.write_all(b"  ")?;
    }
    Ok(())
}

/// A string, plain where YAML 1.1 reads the same string back.
fn scalar(out: &mut impl Write, text: &str) -> Result<()> {
    if plain(text) {
        out.write_all(text.as_bytes())?
    } else {
        serde_json::to_writer(out, text)?
    }
    Ok(())
}

fn plain(text: &str) -> bool {
    let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'/');
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-@:".contains(&byte);
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    begins && text.bytes().all(inside) && !text.ends_with(':') && !words.contains(&text.to_ascii_lowercase().as_str())
}
