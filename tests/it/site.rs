//! Layout files: broken ones and what is said of them; round trips.
