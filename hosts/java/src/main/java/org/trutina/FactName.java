package org.trutina;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** On a getter or a record's component: the key of the fact, where it does not follow from the name. */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.FIELD})
public @interface FactName {
    /**
     * The key.
     *
     * @return as in {@link Field#source()}
     */
    String value();
}
