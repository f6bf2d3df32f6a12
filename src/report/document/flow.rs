//! Atoms onto pages: what stays together stands together, heads of tables are repeated, and
//! every page has its head and foot. It must not know blocks.

use super::atom::{Atom, atoms, moved};
use super::{Block, Document, Link, Pages, Place, paper};
use crate::report::{Layer, Picture};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// A chapter begins a page where more than this share of the one before is full.
const CHAPTER_FRAC: f64 = 0.3;

/// Height of a row of the contents, points, and where they would else need another page.
const ROW: f64 = 16.0;
const CLOSE_ROW: f64 = 13.0;

/// Share that is left of the room above headings, tables and figures where a document without
/// contents would else need another page.
const CLOSE_FRAC: f64 = 0.5;

/// Pages while they fill.
struct Flow {
    frame: Bounds,
    pages: Vec<Vec<Layer>>,
    y: f64,
    places: Vec<Place>,
}

impl Flow {
    fn new(frame: Bounds) -> Self {
        Self { frame, pages: vec![Vec::new()], y: frame.min.y, places: Vec::new() }
    }

    fn is_fresh(&self) -> bool {
        self.y <= self.frame.min.y + 1e-9
    }

    /// Share of the page that is full.
    fn used_frac(&self) -> f64 {
        (self.y - self.frame.min.y) / self.frame.height()
    }

    fn open(&mut self) {
        if !self.is_fresh() {
            self.pages.push(Vec::new());
            self.y = self.frame.min.y;
        }
    }

    /// Places all atoms in their order.
    fn fill(&mut self, atoms: &[Atom]) {
        let mut at = 0;
        while let Some(first) = atoms.get(at) {
            // What is kept with what follows goes together.
            let rest = atoms.get(at..).unwrap_or_default();
            let count = rest.iter().take_while(|a| a.keep).count() + 1;
            let run = rest.get(..count.min(rest.len())).unwrap_or_default();
            if first.opens && (first.heading.is_none() || self.used_frac() > CHAPTER_FRAC) {
                self.open();
            }
            let height = self.height(run);
            if self.y + height > self.frame.max.y + 1e-6 && !self.is_fresh() {
                self.open();
            }
            for atom in run {
                self.put(atom);
            }
            at += run.len();
        }
    }

    fn height(&self, run: &[Atom]) -> f64 {
        let all: f64 = run.iter().map(|a| a.above + a.height).sum();
        let first = run.first().map_or(0.0, |a| a.above);
        if self.is_fresh() { all - first } else { all }
    }

    fn put(&mut self, atom: &Atom) {
        let needed = atom.above + atom.height;
        // A run that is longer than a page is divided where the page ends.
        if self.y + needed > self.frame.max.y + 1e-6 && !self.is_fresh() {
            self.open();
        }
        if self.is_fresh() {
            if let Some(head) = &atom.head {
                self.paint(head);
            }
        } else {
            self.y += atom.above;
        }
        if let Some((level, text)) = &atom.heading {
            let page = self.pages.len() - 1;
            self.places.push(Place { level: *level, text: text.clone(), page, y: self.y });
        }
        self.paint(atom);
    }

    fn paint(&mut self, atom: &Atom) {
        let by = pt(self.frame.min.x, self.y);
        if let Some(page) = self.pages.last_mut() {
            page.extend(atom.layers.iter().map(|l| moved(l, by)));
        }
        self.y += atom.height;
    }
}

/// Lays out a document. What stands before the contents and the contents themselves are the
/// front; the rest follows on a page of its own.
pub(super) fn pages(document: &Document, measure: &mut Measure) -> Pages {
    let frame = document.frame();
    let at = document.blocks.iter().position(|b| matches!(b, Block::Contents));
    let (front, body) = match at {
        Some(at) => document.blocks.split_at(at),
        None => (&[][..], &document.blocks[..]),
    };
    if at.is_none() {
        return finish(document, alone(body, frame, measure), Vec::new(), measure);
    }
    let body = run(body, frame, measure);
    // The count of pages of the front does not depend on the numbers in it.
    let draft = with_contents(front, frame, (&body.places, 0), measure);
    let shift = draft.0.pages.len();
    let (mut whole, links) = with_contents(front, frame, (&body.places, shift), measure);
    whole.places.clear();
    whole.pages.extend(body.pages);
    let moved = body.places.into_iter().map(|p| Place { page: p.page + shift, ..p });
    whole.places.extend(moved);
    finish(document, whole, links, measure)
}

