//! Where reports are made for the window: a thread of its own, so that a large picture holds
//! nobody up. It must not know widgets.

use crate::catalog::Catalog;
use crate::jobs::{Context, SpawnError, Worker};
use crate::plan::result::Status;
use crate::report::drawing::view_picture;
use crate::report::writers::png;
use crate::report::{Form, Kind, Options, Part, Subject};
use crate::scene::geom::View;
use crate::scene::oneline::Choices;
use crate::site::file::{Backup, save_bytes};
use crate::site::{Scenario, Site};
use crate::study::{self, Outcome, SolveOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to make.
#[derive(Clone, Debug)]
pub enum Wish {
    /// A kind of report.
    Kind(&'static Kind),
    /// A picture of what a view shows.
    View(View, Choices),
    /// A page as it was painted; its name stands in that of the file.
    Page(&'static str, Arc<image::RgbaImage>),
}

/// Everything that a report is made of; nothing of it changes while it is made.
pub struct Job {
    pub wish: Wish,
    pub options: Options,
    pub site: Site,
    pub catalog: Arc<Catalog>,
    /// The answer to this very site, if there is one already.
    pub outcome: Option<Arc<Outcome>>,
    /// Name of the layout's file.
    pub file: String,
    pub scenarios: Arc<Vec<Scenario>>,
    pub path: PathBuf,
}

/// What was written, or why nothing was.
pub type Done = Result<PathBuf, String>;

/// The thread.
pub type Exporter = Worker<Job, Done>;

/// Starts the thread.
///
/// # Errors
/// Where the system gives none.
pub fn start(wake: impl Fn() + Send + 'static) -> Result<Exporter, SpawnError> {
    Worker::spawn("gigasite-export", wake, || (), |(), job, context| run(&job, context))
}

/// What stands in place of a report that was ended before it was written.
pub const ENDED: &str = "ended before anything was written";

/// Ends here where somebody asked for it; else tells how far it is.
fn go_on(context: &Context<'_, Done>, done_frac: f32) -> Result<(), String> {
    context.set_progress(done_frac);
    if context.is_cancelled() { Err(ENDED.to_owned()) } else { Ok(()) }
}

fn run(job: &Job, context: &Context<'_, Done>) -> Done {
    let (catalog, _) = study::in_force(&job.site, &job.catalog);
    let (needs, full) = match &job.wish {
        Wish::Kind(kind) => (kind.needs_answer(&job.options), kind.needs_full_answer(&job.options)),
        Wish::View(..) => (job.options.overlay().needs_answer(), false),
        Wish::Page(..) => (false, false),
    };
    // Money is told of the full answer alone, which has a hash of its input.
    let is_full = |o: &Arc<Outcome>| !o.provenance.input_sha256.is_empty();
    let solved = match job.outcome.clone().filter(|o| !full || is_full(o)) {
        None if needs => Some(Arc::new(solve(job, full)?)),
        kept => kept,
    };
    go_on(context, 0.4)?;
    let subject = Subject {
        site: &job.site,
        catalog: &catalog,
        outcome: solved.as_deref(),
        file: &job.file,
        scenarios: &job.scenarios,
    };
    let (parts, folder) = match &job.wish {
        Wish::Kind(kind) => (kind.make(&subject, &job.options), kind.form == Form::Folder),
        Wish::View(view, choices) => {
            let looks = (*view, choices);
            let drawn = view_picture(&subject, &job.options, looks, &mut png::measure());
            let pixels = drawn.and_then(|p| Ok(png::write(&p, job.options.scale as f32)?));
            (pixels.map(Part::only), false)
        }
        Wish::Page(_, pixels) => return page(&job.path, pixels),
    };
    let parts = parts.map_err(|e| e.to_string())?;
    go_on(context, 0.9)?;
    write(&job.path, &parts, folder)?;
    Ok(job.path.clone())
}

fn page(path: &Path, pixels: &image::RgbaImage) -> Done {
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).map_err(|e| e.to_string())?;
    write(path, &Part::only(bytes.into_inner()), false)?;
    Ok(path.to_owned())
}

/// The full answer, as the window has it; what is not valued needs a plan.
fn solve(job: &Job, is_valued: bool) -> Result<Outcome, String> {
    let outcome = study::run(&job.site, &job.catalog, &SolveOptions::default());
    if is_valued || outcome.plan.status == Status::Optimal {
        Ok(outcome)
    } else {
        Err("the site has no plan that colours could tell of: choose the rack generation".into())
    }
}

fn write(path: &Path, parts: &[Part], folder: bool) -> Result<(), String> {
    if folder {
        std::fs::create_dir_all(path)
            .map_err(|e| format!("cannot make the folder {}: {e}", path.display()))?;
    }
    for part in parts {
        let path = if part.name.is_empty() { path.to_owned() } else { path.join(&part.name) };
        save_bytes(&path, &part.bytes, Backup::None).map_err(|e| e.to_string())?;
    }
    Ok(())
}
