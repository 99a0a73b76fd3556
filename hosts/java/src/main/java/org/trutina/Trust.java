package org.trutina;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Which bundles may be loaded: those of given digests, and those signed with given keys. */
public final class Trust {
    private final List<String> digests;
    private final List<String> keys;

    private Trust(List<String> digests, List<String> keys) {
        this.digests = digests;
        this.keys = keys;
    }

    /**
     * Trusts one bundle.
     *
     * @param digest {@code sha256:...}, as {@code trutina pack} prints it
     * @return trust in this bundle alone
     */
    public static Trust digest(String digest) {
        return new Trust(List.of(digest), List.of());
    }

    /**
     * Trusts every bundle with a signature of a key.
     *
     * @param key an Ed25519 public key: 64 hexadecimal digits, or base64 of its 32 bytes, or the base64 of a PEM file
     * @return trust in this key
     */
    public static Trust key(String key) {
        return new Trust(List.of(), List.of(key));
    }

    /**
     * Trusts what either trusts.
     *
     * @param other more trust
     * @return both
     */
    public Trust or(Trust other) {
        return new Trust(both(digests, other.digests), both(keys, other.keys));
    }

    private static List<String> both(List<String> these, List<String> those) {
        List<String> all = new ArrayList<>(these);
        all.addAll(those);
        return Collections.unmodifiableList(all);
    }

    List<String> digests() {
        return digests;
    }

    List<String> keys() {
        return keys;
    }
}