/// A document without contents. A few rows do not stand on a page of their own where less room
/// between its parts would take them.
fn alone(blocks: &[Block], frame: Bounds, measure: &mut Measure) -> Flow {
    let mut all = together(blocks, frame, measure);
    let usual = filled(&all, frame);
    if usual.pages.len() < 2 {
        return usual;
    }
    all.iter_mut().for_each(|atom| atom.above *= CLOSE_FRAC);
    let close = filled(&all, frame);
    if close.pages.len() < usual.pages.len() { close } else { usual }
}

fn run(blocks: &[Block], frame: Bounds, measure: &mut Measure) -> Flow {
    filled(&together(blocks, frame, measure), frame)
}

fn filled(atoms: &[Atom], frame: Bounds) -> Flow {
    let mut flow = Flow::new(frame);
    flow.fill(atoms);
    flow
}

/// The atoms of all blocks.
fn together(blocks: &[Block], frame: Bounds, measure: &mut Measure) -> Vec<Atom> {
    let mut all: Vec<Atom> = Vec::new();
    for (n, block) in blocks.iter().enumerate() {
        let before = n.checked_sub(1).and_then(|n| blocks.get(n));
        let mut own = atoms(block, frame.width(), measure);
        if leads(before, block, blocks.get(n + 1)) {
            own.iter_mut().for_each(|atom| atom.keep = true);
        }
        all.extend(own);
    }
    all
}

/// Whether a block is the words between a heading and its figure or table: the heading would
/// else stand on another page than what it names.
fn leads(before: Option<&Block>, block: &Block, after: Option<&Block>) -> bool {
    matches!(before, Some(Block::Heading(..)))
        && matches!(block, Block::Paragraph(_) | Block::Note(_))
        && matches!(after, Some(Block::Figure(_) | Block::Table(_)))
}

/// The front with the rows of the contents, and where these are.
fn with_contents(
    front: &[Block],
    frame: Bounds,
    (places, shift): (&[Place], usize),
    measure: &mut Measure,
) -> (Flow, Vec<Link>) {
    let usual = contents(front, frame, (places, shift, ROW), measure);
    if usual.0.pages.len() < 2 {
        return usual;
    }
    // A few rows less do not stand on a page of their own.
    let close = contents(front, frame, (places, shift, CLOSE_ROW), measure);
    if close.0.pages.len() < usual.0.pages.len() { close } else { usual }
}

/// The same with rows of a height.
fn contents(
    front: &[Block],
    frame: Bounds,
    (places, shift, tall): (&[Place], usize, f64),
    measure: &mut Measure,
) -> (Flow, Vec<Link>) {
    let mut flow = run(front, frame, measure);
    let mut links = Vec::new();
    for (to, place) in places.iter().enumerate().filter(|(_, p)| p.level <= 2) {
        let number = (place.page + shift + 1).to_string();
        let row = contents_row(place, &number, (frame.width(), tall), measure);
        flow.fill(std::slice::from_ref(&row));
        let bounds = Bounds::xywh(frame.min.x, flow.y - row.height, frame.width(), row.height);
        links.push(Link { page: flow.pages.len() - 1, bounds, to });
    }
    (flow, links)
}

fn contents_row(
    place: &Place,
    number: &str,
    (width, tall): (f64, f64),
    measure: &mut Measure,
) -> Atom {
    let top = place.level == 1;
    let style = match top {
        true => (TextRole::BodyStrong, Token::Text1),
        false => (TextRole::Body, Token::Text2),
    };
    let left = if top { 0.0 } else { 14.0 };
    let from = left + measure(&place.text, style.0).0 + 6.0;
    let to = width - measure(number, style.0).0 - 6.0;
    let mut shapes = vec![
        Shape::text(pt(left, 0.0), Anchor::LeftTop, place.text.as_str(), style),
        Shape::text(pt(width, 0.0), Anchor::RightTop, number, style),
    ];
    if to > from {
        let pen = Pen::token(Token::Line2, 1.0).dashed(1.0, 3.0);
        shapes.push(Shape::line(pt(from, 12.0), pt(to, 12.0), pen));
    }
    Atom::of(tall, shapes).after(if top { tall / 4.0 } else { 0.0 })
}

