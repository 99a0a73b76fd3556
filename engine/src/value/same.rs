//! Equality of texts, which a decision asks for at each key and each value of an enum.

/// Whether two short texts are equal, eight bytes at a time: what WebAssembly is linked with compares one by one.
#[cfg_attr(trutina_wasm, optimize(speed))]
pub(crate) fn same(one: &str, other: &str) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let ((words, rest), (others, last)) = (one.as_bytes().as_chunks::<8>(), other.as_bytes().as_chunks::<8>());
    let number = |word: &[u8; 8]| u64::from_le_bytes(*word);
    words.iter().zip(others).all(|(word, other)| number(word) == number(other))
        && rest.iter().zip(last).all(|(byte, other)| byte == other)
}

#[cfg(test)]
mod tests {
    use super::same;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn equal_texts_are_the_same(one in "[ab]{0,18}", other in "[ab]{0,18}") {
            prop_assert_eq!(same(&one, &other), one == other);
            prop_assert!(same(&one, &one.clone()));
        }

        #[test]
        fn one_byte_makes_a_difference(text in "[ab]{1,24}", at in any::<prop::sample::Index>()) {
            let at = at.index(text.len());
            let changed: String = text.char_indices().map(|(place, byte)| if place == at { 'c' } else { byte }).collect();
            prop_assert!(!same(&text, &changed) && !same(&changed, &text));
        }
    }
}
