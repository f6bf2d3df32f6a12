//! Nothing is lost: unsaved work is kept in side files and offered after a
//! crash, and a file that another program has written is noticed.

use super::App;
use super::documents::name_of;
use crate::editor::{
    Autosave, Difference, Document, Found, Kept, Leftovers, News, Reading, RecentChange,
    RecentFiles, Recovered, Seen, SharedRecent, Standing, Store, Watch, Wish,
};
use crate::gui::prompts::Prompt;
use crate::gui::prompts::recover::{Offer, Offers};
use crate::units::date;
use eframe::egui;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_secs(60);
/// Steps of a difference that an offer quotes.
const QUOTED: usize = 4;
/// Steps of a difference that a comparison lists.
const LISTED: usize = 14;

/// What keeps the document from being lost. Without a folder of side files,
/// as in tests and pictures, nothing is kept.
pub(super) struct Keeping {
    started: Instant,
    autosave: Option<Autosave>,
    watch: Option<Watch>,
    pub kept: Kept,
    /// The list of recent files that all windows share.
    recent: Option<SharedRecent>,
    /// Somebody has taken note that the document's file may not be written.
    pub knows_read_only: bool,
    /// How the document's file was last seen, where that needs an answer.
    pub disk: Option<Seen>,
    /// Work that is being offered, in the order of the offers.
    pub work: Vec<(Found, Standing)>,
    leftovers: Option<Leftovers>,
    /// Somebody has asked for what was left behind, and wants to hear of nothing as well.
    asked: bool,
    focused: bool,
}

impl Keeping {
    pub fn new() -> Self {
        Self {
            started: Instant::now(),
            leftovers: None,
            asked: false,
            autosave: None,
            watch: None,
            kept: Kept::Nothing,
            recent: None,
            knows_read_only: false,
            disk: None,
            work: Vec::new(),
            focused: false,
        }
    }

    /// Another document is in the window.
    pub fn restart(&mut self) {
        self.disk = None;
        self.kept = Kept::Nothing;
        self.knows_read_only = false;
        if let Some(autosave) = &mut self.autosave {
            autosave.restart();
        }
    }

    /// Seconds since the newest state was kept.
    pub fn kept_ago_s(&self) -> Option<f64> {
        let at = self.autosave.as_ref()?.kept_at()?;
        Some(self.started.elapsed().saturating_sub(at).as_secs_f64())
    }

    /// The program ends; `unsaved` is a document that nobody was asked about.
    pub fn end(&mut self, unsaved: Option<&Document>) {
        if let Some(autosave) = self.autosave.take() {
            autosave.end(unsaved);
        }
    }

    /// Starts what has to run beside the window.
    fn start(&mut self, ctx: &egui::Context, store: Store) {
        let wake = |ctx: &egui::Context| {
            let ctx = ctx.clone();
            move || ctx.request_repaint()
        };
        match Autosave::new(store.clone(), wake(ctx)) {
            Ok(autosave) => self.autosave = Some(autosave),
            Err(error) => self.kept = Kept::Failed(error.to_string()),
        }
        // Without a thread the file is still looked at before it is saved.
        self.watch = Watch::new(wake(ctx)).ok();
        self.leftovers = Some(Leftovers::new(store, wake(ctx)));
    }
}

impl App {
    /// Keeps unsaved work in a folder from now on.
    pub fn keep_in(&mut self, ctx: &egui::Context, store: Store) {
        self.keeping.start(ctx, store);
    }

    /// Shares the list of recent files with the other windows from now on.
    pub fn share_recent(&mut self, ctx: &egui::Context, files: RecentFiles) {
        let own = self.session.editor().document().path().map(Path::to_owned);
        let ctx = ctx.clone();
        // Without a thread the window has its list alone.
        self.keeping.recent = SharedRecent::new(files, move || ctx.request_repaint()).ok();
        match own {
            Some(path) => self.remember(&path),
            None => self.look_at_recent(),
        }
    }

    fn look_at_recent(&mut self) {
        if let Some(shared) = &mut self.keeping.recent {
            shared.look(&self.view.prefs.recent);
        }
    }

    /// Whether the list of recent files is being read or written.
    pub(super) fn is_sharing(&self) -> bool {
        self.keeping.recent.as_ref().is_some_and(SharedRecent::is_busy)
    }

