//! Underlays as the plan shows them: read once from their files on a thread of their own,
//! painted under everything.
//!
//! It must not change the site; what is wrong with a file is a finding.

use super::paint::pos;
use crate::diag::Diagnostic;
use crate::gui::theme::Theme;
use crate::jobs::{Generation, Worker};
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::tokens::Token;
use crate::site::import::{Content, Path as Line};
use crate::site::{Site, Underlay, file};
use eframe::egui::{
    self, Color32, ColorImage, Painter, Rect, Shape, Stroke, TextureHandle, TextureOptions,
};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Segments of drawings up to which a frame is painted.
const MOST_SEGMENTS: usize = 60_000;

/// What a file turned out to hold.
enum Loaded {
    Picture { texture: TextureHandle, size_px: [u32; 2] },
    Lines { paths: Vec<Line>, size: [f64; 2] },
    Nothing,
}

/// What was read of a file, before the window has it.
enum Decoded {
    Picture { image: ColorImage, size_px: [u32; 2] },
    Lines { paths: Vec<Line>, size: [f64; 2] },
}

/// Underlays whose files are read.
struct Question {
    all: Vec<(Underlay, PathBuf)>,
    folder: Option<PathBuf>,
    /// Files that are shown already.
    known: HashSet<PathBuf>,
    /// Graphics cards take no larger textures.
    most_px: u32,
}

/// What was read of new files; `None` where nothing can be shown.
#[derive(Default)]
struct Answer {
    decoded: Vec<(PathBuf, Option<Decoded>)>,
    problems: Vec<Diagnostic>,
}

/// The files of the underlays of a site.
#[derive(Default)]
pub struct Underlays {
    loaded: HashMap<PathBuf, Loaded>,
    /// What was asked last.
    seen: Vec<(PathBuf, String)>,
    problems: Vec<Diagnostic>,
    /// Starts with the first underlay.
    worker: Option<Worker<Question, Answer>>,
    waiting: Option<Generation>,
    revision: u64,
}

impl Underlays {
    /// What is wrong with the files.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// Rises with each answer.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether files are being read.
    pub fn is_reading(&self) -> bool {
        self.waiting.is_some()
    }

    /// Another document: nothing of the files that were shown is kept.
    pub fn restart(&mut self) {
        *self = Self { worker: self.worker.take(), revision: self.revision + 1, ..Self::default() };
    }

    /// Has files read that are new; `folder` is that of the layout.
    pub fn update(&mut self, ctx: &egui::Context, site: &Site, folder: Option<&Path>) {
        self.collect(ctx);
        let all = &site.campus.underlays;
        let wanted: Vec<(PathBuf, String)> =
            all.iter().map(|u| (file::underlay_path(u, folder), u.sha256.clone())).collect();
        if wanted == self.seen {
            return;
        }
        self.loaded.retain(|path, _| wanted.iter().any(|(p, _)| p == path));
        let paths = wanted.iter().map(|(path, _)| path.clone());
        let question = Question {
            all: all.iter().cloned().zip(paths).collect(),
            folder: folder.map(Path::to_owned),
            known: self.loaded.keys().cloned().collect(),
            most_px: ctx.input(|i| i.max_texture_side).max(1) as u32,
        };
        self.seen = wanted;
        let worker = match self.worker.take() {
            Some(worker) => Ok(worker),
            None => {
                let wake = ctx.clone();
                let wake = move || wake.request_repaint();
                Worker::spawn("gigasite-underlays", wake, || (), |(), q: Question, _| read(&q))
            }
        };
        match worker {
            Ok(worker) => self.waiting = Some(self.worker.insert(worker).submit(question)),
            // Without a thread they are read here.
            Err(_) => self.take(ctx, read(&question)),
        }
    }

    /// Takes over what has been read.
    fn collect(&mut self, ctx: &egui::Context) {
        while let Some(delivery) = self.worker.as_ref().and_then(Worker::poll) {
            if self.waiting == Some(delivery.generation) {
                self.waiting = None;
                self.take(ctx, delivery.output.unwrap_or_default());
            }
        }
    }

    fn take(&mut self, ctx: &egui::Context, answer: Answer) {
        for (path, decoded) in answer.decoded {
            let loaded = match decoded {
                Some(Decoded::Lines { paths, size }) => Loaded::Lines { paths, size },
                Some(Decoded::Picture { image, size_px }) => {
                    let name = format!("underlay {}", path.display());
                    let texture = ctx.load_texture(name, image, TextureOptions::LINEAR);
                    Loaded::Picture { texture, size_px }
                }
                None => Loaded::Nothing,
            };
            self.loaded.insert(path, loaded);
        }
        self.problems = answer.problems;
        self.revision += 1;
        // Findings are told elsewhere in the window.
        ctx.request_repaint();
    }

