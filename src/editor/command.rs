//! What can be done to a site, and the pure function that does it.

use super::connect::{self, Beside, Refusal, Supply};
use super::{
    Array, Axis, Edge, ElementId, Placing, RackCount, Side, align, array, duplicate, groups,
    insert, locks, paste, place, rack_type, relocate, remove, resize, set, tiers,
};
use crate::catalog::Catalog;
use crate::fields::FieldError;
use crate::site::import::Imported;
use crate::site::{
    Area, Battery, Block, Constraint, Feed, Fragment, Generator, Hall, Loop, NetworkRack, Node,
    Phase, Row, Site, Underlay,
};

/// Who overrides a value of the catalogue, and when (`YYYY-MM-DD`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    pub author: String,
    pub date: String,
}

impl Signature {
    /// The user of this computer, today.
    pub fn of_user() -> Self {
        let names = ["USER", "LOGNAME", "USERNAME"];
        let author = names.iter().find_map(|name| std::env::var(name).ok());
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self {
            author: author.unwrap_or_default(),
            date: crate::units::date::utc_date(now.map_or(0, |d| d.as_secs())),
        }
    }
}

/// What a new tier starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TierSource {
    /// A tier template of the catalogue, by id; demand is unlimited until entered.
    Template(String),
    /// A tier of the site, by id.
    CopyOf(String),
}

/// An element to put into a site.
#[derive(Clone, Debug, PartialEq)]
pub enum Element {
    Feed(Feed),
    Node(Node),
    Loop(Loop),
    Generator(Generator),
    Battery(Battery),
    Area(Area),
    Constraint(Constraint),
    Underlay(Underlay),
    Phase(Phase),
    Hall(Hall),
    Row(Row),
    NetworkRack(NetworkRack),
    Block(Block),
}

