//! Sound bytes with a few of them changed: random bytes alone never get past a digest.

use sha2::{Digest, Sha256};

/// Four bytes of the input change one place: how, where (two bytes), by what.
pub fn edited(sound: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = sound.to_vec();
    for edit in edits.chunks_exact(4) {
        let at = usize::from(u16::from_le_bytes([edit[1], edit[2]])) % (bytes.len() + 1);
        match edit[0] % 4 {
            0 => bytes.insert(at, edit[3]),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= edit[3]),
        }
    }
    bytes
}

/// The bundle with every digest made to fit what it holds, as far as it can be read.
pub fn resealed(mut bundle: Vec<u8>) -> Vec<u8> {
    let end =
        16 + bundle.get(12..16).map_or(0, |length| u32::from_le_bytes(length.try_into().unwrap_or_default())) as usize;
    let Some(manifest) = bundle.get(16..end).and_then(|bytes| str::from_utf8(bytes).ok()).map(str::to_owned) else {
        return bundle;
    };
    let right = sections(&manifest, bundle.get(end + 36..).unwrap_or(&[]));
    bundle[16..end].copy_from_slice(with_digests(&manifest, &right).as_bytes());
    let sealed = Sha256::digest(&bundle[..end]);
    if let Some(place) = bundle.get_mut(end..end + 32) {
        place.copy_from_slice(&sealed);
    }
    bundle
}

/// The digests of the sections, in order. The bundle has no signatures.
fn sections(manifest: &str, mut rest: &[u8]) -> Vec<String> {
    let manifest: serde_json::Value = serde_json::from_str(manifest).unwrap_or_default();
    let listed = manifest["sections"].as_array().cloned().unwrap_or_default();
    let digest = |section: &serde_json::Value| {
        let length = section["length"].as_u64().and_then(|length| usize::try_from(length).ok());
        let (bytes, behind) = rest.split_at_checked(length?)?;
        rest = behind;
        Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect())
    };
    listed.iter().map_while(digest).collect()
}

/// The manifest with these digests of sections in the place of its own.
fn with_digests(manifest: &str, digests: &[String]) -> String {
    const BEFORE: &str = "\"digest\":\"sha256:";
    let (head, list) = manifest.split_at(manifest.find("\"sections\"").unwrap_or(manifest.len()));
    let mut written = head.to_owned();
    let mut pieces = list.split(BEFORE);
    written.extend(pieces.next());
    for (place, piece) in pieces.enumerate() {
        written.push_str(BEFORE);
        match (digests.get(place), piece.split_at_checked(64)) {
            (Some(digest), Some((_, behind))) => written.extend([digest.as_str(), behind]),
            _ => written.push_str(piece),
        }
    }
    written
}
