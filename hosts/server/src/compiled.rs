//! Machine code of a module, and how it is kept.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::SandboxError;

/// Bytes of the key that seals machine code.
pub const SEAL_KEY_BYTES: usize = 32;

const TAG_BYTES: usize = 32;
const BLOCK_BYTES: usize = 64;

/// Machine code that [`Sandbox::compile`](crate::Sandbox::compile) made. Whoever can write it can do anything, so it leaves
/// this type only under a seal, and comes back only under the same one.
#[derive(Clone)]
pub struct Compiled(pub(crate) Vec<u8>);

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled").field("bytes", &self.0.len()).finish()
    }
}

impl Compiled {
    /// The code with a seal (HMAC-SHA-256) in front, for a file or a cache that others might write to.
    #[must_use]
    pub fn sealed(&self, key: &[u8; SEAL_KEY_BYTES]) -> Vec<u8> {
        let tag = seal(key, &self.0).finalize().into_bytes();
        [tag.as_slice(), &self.0].concat()
    }

    /// Takes sealed code back.
    ///
    /// # Errors
    ///
    /// [`SandboxError::Refused`] if it was not sealed with this key, or was changed.
    pub fn open(key: &[u8; SEAL_KEY_BYTES], sealed: &[u8]) -> Result<Self, SandboxError> {
        let refused = || SandboxError::Refused("the seal of the compiled module is not right".to_owned());
        let (tag, code) = sealed.split_at_checked(TAG_BYTES).ok_or_else(refused)?;
        seal(key, code).verify_slice(tag).map_err(|_| refused())?;
        Ok(Self(code.to_vec()))
    }
}

fn seal(key: &[u8; SEAL_KEY_BYTES], code: &[u8]) -> Hmac<Sha256> {
    // A key is as long as a block of the hash, filled up with zeros (RFC 2104).
    let mut block = [0; BLOCK_BYTES];
    block.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let mut seal = Hmac::<Sha256>::new(&block.into());
    seal.update(code);
    seal
}