/// A change of a site.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Sets the field at a path of `--set` to a RON value, `unknown` or
    /// `unlimited`. A path into the catalogue becomes an override of the site.
    Set {
        path: String,
        value: String,
    },
    /// Sets several fields, all or none.
    SetMany(Vec<(String, String)>),
    AddTier(TierSource),
    RemoveTier {
        tier: String,
    },
    /// Adds a step below the last of a tier's demand curve, as a copy of it.
    AddDemandStep {
        tier: String,
    },
    RemoveDemandStep {
        tier: String,
        /// Counted from 0.
        index: usize,
    },
    /// Moves elements by metres east and south: halls with all that stands in
    /// them, rows with their blocks, loops with their machines. A block whose
    /// middle comes to lie in another hall becomes one of that hall.
    Move {
        ids: Vec<ElementId>,
        dx: f64,
        dy: f64,
    },
    /// Moves elements as [`Command::Move`] does, so that the north-west corner of what
    /// lies around them comes to stand there, metres; an absent coordinate stays.
    MoveTo {
        ids: Vec<ElementId>,
        x: Option<f64>,
        y: Option<f64>,
    },
    /// Gives an element another place and size, metres; what stands in it stays where it
    /// is. A block takes as many whole racks as fit, at its own spacing but not closer
    /// than the catalogue says. Refused where something would no longer fit.
    Resize {
        id: ElementId,
        at: [f64; 2],
        size: [f64; 2],
    },
    /// Moves one side of elements outwards by metres, inwards where negative; sides of
    /// blocks by whole racks.
    Grow {
        ids: Vec<ElementId>,
        side: Side,
        by_m: f64,
    },
    /// Brings edges or middles of elements to one line.
    Align {
        ids: Vec<ElementId>,
        edge: Edge,
    },
    /// Makes the gaps between elements equal; the outermost stay.
    Distribute {
        ids: Vec<ElementId>,
        axis: Axis,
    },
    /// Turns elements a quarter clockwise about their common middle, with what
    /// moves along in [`Command::Move`].
    Rotate {
        ids: Vec<ElementId>,
    },
    /// Removes elements, halls with all that stands in them.
    Remove {
        ids: Vec<ElementId>,
    },
    /// Copies elements under new ids, halls with all that stands in them;
    /// references between the copied elements lead to the copies.
    Duplicate {
        ids: Vec<ElementId>,
        dx: f64,
        dy: f64,
    },
    /// Copies elements in columns and rows as [`Command::Duplicate`] does. Refused where a
    /// copy cannot stand: outside hall or parcel, on something, too close.
    Array {
        ids: Vec<ElementId>,
        array: Array,
    },
    /// Adds elements; an id that is taken is replaced by a free one.
    Insert(Vec<Element>),
    /// Places things of the catalogue: elements with its figures, connected to
    /// what is nearest. Refused where they do not fit.
    Place(Placing),
    /// Adds copied elements, moved by metres east and south, under fresh ids.
    /// References lead to the copies, else to elements of this site of the same
    /// id and kind; others are dropped, see [`super::lost_by_paste`].
    Paste {
        fragment: Box<Fragment>,
        dx: f64,
        dy: f64,
    },
    /// Makes one group of elements, which leave the groups that they are in.
    Group {
        ids: Vec<ElementId>,
    },
    /// Dissolves the groups that any of the elements is in.
    Ungroup {
        ids: Vec<ElementId>,
    },
    /// Locks elements: until they are unlocked, no command changes them or what stands in
    /// or belongs to them.
    Lock {
        ids: Vec<ElementId>,
    },
    Unlock {
        ids: Vec<ElementId>,
    },
    /// Gives blocks another rack type: those among the elements and in them, all of the
    /// site where there are none. Footprints follow, see [`RackCount`].
    ChangeRackType {
        ids: Vec<ElementId>,
        /// Catalogue id.
        rack: String,
        count: RackCount,
    },
    /// What was read from a foreign file.
    Import(Box<Imported>),
    /// Feeds or cools elements by a source: halls and rows stand for their blocks. On path A a
    /// block whose path B the source is changes over; on the others nothing else moves.
    Connect {
        ids: Vec<ElementId>,
        source: ElementId,
        supply: Supply,
        beside: Beside,
    },
    /// Takes a supply away from elements: that of one source, or all of it.
    Disconnect {
        ids: Vec<ElementId>,
        source: Option<ElementId>,
        supply: Supply,
    },
    /// Takes a catalogue value of the site back to the catalogue's.
    ResetOverride {
        path: String,
    },
    /// Takes several back, all or none.
    ResetOverrides(Vec<String>),
}

/// Why a command was refused; the site is then unchanged.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EditError {
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("nothing is selected")]
    NothingSelected,
    #[error("the site has no element `{0}`")]
    NoSuchElement(ElementId),
    #[error("the site has no tier `{0}`")]
    NoSuchTier(String),
    #[error("the catalogue has no tier template `{0}`")]
    NoSuchTemplate(String),
    #[error("tier {tier} has no demand step {step}")]
    NoSuchStep {
        tier: String,
        /// Counted from 1.
        step: usize,
    },
    #[error("the catalogue value `{0}` is not overridden")]
    NoOverride(String),
    #[error("the distance is not a finite number of metres")]
    BadDistance,
    #[error("what is selected has no place on the plan")]
    NoPlace,
    /// What cannot have the size, as labels call it.
    #[error("{0} needs a width and a height above zero")]
    BadSize(String),
    #[error("{name} cannot have this size: {why}")]
    DoesNotFit { name: String, why: String },
    #[error("select {least} or more elements to {verb} them")]
    TooFew { verb: &'static str, least: usize },
    #[error("the catalogue has no rack type `{0}`")]
    NoSuchRack(String),
    #[error("the selection holds no racks")]
    NoRacks,
    #[error("nothing of the selection is in a group")]
    NotGrouped,
    #[error("nothing of the selection is locked")]
    NotLocked,
    /// What is locked, as labels call it.
    #[error("{0} is locked: unlock it first")]
    Locked(String),
    #[error("{name} is locked by {holder}: unlock that")]
    LockedBy { name: String, holder: String },
    #[error("{0}")]
    Refused(Refusal),
    #[error("nothing can be pasted here: {0}")]
    NothingToPaste(String),
    #[error("the layout has no variant `{0}`")]
    NoSuchVariant(String),
    #[error("the only variant of a layout cannot be deleted")]
    LastVariant,
    #[error("a variant needs a name")]
    NamelessVariant,
    #[error("there is a variant called {0} already")]
    VariantNameTaken(String),
    #[error("the site has a number that is not finite; correct it before making a variant")]
    NotFinite,
    /// The sentence says why.
    #[error("{0}")]
    NotPlaced(String),
}

