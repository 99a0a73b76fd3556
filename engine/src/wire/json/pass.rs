//! Values that are left as they stand.

use super::{Fault, Json, Reader};

impl<'a> Reader<'a> {
    /// Goes past a value by its quotation marks and by the kind of brackets that it begins with.
    #[cfg_attr(trutina_wasm, optimize(speed))]
    pub(super) fn passed(&mut self) -> Result<Json<'a>, Fault> {
        let first = self.token();
        let start = self.at;
        match first {
            Some(b'"') => self.pass_string(),
            Some(b'{') => self.pass_nested(b'{', b'}')?,
            Some(b'[') => self.pass_nested(b'[', b']')?,
            _ => {
                let end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                let rest = self.rest();
                self.advance(rest.iter().position(end).unwrap_or(rest.len()));
            }
        }
        if start == self.at {
            return Err(Fault::Syntax("a value is expected here"));
        }
        self.left = self.bytes.get(start..self.at);
        Ok(Json::Null)
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn pass_nested(&mut self, opening: u8, closing: u8) -> Result<(), Fault> {
        let mut open = 0_u32;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => self.pass_string(),
                other => {
                    self.advance(1);
                    if other == opening {
                        open = open.saturating_add(1);
                    } else if other == closing {
                        open = open.saturating_sub(1);
                        if open == 0 {
                            return Ok(());
                        }
                    }
                }
            }
        }
        Err(Fault::Syntax("the document ends where more is expected"))
    }

    #[cfg_attr(trutina_wasm, optimize(speed))]
    fn pass_string(&mut self) {
        self.advance(1);
        loop {
            let rest = self.rest();
            match rest.iter().position(|byte| matches!(byte, b'"' | b'\\')) {
                Some(mark) if rest.get(mark) == Some(&b'"') => return self.advance(mark.saturating_add(1)),
                Some(mark) => self.advance(mark.saturating_add(2)),
                None => return self.advance(rest.len()),
            }
        }
    }
}
