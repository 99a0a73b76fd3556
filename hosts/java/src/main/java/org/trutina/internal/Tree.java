package org.trutina.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads what {@link Json} gives. An answer that has another form than ABI.md says is a defect: {@link ClassCastException}. */
public final class Tree {
    private Tree() {}

    /**
     * An object.
     *
     * @param tree a value
     * @return its fields
     */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(Object tree) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(tree);
    }

    /**
     * A list.
     *
     * @param tree a value
     * @param of reads one element
     * @param <T> what an element becomes
     * @return immutable
     */
    public static <T> List<T> list(Object tree, Function<Object, T> of) {
        List<T> elements = new ArrayList<>();
        for (Object element : (List<?>) tree) {
            elements.add(of.apply(element));
        }
        return Collections.unmodifiableList(elements);
    }

    /**
     * A field that is a text.
     *
     * @param fields an object
     * @param key the field
     * @return the text
     */
    public static String text(Map<String, Object> fields, String key) {
        return (String) java.util.Objects.requireNonNull(fields.get(key), key);
    }

    /**
     * A field that is a small number.
     *
     * @param fields an object
     * @param key the field
     * @return the number
     */
    public static int count(Map<String, Object> fields, String key) {
        return Math.toIntExact((Long) fields.get(key));
    }

    /**
     * Texts by language.
     *
     * @param tree an object, or nothing
     * @return in order; empty for nothing
     */
    public static Map<String, String> texts(Object tree) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (tree != null) {
            object(tree).forEach((key, value) -> texts.put(key, (String) value));
        }
        return Collections.unmodifiableMap(texts);
    }
}
