package org.trutina;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.trutina.internal.Tree;

/** Why a decision is as it is: one of its ranked reasons. */
public final class Reason {
    private final String code;
    private final BigDecimal points;
    private final Map<String, String> text;

    private Reason(String code, BigDecimal points, Map<String, String> text) {
        this.code = code;
        this.points = points;
        this.text = text;
    }

    static Reason of(Object tree) {
        Map<String, Object> fields = Tree.object(tree);
        Object points = fields.get("points");
        return new Reason(
                Tree.text(fields, "code"),
                points == null ? null : new BigDecimal(points.toString()),
                Tree.texts(fields.get("text")));
    }

    /**
     * The reason's code.
     *
     * @return as {@code R07}
     */
    public String code() {
        return code;
    }

    /**
     * How far the points of the characteristic are from its baseline.
     *
     * @return points; empty if the reason is not a scorecard's
     */
    public Optional<BigDecimal> points() {
        return Optional.ofNullable(points);
    }

    /**
     * The wording per language.
     *
     * @return by language tag, in the order of reasons.csv
     */
    public Map<String, String> text() {
        return text;
    }

    /**
     * The wording in one language.
     *
     * @param language which
     * @return empty if the ruleset has none in this language
     */
    public Optional<String> text(Language language) {
        return Optional.ofNullable(text.get(language.tag()));
    }

    @Override
    public String toString() {
        return points == null ? code : code + " " + points.toPlainString();
    }
}
