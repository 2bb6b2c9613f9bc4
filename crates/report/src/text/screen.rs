//! Lines of coloured words, wrapped to a width. Everything that is printed passes here, and no control character does.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

/// How something is to look, in the words of what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// As it comes.
    Plain,
    /// A name to find again.
    Strong,
    /// What may be overlooked.
    Faint,
    /// Something is broken.
    Error,
    /// Something would break, or is not known.
    Warning,
    /// Something to know.
    Note,
    /// Something holds.
    Good,
}

impl Ink {
    fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().dimmed(),
            Self::Error => AnsiColor::Red.on_default().bold(),
            Self::Warning => AnsiColor::Yellow.on_default().bold(),
            Self::Note => AnsiColor::Cyan.on_default(),
            Self::Good => AnsiColor::Green.on_default(),
        }
    }
}

/// A blank at which no line is broken; it is printed as any other.
const UNBROKEN: char = '\u{a0}';

/// A command or another phrase that stands on one line, ready to be copied.
pub(super) fn unbroken(phrase: &str) -> String {
    phrase.replace(' ', &UNBROKEN.to_string())
}

/// A line before it is wrapped.
#[derive(Clone, Debug, Default)]
pub(super) struct Line(Vec<(Ink, String)>);

impl Line {
    /// An empty line.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// The line and more text behind it.
    pub(super) fn with(mut self, ink: Ink, text: impl Into<String>) -> Self {
        self.push(ink, text);
        self
    }

    /// The line and more plain text behind it.
    pub(super) fn plain(self, text: impl Into<String>) -> Self {
        self.with(Ink::Plain, text)
    }

    /// Adds text.
    pub(super) fn push(&mut self, ink: Ink, text: impl Into<String>) {
        self.0.push((ink, harmless(&text.into())));
    }

    /// Adds blanks until the line is `width` cells wide.
    pub(super) fn pad(&mut self, width: usize) {
        let missing = width.saturating_sub(self.width());
        self.0.push((Ink::Plain, " ".repeat(missing)));
    }

    /// Takes words off its end until what is left and `…` fit into `width` cells.
    fn end_in_dots(&mut self, width: usize) {
        while self.width() + 1 > width && self.0.len() > 1 {
            self.0.pop();
        }
        self.push(Ink::Plain, "…");
    }

    /// How many cells the line takes.
    pub(super) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }
}

/// What has been drawn so far.
#[derive(Debug)]
pub(super) struct Screen {
    out: String,
    /// How many cells a line may take.
    pub(super) width: usize,
    colour: bool,
}

impl Screen {
    /// An empty screen.
    pub(super) fn new(width: usize, colour: bool) -> Self {
        Self { out: String::new(), width: width.max(40), colour }
    }

    /// What was drawn.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// An empty line, unless there is one already.
    pub(super) fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A line as it is, however wide.
    pub(super) fn line(&mut self, line: &Line) {
        let filled = line.0.iter().rposition(|(_, text)| !text.trim_end().is_empty());
        for (position, (ink, text)) in line.0.iter().enumerate().take(filled.map_or(0, |last| last + 1)) {
            let text = if Some(position) == filled { text.trim_end() } else { text };
            self.ink(*ink, &text.replace(UNBROKEN, " "));
        }
        self.out.push('\n');
    }

    /// A line broken at blanks where it is too wide; what follows the first break is indented by `indent` cells.
    pub(super) fn wrapped(&mut self, line: &Line, indent: usize) {
        for line in self.broken(line, indent) {
            self.line(&line);
        }
    }

    /// The same, cut off where it takes more lines than that, and one where the last of them is hardly begun.
    pub(super) fn cut(&mut self, line: &Line, indent: usize, lines: usize) {
        let mut broken = self.broken(line, indent);
        let is_begun = broken.get(lines.saturating_sub(1)).is_none_or(|last| last.width() > self.width / 2);
        let lines = if is_begun { lines } else { lines + 1 };
        if broken.len() > lines {
            broken.truncate(lines);
            if let Some(last) = broken.last_mut() {
                last.end_in_dots(self.width);
            }
        }
        for line in broken {
            self.line(&line);
        }
    }

    fn broken(&self, line: &Line, indent: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut current = Line::new();
        let mut fresh = true;
        for (ink, text) in &line.0 {
            for word in text.split_inclusive(' ') {
                let fits = current.width() + word.trim_end().width() <= self.width;
                if !fits && !fresh {
                    lines.push(std::mem::take(&mut current));
                    current.pad(indent);
                }
                fresh = false;
                current.0.push((*ink, word.to_owned()));
            }
        }
        lines.push(current);
        lines
    }

    /// What to do, set in by `indent` cells.
    pub(super) fn hint(&mut self, indent: usize, text: &str) {
        let mut line = Line::new();
        line.pad(indent);
        self.wrapped(&line.with(Ink::Faint, "= mend: ").plain(text), indent + 8);
    }

    fn ink(&mut self, ink: Ink, text: &str) {
        if self.colour && ink != Ink::Plain && !text.trim().is_empty() {
            let style = ink.style();
            self.out.push_str(&format!("{style}{text}{style:#}"));
        } else {
            self.out.push_str(text);
        }
    }
}

/// The text without what moves a terminal's cursor, colours it, or turns the direction of reading.
#[must_use]
pub fn harmless(text: &str) -> String {
    let harms = |character: char| {
        character.is_control()
            || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
    };
    text.chars().map(|character| if harms(character) { '\u{fffd}' } else { character }).collect()
}

/// `1 file`, `2 files`, `1,458 namespaces`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {}", grouped(number), plural(one)) }
}

fn plural(one: &str) -> String {
    match one {
        "is" => "are".to_owned(),
        _ if one.ends_with("ss") => format!("{one}es"),
        _ => match one.strip_suffix('y') {
            Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
            _ => format!("{one}s"),
        },
    }
}

/// A number with its thousands apart.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `a, b and c`, or as many as fit in `cells` and how many more; never fewer than one, nor more than `at_most`.
pub(super) fn fitting(names: &[&str], at_most: usize, cells: usize) -> String {
    let fits = |number: &usize| listed(names, *number).width() <= cells;
    listed(names, (1..=at_most).rev().find(fits).unwrap_or(1))
}

/// `a, b and c`, or the first few and how many more.
pub(super) fn listed(names: &[&str], at_most: usize) -> String {
    let shown = names.iter().take(at_most).copied().collect::<Vec<_>>();
    match (names.len().saturating_sub(at_most), shown.split_last()) {
        (0, Some((last, []))) => (*last).to_owned(),
        (0, Some((last, rest))) => format!("{} and {last}", rest.join(", ")),
        (0, None) => String::new(),
        (more, _) => format!("{} and {} more", shown.join(", "), grouped(more)),
    }
}
