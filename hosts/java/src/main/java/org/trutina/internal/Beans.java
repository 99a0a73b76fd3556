package org.trutina.internal;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.trutina.FactName;
import org.trutina.NotAFact;
import org.trutina.UnsupportedFactException;

/** The properties of callers' classes, found once per class. */
final class Beans {
    /** Before the key of a property whose fact is named by {@link FactName}. */
    static final char EXACT = '=';

    private static final ClassValue<List<Property>> FOUND = new ClassValue<>() {
        @Override
        protected List<Property> computeValue(Class<?> type) {
            return Collections.unmodifiableList(find(type));
        }
    };

    private Beans() {}

    /** A getter or a record's accessor. */
    static final class Property {
        final String name;
        /** The name, or {@link #EXACT} and the key of {@link FactName}. */
        final String key;

        private final Method accessor;

        Property(String name, String key, Method accessor) {
            this.name = name;
            this.key = key;
            this.accessor = accessor;
        }

        Object read(String path, Object bean) {
            try {
                return accessor.invoke(bean);
            } catch (IllegalAccessException denied) {
                throw new UnsupportedFactException(
                        path, "`" + accessor + "` cannot be called; make the class public, and open its package to org.trutina");
            } catch (InvocationTargetException thrown) {
                UnsupportedFactException error =
                        new UnsupportedFactException(path, "`" + accessor.getName() + "()` threw " + thrown.getCause());
                error.initCause(thrown.getCause());
                throw error;
            }
        }
    }

    static List<Property> of(String path, Class<?> type) {
        List<Property> found = FOUND.get(type);
        if (found.isEmpty()) {
            throw new UnsupportedFactException(
                    path, "a " + type.getSimpleName() + " has no public getters and is no record; the types are listed at Facts");
        }
        return found;
    }

    private static List<Property> find(Class<?> type) {
        boolean record = type.getSuperclass() != null && type.getSuperclass().getName().equals("java.lang.Record");
        List<Property> found = record ? components(type) : getters(type);
        for (Property property : found) {
            // A public method of a class that is not public can be called only if its package is open to us.
            property.accessor.trySetAccessible();
        }
        return found;
    }

    /** In the order of the declaration, which reflection keeps for the fields of a record. */
    private static List<Property> components(Class<?> type) {
        List<Property> found = new ArrayList<>();
        for (var field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            try {
                add(found, field.getName(), type.getDeclaredMethod(field.getName()), field);
            } catch (NoSuchMethodException impossible) {
                throw new AssertionError("a component without accessor", impossible);
            }
        }
        return found;
    }

    /** In the order of the names: reflection has none. */
    private static List<Property> getters(Class<?> type) {
        List<Property> found = new ArrayList<>();
        for (Method method : type.getMethods()) {
            String name = property(method);
            if (name != null) {
                add(found, name, method, method);
            }
        }
        found.sort(Comparator.comparing(property -> property.name));
        return found;
    }

    private static String property(Method method) {
        boolean getter = method.getParameterCount() == 0
                && !Modifier.isStatic(method.getModifiers())
                && !method.isBridge()
                && !method.isSynthetic()
                && method.getDeclaringClass() != Object.class;
        if (!getter) {
            return null;
        }
        String name = method.getName();
        if (name.startsWith("get") && name.length() > 3 && method.getReturnType() != void.class) {
            return decapitalize(name.substring(3));
        }
        boolean flag = method.getReturnType() == boolean.class || method.getReturnType() == Boolean.class;
        return flag && name.startsWith("is") && name.length() > 2 ? decapitalize(name.substring(2)) : null;
    }

    private static String decapitalize(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }

    private static void add(List<Property> found, String name, Method accessor, AnnotatedElement declared) {
        if (declared.isAnnotationPresent(NotAFact.class) || accessor.isAnnotationPresent(NotAFact.class)) {
            return;
        }
        FactName given = accessor.getAnnotation(FactName.class);
        if (given == null) {
            given = declared.getAnnotation(FactName.class);
        }
        found.add(new Property(name, given == null ? name : EXACT + given.value(), accessor));
    }
}
