//! Writes the layouts of the campus family: `campus-1gw.ron`, `mixed-250mw.ron`,
//! `estimated-100mw.ron` and `pilot-20mw.ron`.
//!
//! ```text
//! cargo run --no-default-features --example campus -- layouts
//! ```
//!
//! The same program gives the same files: there is no chance and no clock in it. It knows
//! the layout format alone, neither the catalogue's figures nor the engine.

mod campus {
    pub mod cedar_ridge;
    pub mod estimated;
    pub mod grid;
    pub mod hall;
    pub mod mixed;
    pub mod pilot;
    pub mod terms;
}

use gigasite::site::LayoutFile;
use gigasite::site::file::to_ron;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: campus FOLDER");
        return ExitCode::from(2);
    };
    let layouts: [(&str, LayoutFile); 4] = [
        ("campus-1gw.ron", campus::cedar_ridge::layout()),
        ("mixed-250mw.ron", campus::mixed::layout()),
        ("estimated-100mw.ron", campus::estimated::layout()),
        ("pilot-20mw.ron", campus::pilot::layout()),
    ];
    for (name, layout) in layouts {
        let path = Path::new(&folder).join(name);
        if let Err(error) = std::fs::write(&path, to_ron(&layout)) {
            eprintln!("cannot write {}: {error}", path.display());
            return ExitCode::FAILURE;
        }
        eprintln!(
            "{}: {} blocks, {} nodes",
            path.display(),
            layout.blocks.len(),
            layout.nodes.len()
        );
    }
    ExitCode::SUCCESS
}
