//! Exports: what to make is asked, then where to, then a thread makes it and a notice says so.

use super::App;
use super::documents::name_of;
use crate::gui::action::Tab;
use crate::gui::canvas::Offscreen;
use crate::gui::context::Freshness;
use crate::gui::dialogs::{Purpose, Target, with_ending};
use crate::gui::exports::{self, Exporter, Job, Wish};
use crate::gui::measure;
use crate::gui::prompts::Prompt;
use crate::gui::prompts::export::{Form, Step, Told, overlay_of, told};
use crate::gui::shell;
use crate::gui::theme::{self, Theme};
use crate::report::{Face, Form as Shape, Kind, Options};
use crate::scene::tokens::size;
use crate::units::words::upper_first;
use eframe::egui::{self, vec2};
use image::RgbaImage;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A notice of success goes by itself after this long.
const SHOWN: Duration = Duration::from_secs(12);

/// What is being exported.
#[derive(Default)]
pub(super) struct Export {
    exporter: Option<Exporter>,
    /// What the file that is being asked for is to hold.
    wish: Option<(Wish, Options)>,
    /// The last form, so that the next one starts with its answers.
    last: Option<Form>,
    notice: Option<Notice>,
    /// Paints pages that are no drawings.
    card: Option<Offscreen>,
}

struct Notice {
    text: String,
    written: Option<PathBuf>,
    until: Option<Instant>,
}

impl App {
    /// Asks what to make of the site.
    pub(super) fn ask_export(&mut self, kind: Option<&str>) {
        let mut form = self.export.last.clone().unwrap_or_else(|| {
            let face = self.face().unwrap_or_default();
            let view = &self.view;
            let overlay = overlay_of(face, view.plan.overlay, view.one_line.overlay);
            Form::new(Options { face, overlay, ..Options::default() })
        });
        if let Some(kind) = kind {
            form.choose(kind);
        }
        self.prompt = Some(Prompt::Export(form));
    }

    /// What of the site is in front, where it can be drawn.
    fn face(&self) -> Option<Face> {
        match self.view.prefs.tab {
            Tab::SitePlan => Some(Face::SitePlan),
            Tab::OneLine => Some(Face::OneLine),
            _ => None,
        }
    }

    pub(super) fn export_as(&mut self, ctx: &egui::Context, form: &Form) {
        let options = Options { system: measure::system(ctx), ..form.options.clone() };
        let kind = form.kind();
        self.export.last = Some(form.clone());
        self.export.wish = Some((Wish::Kind(kind), options));
        self.ask(ctx, Purpose::Export(target(kind)));
    }

    /// Asks where to save what the plan or the diagram shows.
    pub(super) fn ask_picture(&mut self, ctx: &egui::Context) {
        let shown = match self.view.prefs.tab {
            Tab::SitePlan => self.view.plan.view().copied().map(|v| (v, Default::default())),
            Tab::OneLine => self.view.one_line.shown(),
            _ => None,
        };
        let (Some((view, choices)), Some(face)) = (shown, self.face()) else {
            return self.ask_page_picture(ctx);
        };
        let options = Options {
            face,
            overlay: overlay_of(face, self.view.plan.overlay, self.view.one_line.overlay),
            dark: Theme::of(ctx).palette.is_dark,
            system: measure::system(ctx),
            ..Options::default()
        };
        self.export.wish = Some((Wish::View(view, choices), options));
        self.ask(ctx, Purpose::Export(Target { name: "PNG picture", ending: Some("png") }));
    }

    /// Paints the page that is shown at twice its size, and asks where to save it.
    fn ask_page_picture(&mut self, ctx: &egui::Context) {
        let page = match self.view.prefs.tab {
            Tab::Finance => "finance",
            Tab::Throughput => "throughput",
            Tab::Cooling => "cooling",
            Tab::Compare => "compare",
            _ => "economics",
        };
        match self.page_picture(ctx) {
            Ok(pixels) => {
                let wish = Wish::Page(page, Arc::new(pixels));
                self.export.wish = Some((wish, Options::default()));
                self.ask(ctx, Purpose::Export(Target { name: "PNG picture", ending: Some("png") }));
            }
            Err(why) => self.refusal = Some(upper_first(&why)),
        }
    }

    /// The page as pixels, without the bars of the window.
    fn page_picture(&mut self, ctx: &egui::Context) -> Result<RgbaImage, String> {
        let card = self.export.card.clone().ok_or("pictures of pages need a graphics card")?;
        let bars = size::TITLE_BAR + size::HEADLINE + size::TABS + size::STATUS;
        let room = ctx.content_rect().size();
        let room = vec2(room.x, (room.y - bars).max(200.0));
        let (dark, system) = (Theme::of(ctx).palette.is_dark, measure::system(ctx));
        let scale = Options::default().scale as f32;
        // The page is painted with what is remembered of it; nothing of it is asked for.
        let mut view = std::mem::take(&mut self.view);
        let painted = self.with_context(|cx| {
            let prepare = |ctx: &egui::Context| {
                theme::install(ctx);
                ctx.set_theme(if dark { egui::Theme::Dark } else { egui::Theme::Light });
                measure::set_system(ctx, system);
            };
            card.paint((room, scale), prepare, |ui| shell::page(ui, cx, &mut view))
        });
        self.view = view;
        painted
    }

    /// Has pages painted into pictures by the card, where there is one.
    pub fn paint_pages_with(&mut self, card: Option<Offscreen>) {
        self.export.card = card;
    }