    /// Ground that an underlay covers; `None` where its file cannot be shown.
    pub fn bounds(&self, underlay: &Underlay, folder: Option<&Path>) -> Option<Bounds> {
        let size = match self.loaded.get(&file::underlay_path(underlay, folder))? {
            Loaded::Picture { size_px, .. } => size_px.map(f64::from),
            Loaded::Lines { size, .. } => *size,
            Loaded::Nothing => return None,
        };
        Some(Bounds::at_size(underlay.at, size.map(|v| v * underlay.m_per_unit)))
    }

    /// Paints what is not hidden.
    pub fn paint(&self, painter: &Painter, site: &Site, folder: Option<&Path>, view: &View) {
        for underlay in site.campus.underlays.iter().filter(|u| !u.hidden) {
            let path = file::underlay_path(underlay, folder);
            match self.loaded.get(&path) {
                Some(Loaded::Picture { texture, .. }) => {
                    let Some(bounds) = self.bounds(underlay, folder) else { continue };
                    let rect = super::paint::rect(&view.box_to_screen(&bounds));
                    let whole = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
                    let tint = Color32::WHITE.gamma_multiply(opacity(underlay));
                    painter.image(texture.id(), rect, whole, tint);
                }
                Some(Loaded::Lines { paths, .. }) => lines(painter, underlay, paths, view),
                _ => {}
            }
        }
    }
}

fn opacity(underlay: &Underlay) -> f32 {
    underlay.opacity_frac.clamp(0.0, 1.0) as f32
}

fn lines(painter: &Painter, underlay: &Underlay, paths: &[Line], view: &View) {
    let theme = Theme::of(painter.ctx());
    let color = theme.color(Token::Text2).gamma_multiply(opacity(underlay));
    let stroke = Stroke::new(1.0, color);
    let clip = painter.clip_rect();
    let mut left = MOST_SEGMENTS;
    for path in paths {
        let ground = |p: &[f64; 2]| {
            let m = underlay.m_per_unit;
            pos(view.to_screen(pt(underlay.at[0] + p[0] * m, underlay.at[1] + p[1] * m)))
        };
        let ends = path.points.iter().chain(if path.closed { path.points.first() } else { None });
        let points: Vec<egui::Pos2> = ends.map(ground).collect();
        if !Rect::from_points(&points).intersects(clip) {
            continue;
        }
        if points.len() > left {
            return;
        }
        left -= points.len();
        painter.add(Shape::line(points, stroke));
    }
}

/// Reads the files of underlays, and what is new of them.
fn read(question: &Question) -> Answer {
    let mut answer = Answer::default();
    let mut known = question.known.clone();
    for (underlay, path) in &question.all {
        let (bytes, findings) = file::read_underlay(underlay, question.folder.as_deref());
        answer.problems.extend(findings.items);
        if !known.insert(path.clone()) {
            continue;
        }
        let decoded = bytes.and_then(|bytes| {
            let decoded = decode(underlay, &bytes, question.most_px);
            decoded.map_err(|finding| answer.problems.push(*finding)).ok()
        });
        answer.decoded.push((path.clone(), decoded));
    }
    answer
}

fn decode(underlay: &Underlay, bytes: &[u8], most_px: u32) -> Result<Decoded, Box<Diagnostic>> {
    let fault = |message: String| {
        let path = format!("underlays.{}.file", underlay.id);
        let hint = "Choose another file, or save it again";
        Box::new(Diagnostic::warning("underlay-unreadable", path, message, hint))
    };
    let content = file::underlay_content(underlay, bytes).map_err(|report| {
        fault(report.items.first().map_or_else(String::new, |d| d.message.clone()))
    })?;
    match content {
        Content::Lines { paths, size } => Ok(Decoded::Lines { paths, size }),
        Content::Picture { size_px } => {
            let picture = image::load_from_memory_with_format(bytes, image::ImageFormat::Png)
                .map_err(|e| fault(format!("The picture {} cannot be read: {e}", underlay.file)))?;
            let picture = match picture.width().max(picture.height()) > most_px {
                true => picture.thumbnail(most_px, most_px),
                false => picture,
            };
            let rgba = picture.to_rgba8();
            let size = [rgba.width() as usize, rgba.height() as usize];
            let image = ColorImage::from_rgba_unmultiplied(size, rgba.as_raw());
            Ok(Decoded::Picture { image, size_px })
        }
    }
}