    /// The program ends: what is in the list here stands in the shared one.
    pub(super) fn finish_sharing(&mut self) {
        if let Some(shared) = &mut self.keeping.recent {
            shared.finish(&self.view.prefs.recent);
        }
    }

    /// Puts a file in front of the recent ones.
    pub(super) fn remember(&mut self, path: &Path) {
        self.change_recent(RecentChange::Remember(path.to_owned()));
    }

    /// Takes a file that cannot be opened off the recent ones.
    pub(super) fn forget(&mut self, path: &Path) {
        self.change_recent(RecentChange::Forget(path.to_owned()));
    }

    fn change_recent(&mut self, change: RecentChange) {
        // At once here, and in the shared list when its file has been written.
        change.make(&mut self.view.prefs.recent);
        if let Some(shared) = &mut self.keeping.recent {
            shared.change(&self.view.prefs.recent, change);
        }
    }

    /// Side files are written and the document's file is looked at when it is time.
    pub(super) fn look_after(&mut self, ctx: &egui::Context) {
        let now = self.keeping.started.elapsed();
        let document = self.session.editor().document();
        if let Some(autosave) = &mut self.keeping.autosave {
            if let Some(wait) = autosave.step(document, now) {
                ctx.request_repaint_after(wait);
            }
            self.keeping.kept = autosave.kept(document);
            if self.keeping.kept == Kept::Newest {
                // The age of what was kept is told in minutes.
                ctx.request_repaint_after(MINUTE);
            }
        }
        let focused = ctx.input(|i| i.focused);
        let came = focused && !self.keeping.focused;
        self.keeping.focused = focused;
        if came {
            self.look_at_recent();
        }
        if let Some(shared) = &mut self.keeping.recent
            && let Some(list) = shared.poll(&self.view.prefs.recent)
        {
            self.view.prefs.recent = list;
        }
        // A file that is being written is not what the document knows, and by its own doing.
        if self.is_saving() {
            return;
        }
        let document = self.session.editor().document();
        let Some(watch) = &mut self.keeping.watch else { return };
        let seen = watch.poll(document);
        watch.look(document, now, came);
        match seen {
            Some(same @ Seen::Same(_)) => {
                self.session.note(same);
                self.keeping.disk = None;
            }
            Some(other) => self.keeping.disk = Some(other),
            None => {}
        }
    }

    /// Asks what is to become of the work that programs left behind. Says so
    /// where there is none only if it was `asked` for.
    pub fn offer(&mut self, asked: bool) {
        self.keeping.work.clear();
        self.keeping.asked = asked;
        let catalog = Arc::clone(self.session.editor().catalog());
        match &mut self.keeping.leftovers {
            Some(leftovers) => leftovers.ask(Wish::Look(catalog)),
            None => self.offer_rest(),
        }
    }

    /// Whether work that was left behind is being read.
    pub(super) fn is_recovering(&self) -> bool {
        self.keeping.leftovers.as_ref().is_some_and(Leftovers::is_busy)
    }

    /// Goes on with what was read of work that was left behind; while something else is asked
    /// that waits.
    pub(super) fn poll_leftovers(&mut self) {
        if self.prompt.is_some() {
            return;
        }
        match self.keeping.leftovers.as_mut().and_then(Leftovers::poll) {
            None => {}
            Some(News::Work(work)) => {
                self.keeping.work = work;
                self.offer_rest();
            }
            Some(News::Recovered(recovered)) => self.take(*recovered),
            Some(News::Gone) => {
                self.prompt = Some(Prompt::Failed {
                    title: "The work cannot be recovered here".to_owned(),
                    lines: vec!["Another window has it, or it was discarded".to_owned()],
                });
            }
        }
    }

    /// Offers what there is; that there is nothing only to somebody who asked.
    fn offer_rest(&mut self) {
        let offers: Vec<Offer> = self.keeping.work.iter().map(|(f, s)| offer(f, s)).collect();
        // Whether recovered work goes into a window of its own.
        let elsewhere = self.session.editor().document().is_dirty();
        if std::mem::take(&mut self.keeping.asked) || !offers.is_empty() {
            self.prompt = Some(Prompt::Recover(Offers { offers, elsewhere, ..Offers::default() }));
        }
    }

