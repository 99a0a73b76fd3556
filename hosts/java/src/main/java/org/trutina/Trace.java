package org.trutina;

/** How much a decision tells about itself. It never changes its other bytes. */
public enum Trace {
    /** Nothing beside reasons and hits. */
    NONE("none"),
    /** What counted: attributes and points, rules and rows that held. */
    REASONS("reasons"),
    /** Also all that did not, with the test that failed and the value it failed on. */
    FULL("full");

    private final String word;

    Trace(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
