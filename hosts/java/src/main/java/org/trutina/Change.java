package org.trutina;

import java.util.List;
import java.util.Map;
import org.trutina.internal.Tree;

/** One fact, or two together, with other values, and the better outcome that they give. Immutable. */
public final class Change {
    private final List<ChangedFact> facts;
    private final String outcome;

    private Change(List<ChangedFact> facts, String outcome) {
        this.facts = facts;
        this.outcome = outcome;
    }

    static Change single(Object tree, Description description) {
        Map<String, Object> fields = Tree.object(tree);
        return new Change(List.of(ChangedFact.of(fields, description)), Tree.text(fields, "outcome"));
    }

    static Change pair(Object tree, Description description) {
        Map<String, Object> fields = Tree.object(tree);
        List<ChangedFact> facts = Tree.list(fields.get("facts"), fact -> ChangedFact.of(Tree.object(fact), description));
        return new Change(facts, Tree.text(fields, "outcome"));
    }

    /**
     * The facts that change; all others stay as they are.
     *
     * @return one or two, in declared order
     */
    public List<ChangedFact> facts() {
        return facts;
    }

    /**
     * The outcome that was decided with the change.
     *
     * @return a value of the output {@code outcome}: better than now, not always the best
     */
    public String outcome() {
        return outcome;
    }

    @Override
    public String toString() {
        return facts + " => " + outcome;
    }
}
