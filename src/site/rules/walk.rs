//! Visits every number of a record through serde, with the path to it, so that
//! a rule about numbers holds for fields that are added later, too.
//!
//! It must not know which records there are.

use serde::ser::{self, Serialize};
use std::fmt;

/// One step to a number.
enum Step {
    Field(&'static str),
    Key(String),
    Index(usize),
}

/// A number and what it is called.
pub(super) struct Number<'a> {
    pub value: f64,
    /// Innermost field name; for values of a map the field that holds the map.
    pub field: &'static str,
    walker: &'a [Step],
}

impl Number<'_> {
    /// Path below the record.
    pub fn path(&self) -> String {
        let names: Vec<String> = self
            .walker
            .iter()
            .map(|step| match step {
                Step::Field(name) => (*name).to_owned(),
                Step::Key(key) => key.clone(),
                Step::Index(index) => index.to_string(),
            })
            .collect();
        names.join(".")
    }
}

/// Calls `visit` for every floating-point number of a record.
pub(super) fn numbers<T: Serialize>(record: &T, visit: &mut dyn FnMut(Number)) {
    let mut walker = Walker { steps: Vec::new(), visit, key: false };
    // cannot fail: the walker refuses nothing, and records have no serialisers that do.
    let _ = record.serialize(&mut walker);
}

struct Walker<'v> {
    steps: Vec<Step>,
    visit: &'v mut dyn FnMut(Number),
    /// The next string is the key of a map.
    key: bool,
}

/// The walker never fails; serde wants a type to say so.
#[derive(Debug)]
pub(super) struct Never;

impl fmt::Display for Never {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("never")
    }
}

impl std::error::Error for Never {}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Never
    }
}

type Done = Result<(), Never>;

/// Scalars that are no floating-point numbers.
macro_rules! pass_over {
    ($($name:ident: $kind:ty),*) => {
        $(fn $name(self, _: $kind) -> Done { Ok(()) })*
    };
}

impl<'w, 'v> ser::Serializer for &'w mut Walker<'v> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Group<'w, 'v>;
    type SerializeTuple = Group<'w, 'v>;
    type SerializeTupleStruct = Group<'w, 'v>;
    type SerializeTupleVariant = Group<'w, 'v>;
    type SerializeMap = Group<'w, 'v>;
    type SerializeStruct = Group<'w, 'v>;
    type SerializeStructVariant = Group<'w, 'v>;

    pass_over!(
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_char: char, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str
    );

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Done {
        let field = self.steps.iter().rev().find_map(|step| match step {
            Step::Field(name) => Some(*name),
            _ => None,
        });
        (self.visit)(Number { value, field: field.unwrap_or(""), walker: &self.steps });
        Ok(())
    }

    fn serialize_str(self, text: &str) -> Done {
        if std::mem::take(&mut self.key) {
            self.steps.push(Step::Key(text.to_owned()));
        } else if let [.., Step::Index(_), Step::Field("id")] = self.steps.as_slice() {
            // The element of a list goes by its id, which stands before its numbers.
            let at = self.steps.len() - 2;
            self.steps[at] = Step::Key(text.to_owned());
        }
        Ok(())
    }

    fn serialize_none(self) -> Done {
        Ok(())
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Done {
        Ok(())
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Done {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Group<'w, 'v>, Never> {
        Ok(Group { depth: self.steps.len(), walker: self, index: 0 })
    }

    fn serialize_tuple(self, _: usize) -> Result<Group<'w, 'v>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Group<'w, 'v>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Group<'w, 'v>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Group<'w, 'v>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Group<'w, 'v>, Never> {
        self.serialize_seq(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Group<'w, 'v>, Never> {
        self.steps.push(Step::Field(variant));
        self.serialize_seq(None)
    }
}

/// The inside of a list, a map or a record.
pub(super) struct Group<'w, 'v> {
    walker: &'w mut Walker<'v>,
    /// Steps that lead to the group.
    depth: usize,
    index: usize,
}

impl Group<'_, '_> {
    fn element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.walker.steps.push(Step::Index(self.index));
        self.index += 1;
        self.value(value)
    }

    fn field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.walker.steps.push(Step::Field(name));
        self.value(value)
    }

    /// A value whose step stands already.
    fn value<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        value.serialize(&mut *self.walker)?;
        self.walker.steps.truncate(self.depth);
        Ok(())
    }
}

impl ser::SerializeSeq for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTuple for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTupleStruct for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeTupleVariant for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.element(value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeMap for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Done {
        self.walker.key = true;
        key.serialize(&mut *self.walker)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.value(value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStruct for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.field(name, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

impl ser::SerializeStructVariant for Group<'_, '_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.field(name, value)
    }

    fn end(self) -> Done {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    struct Inner {
        id: &'static str,
        at: [f64; 2],
    }

    #[derive(Serialize)]
    enum Choice {
        Ratio { pue: f64 },
    }

    #[derive(Serialize)]
    struct Outer {
        x_mw: Option<f64>,
        none: Option<f64>,
        list: Vec<Inner>,
        plain: Vec<f64>,
        shares: BTreeMap<&'static str, f64>,
        choice: Choice,
        whole: u32,
    }

    #[test]
    fn every_number_is_visited_with_its_path_and_field() {
        let record = Outer {
            x_mw: Some(1.0),
            none: None,
            list: vec![Inner { id: "a", at: [2.0, 3.0] }],
            plain: vec![4.0],
            shares: BTreeMap::from([("free", 5.0)]),
            choice: Choice::Ratio { pue: 6.0 },
            whole: 7,
        };
        let mut seen = Vec::new();
        numbers(&record, &mut |n| seen.push((n.path(), n.field, n.value)));
        let expected = [
            ("x_mw", "x_mw", 1.0),
            ("list.a.at.0", "at", 2.0),
            ("list.a.at.1", "at", 3.0),
            ("plain.0", "plain", 4.0),
            ("shares.free", "shares", 5.0),
            ("choice.Ratio.pue", "pue", 6.0),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, field, value)| (path.to_string(), *field, *value))
            .collect();
        assert_eq!(seen, expected);
    }
}
