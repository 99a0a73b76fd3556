//! As much of the WebAssembly binary format as is needed to list the imports of a module.

/// The imports of a module as `module.name`, or why the bytes are no module.
pub fn imports(bytes: &[u8]) -> Result<Vec<String>, String> {
    let mut reader = Reader { bytes };
    if reader.take(8)? != b"\0asm\x01\0\0\0" {
        return Err("not a WebAssembly module of version 1".to_owned());
    }
    while !reader.bytes.is_empty() {
        let id = reader.byte()?;
        let size = reader.number()?;
        let section = reader.take(size)?;
        if id == 2 {
            return import_section(Reader { bytes: section });
        }
    }
    Ok(Vec::new())
}

fn import_section(mut reader: Reader<'_>) -> Result<Vec<String>, String> {
    let count = reader.number()?;
    let mut found = Vec::new();
    for _ in 0..count {
        let module = reader.name()?;
        let name = reader.name()?;
        found.push(format!("{module}.{name}"));
        reader.skip_description()?;
    }
    Ok(found)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let (head, rest) = self.bytes.split_at_checked(count).ok_or("the module ends too early")?;
        self.bytes = rest;
        Ok(head)
    }

    fn byte(&mut self) -> Result<u8, String> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// An unsigned LEB128 number of at most 32 bits.
    fn number(&mut self) -> Result<usize, String> {
        let mut value = 0_usize;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err("a number of more than 32 bits".to_owned())
    }

    fn name(&mut self) -> Result<String, String> {
        let length = self.number()?;
        Ok(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    /// What is imported: a function, table, memory, global or tag.
    fn skip_description(&mut self) -> Result<(), String> {
        match self.byte()? {
            0 => self.number().map(drop),
            1 => self.byte().and_then(|_| self.skip_bounds()),
            2 => self.skip_bounds(),
            3 => self.take(2).map(drop),
            4 => self.byte().and_then(|_| self.number()).map(drop),
            kind => Err(format!("an import of the unknown kind {kind}")),
        }
    }

    fn skip_bounds(&mut self) -> Result<(), String> {
        let flags = self.byte()?;
        self.number()?;
        if flags & 1 == 1 { self.number().map(drop) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::imports;

    fn module(sections: &[&[u8]]) -> Vec<u8> {
        [b"\0asm\x01\0\0\0".as_slice(), &sections.concat()].concat()
    }

    #[test]
    fn no_import_is_none() {
        assert_eq!(imports(&module(&[])), Ok(Vec::new()));
        assert_eq!(imports(&module(&[b"\x00\x03abc"])), Ok(Vec::new()));
    }

    #[test]
    fn each_kind_of_import_is_listed() {
        let entries: [&[u8]; 5] = [
            b"\x03env\x01f\x00\x05",
            b"\x03env\x01t\x01\x70\x01\x01\x02",
            b"\x03env\x01m\x02\x00\x90\x01",
            b"\x03env\x01g\x03\x7f\x00",
            b"\x03env\x01e\x04\x00\x01",
        ];
        let body = [b"\x05".as_slice(), &entries.concat()].concat();
        let section = [&[2, u8::try_from(body.len()).unwrap_or_default()], body.as_slice()].concat();
        let expected = ["env.f", "env.t", "env.m", "env.g", "env.e"].map(str::to_owned);
        assert_eq!(imports(&module(&[b"\x00\x01a", &section])), Ok(expected.to_vec()));
    }

    #[test]
    fn a_broken_module_is_an_error() {
        assert!(imports(b"").is_err());
        assert!(imports(b"\0asm\x02\0\0\0").is_err());
        assert!(imports(&module(&[b"\x02\x7f"])).is_err());
        assert!(imports(&module(&[b"\x02\x02\x01\x03"])).is_err());
    }
}
