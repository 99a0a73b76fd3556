//! Whom a host believes: bundles it knows by their digest, and holders of Ed25519 keys.

use ed25519_dalek::{Signature, VerifyingKey};

use super::text::{bytes_of_base64, bytes_of_hex};

/// A public key, its signature.
pub(super) const SIGNATURE_BYTES: usize = KEY_BYTES + 64;

const KEY_BYTES: usize = 32;

/// What stands before the 32 bytes of a public key in the DER of a `SubjectPublicKeyInfo` (RFC 8410).
const PUBLIC_KEY_DER: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// An Ed25519 public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey(pub [u8; KEY_BYTES]);

/// What a host takes a bundle's word for. Nothing of it: no bundle is trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trust {
    /// Digests of bundles: `sha256:` over everything up to the end of the manifest.
    pub digests: Vec<String>,
    /// Keys of which one must have signed.
    pub keys: Vec<PublicKey>,
}

/// Who signed, and the signature of the bytes up to the end of the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SignedBy {
    /// Whose key.
    pub key: PublicKey,
    /// The signature.
    pub signature: [u8; 64],
}

impl PublicKey {
    /// A key as people write it: 64 hexadecimal digits, or base64 of the 32 bytes, or the base64 of a PEM public key.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = bytes_of_hex(text).filter(|bytes| bytes.len() == KEY_BYTES).or_else(|| bytes_of_base64(text))?;
        let key = bytes.strip_prefix(PUBLIC_KEY_DER.as_slice()).unwrap_or(&bytes);
        key.try_into().ok().map(Self)
    }
}

impl Trust {
    /// Whether nothing at all is trusted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.digests.is_empty() && self.keys.is_empty()
    }

    /// Whether the digest is known, or a known key has made one of these signatures, which have been verified.
    pub(super) fn covers(&self, digest: &str, signatures: &[SignedBy]) -> bool {
        self.digests.iter().any(|known| known == digest) || signatures.iter().any(|by| self.keys.contains(&by.key))
    }
}

impl SignedBy {
    /// Whether it is a signature of these bytes by this key; keys of small order and other weak cases are refused.
    #[must_use]
    pub fn verifies(&self, signed: &[u8]) -> bool {
        let key = VerifyingKey::from_bytes(&self.key.0);
        key.is_ok_and(|key| key.verify_strict(signed, &Signature::from_bytes(&self.signature)).is_ok())
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (key, signature) = bytes.split_first_chunk()?;
        Some(Self { key: PublicKey(*key), signature: signature.try_into().ok()? })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0);
        out.extend_from_slice(&self.signature);
    }
}
