//! Every layout that ships, against its known answer.
