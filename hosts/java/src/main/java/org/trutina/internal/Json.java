package org.trutina.internal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259, strictly) into immutable values: {@code Map} in the order of the text, {@code List}, {@code String},
 * {@code Boolean}, {@code null}; a number without point and exponent is a {@code Long} or, beyond 64 bits, a
 * {@code BigInteger}, every other one a {@code BigDecimal}. Java has no JSON reader of its own, and one of 200 lines is
 * less to trust than a library that comes with others.
 */
public final class Json {
    private static final int DEEPEST = 256;

    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** Text that is no JSON. */
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    /**
     * Reads one value.
     *
     * @param text nothing but the value and white space
     * @return the value
     * @throws Malformed if it is no JSON, a key stands twice in an object, or it nests deeper than 256
     */
    public static Object read(String text) {
        Json json = new Json(text);
        json.space();
        Object value = json.value();
        json.space();
        if (json.at < text.length()) {
            throw json.malformed("text after the value");
        }
        return value;
    }

    private Object value() {
        switch (peek()) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return word("true", Boolean.TRUE);
            case 'f':
                return word("false", Boolean.FALSE);
            case 'n':
                return word("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!closes('}')) {
            do {
                space();
                if (peek() != '"') {
                    throw malformed("a key was expected");
                }
                String key = string();
                space();
                expect(':');
                space();
                if (fields.containsKey(key)) {
                    throw malformed("the key `" + key + "` stands twice");
                }
                fields.put(key, value());
            } while (goesOn('}'));
        }
        depth--;
        return Collections.unmodifiableMap(fields);
    }

    private List<Object> array() {
        enter();
        List<Object> elements = new ArrayList<>();
        if (!closes(']')) {
            do {
                space();
                elements.add(value());
            } while (goesOn(']'));
        }
        depth--;
        return Collections.unmodifiableList(elements);
    }

    private void enter() {
        at++;
        if (++depth > DEEPEST) {
            throw malformed("nested deeper than " + DEEPEST);
        }
    }

    private boolean closes(char bracket) {
        space();
        if (peek() == bracket) {
            at++;
            return true;
        }
        return false;
    }

    private boolean goesOn(char bracket) {
        space();
        if (peek() == ',') {
            at++;
            return true;
        }
        expect(bracket);
        return false;
    }

    private String string() {
        at++;
        int start = at;
        StringBuilder unescaped = null;
        while (true) {
            char c = peek();
            if (c == '"') {
                String tail = text.substring(start, at++);
                return unescaped == null ? tail : unescaped.append(tail).toString();
            }
            if (c < 0x20) {
                throw malformed("a control character in a string");
            }
            if (c == '\\') {
                if (unescaped == null) {
                    unescaped = new StringBuilder();
                }
                unescaped.append(text, start, at);
                at++;
                unescaped.append(escaped());
                start = at;
            } else {
                at++;
            }
        }
    }

    private char escaped() {
        char c = peek();
        at++;
        int found = "\"\\/bfnrt".indexOf(c);
        if (found >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(found);
        }
        if (c != 'u' || at + 4 > text.length()) {
            throw malformed("an unknown escape");
        }
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char c4 = text.charAt(at++);
            int digit = c4 < 0x80 ? Character.digit(c4, 16) : -1;
            if (digit < 0) {
                throw malformed("an unknown escape");
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw malformed("a value was expected");
        }
        at += word.length();
        return value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        boolean whole = true;
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            whole = false;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        return figure(text.substring(start, at), whole);
    }

    private Object figure(String figures, boolean whole) {
        if (whole && figures.length() < 19) {
            return Long.parseLong(figures);
        }
        if (whole) {
            BigInteger wide = new BigInteger(figures);
            return wide.bitLength() < 64 ? (Object) wide.longValue() : wide;
        }
        try {
            return new BigDecimal(figures);
        } catch (NumberFormatException error) {
            throw malformed("a number with such an exponent");
        }
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            throw malformed("a value was expected");
        }
    }

    private void space() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private void expect(char c) {
        if (peek() != c) {
            throw malformed("`" + c + "` was expected");
        }
        at++;
    }

    private char peek() {
        if (at >= text.length()) {
            throw malformed("the text ends too early");
        }
        return text.charAt(at);
    }

    private Malformed malformed(String why) {
        return new Malformed("no JSON at character " + (at + 1) + ": " + why);
    }
}
