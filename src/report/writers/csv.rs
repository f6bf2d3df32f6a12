//! Comma-separated tables (RFC 4180). They must not know what the columns mean.

use csv::{Terminator, WriterBuilder};

/// A header and rows as the bytes of a CSV file. A row that is shorter than the header is
/// filled up with empty cells.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    // cannot fail: nothing but memory is written to, and every row has the header's length.
    out.write_record(header).expect("memory takes any text");
    for row in rows {
        let cells = (0..header.len()).map(|i| row.get(i).map_or("", String::as_str));
        // cannot fail: as above.
        out.write_record(cells).expect("memory takes any text");
    }
    // cannot fail: memory has no buffer to flush.
    out.into_inner().expect("memory is flushed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_quotes_and_line_breaks_survive() {
        let row = vec!["a,b".to_owned(), "say \"no\"".to_owned(), "two\nlines".to_owned()];
        let bytes = table(&["x", "y", "z", "w"], std::slice::from_ref(&row));
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let read = reader.records().next().expect("a row").expect("reads");
        assert_eq!(read.iter().take(3).collect::<Vec<_>>(), row);
        assert_eq!((read.len(), &read[3]), (4, ""));
    }
}
