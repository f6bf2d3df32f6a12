//! Numbers as people read them: unit visible, sensible digits, true minus.
