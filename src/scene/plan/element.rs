//! Names of the elements of a plan. It must not know where they stand.

/// Collection of the layout that an element belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ElementKind {
    Feed,
    Node,
    Loop,
    Generator,
    Battery,
    Area,
    Constraint,
    Hall,
    Row,
    NetworkRack,
    Block,
}

impl ElementKind {
    pub const ALL: [ElementKind; 11] = [
        ElementKind::Feed,
        ElementKind::Node,
        ElementKind::Loop,
        ElementKind::Generator,
        ElementKind::Battery,
        ElementKind::Area,
        ElementKind::Constraint,
        ElementKind::Hall,
        ElementKind::Row,
        ElementKind::NetworkRack,
        ElementKind::Block,
    ];

    /// Name of the collection, as element paths write it.
    pub const fn collection(self) -> &'static str {
        match self {
            ElementKind::Feed => "feeds",
            ElementKind::Node => "nodes",
            ElementKind::Loop => "loops",
            ElementKind::Generator => "generators",
            ElementKind::Battery => "batteries",
            ElementKind::Area => "areas",
            ElementKind::Constraint => "constraints",
            ElementKind::Hall => "halls",
            ElementKind::Row => "rows",
            ElementKind::NetworkRack => "network_racks",
            ElementKind::Block => "blocks",
        }
    }
}

/// An element of a site by collection and id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ElementId {
    pub kind: ElementKind,
    pub id: String,
}

impl ElementId {
    pub fn new(kind: ElementKind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// Element path in the vocabulary of `--set`, e.g. `blocks.h8-n3-09`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.kind.collection(), self.id)
    }

    /// The element that a path names; a field after the id is ignored.
    pub fn from_path(path: &str) -> Option<Self> {
        let mut parts = path.split('.');
        let collection = parts.next()?;
        let id = parts.next().filter(|id| !id.is_empty())?;
        let kind = ElementKind::ALL.into_iter().find(|k| k.collection() == collection)?;
        Some(Self::new(kind, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_element_with_or_without_a_field() {
        for kind in ElementKind::ALL {
            let id = ElementId::new(kind, "x-1");
            assert_eq!(ElementId::from_path(&id.path()), Some(id.clone()));
            assert_eq!(ElementId::from_path(&format!("{}.capacity_mw", id.path())), Some(id));
        }
        assert_eq!(ElementId::from_path("site.grid_contract_mw"), None);
    }
}
