package org.trutina;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.trutina.internal.Tree;

/**
 * What would give a better outcome, of the facts that a ruleset marks as {@code actionable}: those that a customer can act on.
 * Each change listed was decided, with all other facts as they are. Immutable.
 */
public final class Changes {
    /** How the search ended. */
    public enum Status {
        /** The outcome is the best there is. */
        BEST_ALREADY,
        /** Some change would give a better outcome: see {@link Changes#single()} and {@link Changes#pairs()}. */
        FOUND,
        /** Nothing would: proven of every change of one fact or two. {@link Changes#isComplete()} is true. */
        NOTHING_WOULD,
        /** None found, and not everything was searched: something might. {@link Changes#isComplete()} is false. */
        NONE_FOUND,
        /** There is no outcome to better: the decision ends in an error, or the ruleset has no output {@code outcome}. */
        NOT_DECIDED
    }

    private final Status status;
    private final boolean complete;
    private final List<Change> single;
    private final List<Change> pairs;

    private Changes(Map<String, Object> fields, Description description) {
        status = Status.valueOf(Tree.text(fields, "status").toUpperCase(Locale.ROOT));
        complete = (Boolean) Objects.requireNonNull(fields.get("complete"), "complete");
        single = Tree.list(fields.get("single"), change -> Change.single(change, description));
        pairs = Tree.list(fields.get("pairs"), change -> Change.pair(change, description));
    }

    /** From an answer; the description has the types of the values. */
    static Changes of(Object tree, Description description) {
        return new Changes(Tree.object(tree), description);
    }

    /**
     * How the search ended.
     *
     * @return never null
     */
    public Status status() {
        return status;
    }

    /**
     * Whether nothing is left to find: every fact was searched to its end, and every pair is listed. It is false where a fact that
     * can be acted on is missing, special or of a type without order, where the search took too many steps, and where two
     * facts have more pairs than are listed. So if nothing is listed, this tells "nothing would" (true) from "none found" (false).
     *
     * @return false if there may be other changes than those listed
     */
    public boolean isComplete() {
        return complete;
    }

    /**
     * Changes of one fact: its nearest value that gives a better outcome, counted in units of the last digit, in days, or in places
     * among the declared values.
     *
     * @return in declared order of the facts; one fact several times if values are equally near
     */
    public List<Change> single() {
        return single;
    }

    /**
     * Changes of two facts together, such that no change of one or both that gives a better outcome needs less of one and no more of
     * the other.
     *
     * @return in declared order of the facts; of two facts at most eight pairs of distances, which lie apart from each other
     */
    public List<Change> pairs() {
        return pairs;
    }

    @Override
    public String toString() {
        return status + (complete ? "" : " (not complete)") + " " + single + " " + pairs;
    }
}