/// Heads and feet, and the picture of each page.
fn finish(document: &Document, flow: Flow, links: Vec<Link>, measure: &mut Measure) -> Pages {
    let (width, height) = document.size();
    let frame = flow.frame;
    let count = flow.pages.len();
    let pages = flow.pages.into_iter().enumerate().map(|(n, layers)| {
        let page = Bounds::xywh(0.0, 0.0, width, height);
        let mut all = vec![Layer::whole(vec![Shape::fill(page, Ink::token(Token::Panel))])];
        all.extend(layers);
        all.push(Layer::whole(running(document, frame, (n, count), measure)));
        Picture { title: document.title.clone(), width, height, palette: paper(), layers: all }
    });
    Pages { pages: pages.collect(), places: flow.places, links }
}

fn running(
    document: &Document,
    frame: Bounds,
    (n, count): (usize, usize),
    measure: &mut Measure,
) -> Vec<Shape> {
    let small = (TextRole::Small, Token::Text3);
    let pen = Pen::token(Token::Line, 1.0);
    let mut out = Vec::new();
    let rule = |y: f64| Shape::line(pt(frame.min.x, y), pt(frame.max.x, y), pen);
    let text = |at: Pt, anchor, text: &str, style| Shape::text(at, anchor, text, style);
    let top = frame.min.y - 22.0;
    if n > 0 {
        out.push(rule(top));
        let at = pt(frame.min.x, top - 4.0);
        out.push(text(at, Anchor::LeftBottom, &document.head, small));
    }
    if !document.stamp.is_empty() {
        let at = pt(frame.max.x, top - 4.0);
        out.push(text(at, Anchor::RightBottom, &document.stamp, (TextRole::Small, Token::Warn)));
    }
    let foot = frame.max.y + 20.0;
    out.push(rule(foot));
    let at = pt(frame.max.x, foot + 5.0);
    let number = format!("{} of {count}", n + 1);
    out.push(text(at, Anchor::RightTop, &number, small));
    let room = frame.width() - measure(&number, small.0).0 - 16.0;
    let lines = super::text::wrap(&document.foot, room, TextRole::Tiny, measure);
    for (k, line) in lines.iter().take(2).enumerate() {
        let at = pt(frame.min.x, foot + 5.0 + k as f64 * 12.0);
        out.push(text(at, Anchor::LeftTop, line, (TextRole::Tiny, Token::Text3)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Column, Row, Table};
    use crate::scene::shape::rough_size;

    fn document(blocks: Vec<Block>) -> Document {
        Document {
            title: "A report".into(),
            head: "Site".into(),
            foot: "made with care".into(),
            stamp: String::new(),
            paper_mm: (210.0, 297.0),
            blocks,
        }
    }

    fn texts(picture: &Picture) -> Vec<(String, f64)> {
        let shapes = picture.layers.iter().flat_map(|l| &l.shapes);
        let text = |s: &Shape| match s {
            Shape::Text { at, text, .. } => Some((text.clone(), at.y)),
            _ => None,
        };
        shapes.filter_map(text).collect()
    }

    fn table(rows: usize) -> Block {
        let mut all: Vec<Row> = (0..rows)
            .map(|n| Row::plain([format!("row {n}"), format!("{}.00", n * 1000)]))
            .collect();
        all.push(Row::total(["Total".to_owned(), "1.00".to_owned()]));
        let columns = vec![Column::left("Name"), Column::right("USD")];
        Block::Table(Table { columns, rows: all })
    }

    #[test]
    fn a_table_over_pages_repeats_its_head_and_loses_no_row() {
        let pages = document(vec![table(120)]).pages(&mut rough_size).pages;
        assert!(pages.len() >= 3, "{}", pages.len());
        let mut rows = 0;
        for page in &pages {
            let all = texts(page);
            assert!(all.iter().any(|t| t.0 == "USD"), "the head is on every page");
            rows += all.iter().filter(|t| t.0.starts_with("row ")).count();
        }
        assert_eq!(rows, 120);
        let last = texts(&pages[pages.len() - 1]);
        assert!(last.iter().any(|t| t.0.starts_with("row ")), "a total never stands alone");
    }

    #[test]
    fn a_few_rows_do_not_stand_on_a_page_of_their_own() {
        let with = |rows: usize| {
            let mut blocks: Vec<Block> =
                (0..8).map(|n| Block::Heading(2, format!("part {n}"))).collect();
            blocks.push(table(rows));
            document(blocks).pages(&mut rough_size).pages
        };
        let rows = |page: &Picture| texts(page).iter().filter(|t| t.0.starts_with("row ")).count();
        let first = (1..80).find(|rows| with(*rows).len() == 2).expect("a second page");
        let pages = with(first);
        assert_eq!(rows(&pages[0]) + rows(&pages[1]), first);
        assert!(rows(&pages[1]) >= 3, "{} rows", rows(&pages[1]));
    }

    #[test]
    fn a_heading_is_never_the_last_of_its_page() {
        for lines in 30..80 {
            let mut blocks: Vec<Block> =
                (0..lines).map(|n| Block::Paragraph(format!("line {n}"))).collect();
            blocks.push(Block::Heading(2, "Orphan".into()));
            blocks.push(Block::Paragraph("what follows".into()));
            for page in document(blocks).pages(&mut rough_size).pages {
                let all = texts(&page);
                let has = |t: &str| all.iter().any(|x| x.0 == t);
                assert_eq!(has("Orphan"), has("what follows"), "{lines}");
            }
        }
    }

    #[test]
    fn a_heading_stands_on_the_page_of_the_figure_that_it_names() {
        for lines in 30..80 {
            let mut blocks: Vec<Block> =
                (0..lines).map(|n| Block::Paragraph(format!("line {n}"))).collect();
            blocks.push(Block::Heading(2, "Ladder".into()));
            blocks.push(Block::Paragraph("what the bars are".into()));
            let bar =
                Shape::text(pt(0.0, 0.0), Anchor::LeftTop, "bar", (TextRole::Body, Token::Text1));
            let layers = vec![Layer::whole(vec![bar])];
            let figure =
                crate::report::document::Figure { height: 200.0, layers, caption: String::new() };
            blocks.push(Block::Figure(figure));
            for page in document(blocks).pages(&mut rough_size).pages {
                let all = texts(&page);
                let has = |t: &str| all.iter().any(|x| x.0 == t);
                assert_eq!(has("Ladder"), has("bar"), "{lines}");
            }
        }
    }

    #[test]
    fn contents_name_the_pages_on_which_the_headings_stand() {
        let mut blocks = vec![Block::Title("Report".into()), Block::Contents];
        for n in 0..40 {
            blocks.push(Block::Heading(if n % 8 == 0 { 1 } else { 2 }, format!("Section {n}")));
            blocks.extend((0..9).map(|k| Block::Paragraph(format!("text {k}"))));
        }
        let made = document(blocks).pages(&mut rough_size);
        assert_eq!((made.places.len(), made.links.len()), (40, 40));
        for link in &made.links {
            let place = &made.places[link.to];
            let on_page = texts(&made.pages[place.page]);
            assert!(on_page.iter().any(|t| t.0 == place.text && (t.1 - place.y).abs() < 1e-6));
            let row = texts(&made.pages[link.page]);
            let number = (place.page + 1).to_string();
            let at = link.bounds.min.y;
            assert!(row.iter().any(|t| t.0 == number && (t.1 - at).abs() < 1e-6), "{place:?}");
        }
        let last = made.pages.len();
        let foot = format!("{last} of {last}");
        assert!(texts(&made.pages[last - 1]).iter().any(|t| t.0 == foot));
    }

    #[test]
    fn nothing_stands_below_the_frame() {
        let mut blocks = vec![Block::Heading(1, "One".into())];
        blocks.extend((0..60).map(|n| Block::Paragraph(format!("word {n} ").repeat(40))));
        blocks.push(table(70));
        let document = document(blocks);
        let bottom = document.frame().max.y;
        for page in document.pages(&mut rough_size).pages {
            for (text, y) in texts(&page) {
                let is_foot = y > bottom + 15.0;
                assert!(is_foot || y + 10.0 <= bottom, "{text} at {y}");
            }
        }
    }
}
