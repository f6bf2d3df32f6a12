//! One sentence for each command: what it does, for who has not used it yet.

use super::Command;

impl Command {
    /// What it does, as a tooltip and for assistive technology.
    pub const fn tip(self) -> &'static str {
        match self {
            Command::New => "Lays out a site from a few answers, or starts from an example",
            Command::NewWindow => "Opens another window of the program",
            Command::Reload => "Takes the layout as it stands on the disk; undo brings yours back",
            Command::Compare => "Tells what reloading the file would change",
            Command::Recover => "Offers work that an earlier window did not save",
            Command::StopReading => "Leaves alone the file that is being read",
            Command::OneLine => "The electrical network from the grid to the racks",
            Command::Open => "Opens a layout file",
            Command::Save => "Writes the layout to its file",
            Command::SaveAs => "Writes the layout to another file, which it then belongs to",
            Command::Export => {
                "Drawings and files for other programs, made of the site as it is now"
            }
            Command::SavePicture => "Saves what the page shows, at twice its size",
            Command::Quit => "Closes the window; asks before changes are lost",
            Command::Undo => "Takes back the last change",
            Command::Import => "Takes a parcel, an underlay or a list from a foreign file",
            Command::Weather => "Shows cooling hour by hour in the year of an EPW file",
            Command::Redo => "Does again what was taken back",
            Command::Cut => "Copies the selection as text and removes it",
            Command::Copy => "Copies the selection as text, for this window or another",
            Command::Paste => "Adds copied elements under new ids, where there is room",
            Command::Duplicate => "Puts copies of the selection beside it",
            Command::Delete => "Removes the selection; asks where more goes with it",
            Command::SelectNothing => "Ends the selection",
            Command::SelectSame => "Selects all of the same kind and type",
            Command::SelectUpstream => {
                "Selects what feeds the selection, up to the grid, on both paths"
            }
            Command::SelectPathA => "Selects what feeds the selection in normal operation",
            Command::SelectPathB => "Selects what would feed it once its open switch is closed",
            Command::FeedFrom => "Lists what can feed the selection, and why the rest cannot",
            Command::FeedFromB => "The same for a second source behind a normally open switch",
            Command::CoolFrom => "Lists the loops that can cool the selection",
            Command::DrawConnections => {
                "Drags on plan and diagram draw power and cooling connections"
            }
            Command::Disconnect => "Lists what supplies the selection, to take one of it away",
            Command::SelectDownstream => "Selects what the selection feeds, down to the racks",
            Command::SelectChildren => "Selects what stands in it or hangs directly below it",
            Command::ResetToCatalog => "Takes edited values back to those of the catalogue",
            Command::SitePlan => "The campus on the ground",
            Command::Economics => "Where the megawatts go and what they earn",
            Command::Finance => "What the plan costs and returns over the life of its racks",
            Command::Throughput => "Estimated tokens per second of racks and models",
            Command::Challenge => "A guest's megawatts as a site: breakers, fixes, break-even",
            Command::Limits => "What holds the site back, and what one more is worth",
            Command::Problems => "What is wrong with the layout",
            Command::Fit => "Brings the whole site into view",
            Command::ZoomIn => "Makes everything in the window larger",
            Command::ZoomOut => "Makes everything in the window smaller",
            Command::ZoomReset => "Shows the window at its own size",
            Command::Dark => "Dark colours",
            Command::Light => "Light colours, for daylight, print and projectors",
            Command::SystemTheme => "Dark or light as the system is",
            Command::MetricUnits => "Shows and takes metres, degrees Celsius, litres, kilograms",
            Command::UsUnits => "Shows and takes feet, degrees Fahrenheit, gallons, pounds",
            Command::Palette => "Finds commands, elements, values and answers",
            Command::ShowOnPlan => "Brings the selected element into view on the plan",
            Command::ContextMenu => "Opens the menu of what is selected",
            Command::AddTier => "Adds a pricing tier from a template of the catalogue",
            Command::Place => "Places racks, halls, power, cooling and ground of the catalogue",
            Command::DrawConstraint => "Clicks set corners; Enter or a double click ends it",
            Command::AddConstraint => "Ground with a rule: setback, flood, wetland, noise and more",
            Command::Solve => "Computes the full answer again",
            other => other.further_tip(),
        }
    }

    /// Of variants and presentations, and of what says itself what it does.
    const fn further_tip(self) -> &'static str {
        match self {
            Command::Cooling => "Cooling loops over the year of the place, at several set points",
            Command::Contingencies => "Every single outage by AC power flow, worst first",
            Command::CompareVariants => "Two variants side by side: plans, figures, limits",
            Command::Present => "A guided tour in large type, over the whole screen",
            Command::Rotate => "Turns the selection a quarter clockwise",
            Command::NewVariant => "Copies the site as it is, to change it and compare",
            Command::NextVariant => "Brings the next variant of the layout to the front",
            Command::RenameVariant => "Another name, and notes, for the variant that is shown",
            Command::DeleteVariant => "Removes the variant that is shown; undo brings it back",
            other => match (super::whatif::tip(other), super::look::tip(other)) {
                (Some(tip), _) | (None, Some(tip)) => tip,
                (None, None) => match super::money::tip(other) {
                    Some(tip) => tip,
                    None => super::arrange::tip(other),
                },
            },
        }
    }
}