    /// Where the dialog starts: beside the layout, under a name that says what it is.
    pub(super) fn export_start(&self) -> Option<PathBuf> {
        let (wish, options) = self.export.wish.as_ref()?;
        let kind = match wish {
            Wish::Kind(kind) => kind,
            Wish::View(..) | Wish::Page(..) => Kind::of("png")?,
        };
        let name = match wish {
            Wish::Page(page, _) => {
                let file = self.file_name();
                let stem = file.rsplit_once('.').map_or(file.as_str(), |(stem, _)| stem);
                format!("{stem}-{page}.png")
            }
            _ => kind.file_name(&self.file_name(), options),
        };
        let own = self.session.editor().document().path();
        Some(own.map_or_else(|| PathBuf::from(&name), |path| path.with_file_name(&name)))
    }

    /// A path was typed: nobody has asked yet whether it may be replaced.
    pub(super) fn export_typed(&mut self, ctx: &egui::Context, target: Target, path: PathBuf) {
        let is_file = target.ending.is_some();
        if is_file && with_target(path.clone(), target).exists() {
            self.prompt = Some(Prompt::ExportExists(path));
        } else {
            self.export_to(ctx, path);
        }
    }

    /// Has the report made and written there.
    pub(super) fn export_to(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some((wish, options)) = self.export.wish.take() else { return };
        let target = match &wish {
            Wish::Kind(kind) => target(kind),
            Wish::View(..) | Wish::Page(..) => Target { name: "", ending: Some("png") },
        };
        let path = with_target(path, target);
        let own = self.session.editor().document().path();
        if own == Some(path.as_path()) {
            self.refusal = Some("That is the layout's own file; choose another name".to_owned());
            return;
        }
        let is_newest = matches!(self.told.freshness, Freshness::Full { .. });
        let editor = self.session.editor();
        let job = Job {
            wish,
            options,
            site: editor.site().clone(),
            catalog: editor.catalog().clone(),
            outcome: self.session.outcome().filter(|_| is_newest).cloned(),
            file: self.file_name(),
            scenarios: Arc::clone(&editor.document().layout().scenarios),
            path,
        };
        let text = format!("Writing {} ...", name_of(&job.path));
        if self.export.exporter.is_none() {
            let wake = ctx.clone();
            match exports::start(move || wake.request_repaint()) {
                Ok(exporter) => self.export.exporter = Some(exporter),
                Err(error) => self.refusal = Some(error.to_string()),
            }
        }
        if let Some(exporter) = &self.export.exporter {
            exporter.submit(job);
            self.export.notice = Some(Notice { text, written: None, until: None });
        }
    }

    /// Collects what the thread has written.
    pub(super) fn poll_export(&mut self, ctx: &egui::Context) {
        let Some(delivery) = self.export.exporter.as_ref().and_then(Exporter::poll) else {
            return;
        };
        self.export.notice = None;
        match delivery.output.map_err(|e| e.to_string()).and_then(|done| done) {
            Ok(path) => {
                let text = format!("Saved {}", name_of(&path));
                let until = Some(Instant::now() + SHOWN);
                self.export.notice = Some(Notice { text, written: Some(path), until });
                ctx.request_repaint_after(SHOWN);
            }
            Err(why) if why == exports::ENDED => {
                self.refusal = Some("The export was ended; nothing was written".to_owned());
            }
            Err(why) => {
                let title = "The export was not written".to_owned();
                self.prompt = Some(Prompt::Failed { title, lines: vec![upper_first(&why)] });
            }
        }
    }

    /// Says what is being written or has been.
    pub(super) fn show_export(&mut self, ctx: &egui::Context) {
        let Some(notice) = &self.export.notice else { return };
        let over = notice.until.is_some_and(|until| Instant::now() >= until);
        let under_way = notice.written.is_none() && notice.until.is_none();
        let progress = self.export.exporter.as_ref().map_or(0.0, Exporter::progress_frac);
        let step = match (under_way, progress) {
            (false, _) => Step::Written,
            (true, frac) => Step::UnderWay { progress_frac: frac },
        };
        let answer = told(ctx, &notice.text, step);
        if answer == Some(Told::End) {
            if let Some(exporter) = &self.export.exporter {
                exporter.cancel();
                if !exporter.is_busy() {
                    // It had not begun, and will not tell.
                    self.export.notice = None;
                }
            }
            return;
        }
        if answer == Some(Told::Reveal)
            && let Some(path) = &notice.written
            && let Err(error) = self.windows.reveal(path)
        {
            self.refusal = Some(format!("The folder cannot be shown: {error}"));
        }
        if over || answer.is_some() {
            self.export.notice = None;
        }
    }
}

fn target(kind: &'static Kind) -> Target {
    let ending = (kind.form != Shape::Folder).then_some(kind.ending);
    Target { name: kind.name, ending }
}

fn with_target(path: PathBuf, target: Target) -> PathBuf {
    match target.ending {
        Some(ending) => with_ending(path, ending),
        None => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn a_folder_keeps_its_name_and_a_file_gets_its_ending() {
        let svg = target(Kind::of("svg").expect("a kind"));
        assert_eq!(with_target("a/plan".into(), svg), Path::new("a/plan.svg"));
        let folder = Target { name: "", ending: None };
        assert_eq!(with_target("a/plan".into(), folder), Path::new("a/plan"));
    }
}
