//! Decodes the files named and says how much there was and how long it took: for measuring, not for use.

use dtap_model::place::SourceId;
use dtap_snapshot::decode::decode;
use dtap_snapshot::reading::Context;
use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args().skip(1) {
        let Ok(text) = std::fs::read_to_string(&path) else {
            writeln!(out, "{path}: no text")?;
            continue;
        };
        let start = Instant::now();
        let decoded = decode(SourceId(0), &path, &text, &Context::default());
        let seconds = start.elapsed().as_secs_f64();
        let (objects, pods) = (decoded.objects.len(), decoded.pods.len());
        let (documents, other) = (decoded.documents, &decoded.not_kubernetes);
        #[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
        let rate = text.len() as f64 / 1e6 / seconds;
        writeln!(
            out,
            "{path}: {documents} documents, {objects} objects, {pods} pods, other {other:?}, {seconds:.3} s, {rate:.0} MB/s"
        )?;
        for unread in &decoded.unread {
            writeln!(
                out,
                "  {:?} {}: {} ({})",
                unread.cause,
                unread.name,
                unread.why,
                unread.hint.as_deref().unwrap_or("-")
            )?;
        }
        for notice in &decoded.notices {
            writeln!(out, "  {notice:?}")?;
        }
    }
    Ok(())
}