/// The site after a command, and the words that complete "Undo ...".
///
/// Pure: what the command does not touch is shared with the old site.
///
/// # Errors
/// [`EditError`], where the command makes no sense for this site.
pub fn apply(
    site: &Site,
    catalog: &Catalog,
    command: &Command,
    signature: &Signature,
) -> Result<(Site, String), EditError> {
    let (after, label) = perform(site, catalog, command, signature)?;
    locks::check(site, &after)?;
    Ok((after, label))
}

fn perform(
    site: &Site,
    catalog: &Catalog,
    command: &Command,
    signature: &Signature,
) -> Result<(Site, String), EditError> {
    match command {
        Command::Set { path, value } => set::set(site, catalog, (path, value), signature),
        Command::SetMany(changes) => set::set_many(site, catalog, changes, signature),
        Command::ResetOverride { path } => set::reset(site, catalog, path),
        Command::ResetOverrides(paths) => set::reset_many(site, catalog, paths),
        Command::AddTier(source) => tiers::add(site, catalog, source),
        Command::RemoveTier { tier } => tiers::remove(site, tier),
        Command::AddDemandStep { tier } => tiers::add_step(site, tier),
        Command::RemoveDemandStep { tier, index } => tiers::remove_step(site, tier, *index),
        Command::Move { ids, dx, dy } => relocate::relocate(site, ids, [*dx, *dy]),
        Command::MoveTo { ids, x, y } => relocate::move_to(site, ids, [*x, *y]),
        Command::Resize { id, at, size } => {
            resize::resize(site, &rack_type::in_force(site, catalog), id, (*at, *size))
        }
        Command::Grow { ids, side, by_m } => {
            resize::grow(site, &rack_type::in_force(site, catalog), ids, (*side, *by_m))
        }
        Command::Align { ids, edge } => align::align(site, ids, *edge),
        Command::Distribute { ids, axis } => align::distribute(site, ids, *axis),
        Command::Rotate { ids } => relocate::rotate(site, ids),
        Command::Remove { ids } => remove::remove(site, ids),
        Command::Duplicate { ids, dx, dy } => duplicate::duplicate(site, ids, [*dx, *dy]),
        Command::Array { ids, array } => {
            array::array(site, &rack_type::in_force(site, catalog), ids, array)
        }
        Command::ChangeRackType { ids, rack, count } => {
            rack_type::change(site, catalog, ids, (rack, *count))
        }
        Command::Group { ids } => groups::group(site, ids),
        Command::Ungroup { ids } => groups::ungroup(site, ids),
        Command::Lock { ids } => locks::lock(site, ids),
        Command::Unlock { ids } => locks::unlock(site, ids),
        Command::Connect { ids, source, supply, beside } => {
            connect::connect(site, catalog, ids, (source, *supply, *beside))
        }
        Command::Disconnect { ids, source, supply } => {
            connect::disconnect(site, ids, (source.as_ref(), *supply))
        }
        Command::Insert(elements) => insert::insert(site, elements),
        Command::Place(placing) => {
            // Sizes and ratings as they are edited on this site.
            let (in_force, _) = crate::study::in_force(site, catalog);
            place::place(site, &in_force, placing)
        }
        Command::Import(imported) => Ok((imported.apply(site), imported.label.clone())),
        Command::Paste { fragment, dx, dy } => paste::paste(site, fragment, [*dx, *dy]),
    }
}
