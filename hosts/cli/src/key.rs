//! Ed25519 keys from files, as `openssl genpkey -algorithm ed25519` writes them.

use std::path::Path;

use ed25519_dalek::Signer as _;
use trutina_engine::wire::bundle::{PublicKey, Trust, is_digest};

use crate::failure::Failure;
use crate::files::read_file;

/// What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410), without and with the public key behind it.
const PRIVATE_KEY_DER: [[u8; 14]; 2] = [
    [0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
    [0x02, 0x01, 0x01, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
];

/// A private key.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Reads a private key: PKCS #8 in PEM, not encrypted.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = read_file(path)?;
        let text = String::from_utf8_lossy(&bytes);
        let refuse = |what: &str| {
            Failure::new(format!("`{}` {what}", path.display()))
                .with_help("make a key with `openssl genpkey -algorithm ed25519 -out key.pem`")
        };
        if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
            return Err(refuse("is an encrypted key").with_help("decrypt it with `openssl pkey -in key.pem`"));
        }
        let body = pem(&text, "PRIVATE KEY").ok_or_else(|| refuse("is no private key in PEM"))?;
        let der = decode(&body).ok_or_else(|| refuse("is no private key in PEM"))?;
        let seed = seed(&der).ok_or_else(|| refuse("is no Ed25519 key"))?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// The public key that belongs to it.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// The public key in hexadecimal digits, as `--trust` takes it.
    pub fn public_text(&self) -> String {
        self.0.verifying_key().to_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Signs.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

/// What the words behind `--trust` name: digests, keys, or files with keys.
pub fn trust(words: &[String]) -> Result<Trust, Failure> {
    let mut trust = Trust::default();
    for word in words {
        if word.starts_with("sha256:") {
            if !is_digest(word) {
                return Err(Failure::new(format!("`{word}` is no digest")).with_help(
                    "a digest is `sha256:` and 64 hexadecimal digits in lower case, as `trutina pack` prints it",
                ));
            }
            trust.digests.push(word.clone());
        } else if let Some(key) = PublicKey::parse(word) {
            trust.keys.push(key);
        } else {
            trust.keys.push(read_public(Path::new(word))?);
        }
    }
    Ok(trust)
}

fn read_public(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = read_file(path)?;
    let text = String::from_utf8_lossy(&bytes);
    let body = pem(&text, "PUBLIC KEY").unwrap_or_else(|| text.into_owned());
    PublicKey::parse(&body).ok_or_else(|| {
        Failure::new(format!("`{}` is no Ed25519 public key", path.display()))
            .with_help("write one with `openssl pkey -in key.pem -pubout -out key.pub`")
    })
}

/// The base64 between the lines of a PEM of this kind.
fn pem(text: &str, label: &str) -> Option<String> {
    let (_, behind) = text.split_once(&format!("-----BEGIN {label}-----"))?;
    let (body, _) = behind.split_once(&format!("-----END {label}-----"))?;
    Some(body.split_whitespace().collect())
}

fn decode(base64: &str) -> Option<Vec<u8>> {
    trutina_engine::wire::bundle::bytes_of_base64(base64)
}

/// The 32 bytes of the key behind the outer sequence and the head.
fn seed(der: &[u8]) -> Option<[u8; 32]> {
    let inner = der.strip_prefix(&[0x30])?.split_first()?.1;
    let seed = PRIVATE_KEY_DER.iter().find_map(|head| inner.strip_prefix(head.as_slice()))?;
    seed.first_chunk().copied()
}

#[cfg(test)]
mod tests {
    use super::{decode, pem, seed};

    #[test]
    fn a_key_of_openssl_is_read() {
        // RFC 8410, section 10.3
        let text = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n";
        let der = pem(text, "PRIVATE KEY").and_then(|body| decode(&body));
        let key = der.as_deref().and_then(seed).map(|seed| seed.map(|byte| format!("{byte:02x}")).concat());
        assert_eq!(key.as_deref(), Some("d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"));
        assert_eq!(seed(&[0x30, 0x00]), None);
    }
}