    pub(super) fn recover(&mut self, index: usize) {
        if index >= self.keeping.work.len() {
            return;
        }
        let (found, _) = self.keeping.work.remove(index);
        match &mut self.keeping.leftovers {
            Some(leftovers) if !self.session.editor().document().is_dirty() => {
                leftovers.ask(Wish::Recover(found));
            }
            _ => self.recover_elsewhere(found),
        }
    }

    /// Recovers work in another window, as this one has unsaved changes.
    fn recover_elsewhere(&mut self, found: Found) {
        let arguments = [OsString::from("--recover"), found.side_file().into()];
        // The other window takes hold of the work; nothing is removed here.
        drop(found);
        self.open_window(&arguments);
        if self.prompt.is_none() {
            self.offer_rest();
        }
    }

    /// Recovers one side file, as another window asked for.
    pub fn recover_file(&mut self, side: PathBuf) {
        if let Some(leftovers) = &mut self.keeping.leftovers {
            leftovers.ask(Wish::Take(side));
        }
    }

    fn take(&mut self, Recovered { found, document }: Recovered) {
        match document {
            // Edited while it was read.
            Ok(_) if self.session.editor().document().is_dirty() => {
                return self.recover_elsewhere(found);
            }
            Ok((document, work)) => {
                self.session.recovered(document, work);
                if let Some(path) = found.path() {
                    self.remember(path);
                }
                self.opened();
                if let Some(autosave) = &mut self.keeping.autosave {
                    autosave.take_over(found);
                }
            }
            Err(line) => {
                let title = format!("{} cannot be recovered", found.title());
                self.prompt = Some(Prompt::Failed { title, lines: vec![line] });
            }
        }
        if self.prompt.is_none() {
            self.offer_rest();
        }
    }

    pub(super) fn discard_work(&mut self, index: usize) {
        if index < self.keeping.work.len() {
            self.keeping.work.remove(index).0.discard();
        }
        self.offer_rest();
    }

    /// Takes over the file as it stands on disk; undo brings back what was here.
    pub(super) fn reload(&mut self) {
        if let Some(path) = self.session.editor().document().path().map(Path::to_owned) {
            self.read(&path, Reading::Reload);
        }
    }

    /// The document stays; saving will replace the file, where it may be written.
    pub(super) fn keep_mine(&mut self) {
        self.keeping.knows_read_only = true;
        if let Some(seen) = self.keeping.disk.take() {
            self.session.keep_mine(seen);
        }
    }

    /// Finds out what reloading would change.
    pub(super) fn compare(&mut self) {
        let editor = self.session.editor();
        let catalog = Arc::clone(editor.catalog_in_force());
        let known = Box::new(editor.document().clone());
        if let Some(path) = editor.document().path().map(Path::to_owned) {
            self.read(&path, Reading::Compare(known, catalog));
        }
    }

    /// Shows what reloading would change.
    pub(super) fn compared(&mut self, difference: &Difference, seen: Seen) {
        self.keeping.disk = Some(seen).filter(|seen| !matches!(seen, Seen::Same(_)));
        let path = self.session.editor().document().path();
        self.prompt = Some(Prompt::Difference {
            file: path.map_or_else(String::new, name_of),
            lines: difference.lines().take(LISTED).map(str::to_owned).collect(),
            more: difference.len().saturating_sub(LISTED),
        });
    }
}

/// Abandoned work in words.
fn offer(found: &Found, standing: &Standing) -> Offer {
    let mut offer = Offer {
        title: found.title().to_owned(),
        place: found.path().map_or_else(String::new, |path| path.display().to_string()),
        age: date::ago(found.age().as_secs()),
        fault: found.fault().map(str::to_owned),
        ..Offer::default()
    };
    match standing {
        Standing::NoFile if found.path().is_some() => {
            offer.summary = "Its file is gone or cannot be read".to_owned();
        }
        Standing::NoFile => offer.summary = "Never saved to a file".to_owned(),
        Standing::File { difference, changed_since } => {
            let count = difference.len();
            let changes = if count == 1 { "change" } else { "changes" };
            offer.summary = format!("{count} {changes} newer than the file");
            if *changed_since {
                offer.summary.push_str("; another program has written the file since");
            }
            offer.lines = difference.lines().take(QUOTED).map(str::to_owned).collect();
            offer.more = count.saturating_sub(QUOTED);
        }
    }
    offer
}
