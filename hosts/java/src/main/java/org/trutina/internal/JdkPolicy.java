package org.trutina.internal;

import org.trutina.UnsupportedJdkException;

/**
 * Which JDKs may decide. C2 of JDK 17 and earlier can compile code like this module's wrongly and silently (JDK-8376400,
 * after some 45 million calls); 18 to 20 hide it and are no longer maintained. So 21 and newer are supported.
 */
public final class JdkPolicy {
    /** The system property by which the operator accepts the risk on JDK 11 to 20. */
    public static final String ACCEPT = "trutina.acceptJdk8376400";

    /** The system property that says how often a decision is made twice where the risk was accepted. */
    public static final String EVERY = "trutina.verifyEvery";

    private static final int FIRST_SUPPORTED = 21;
    private static final int EVERY_DEFAULT = 1000;

    private JdkPolicy() {}

    /**
     * How often a decision is made twice on this JVM.
     *
     * @return 0 for never, 1 for each, n for one of n
     * @throws UnsupportedJdkException if this JVM may not decide at all
     */
    public static int verifyEvery() {
        return verifyEvery(Runtime.version().feature(), System.getProperty(ACCEPT), System.getProperty(EVERY));
    }

    static int verifyEvery(int feature, String accepted, String every) {
        if (feature >= FIRST_SUPPORTED) {
            return every == null ? 0 : number(every, 0);
        }
        if (!"true".equals(accepted)) {
            throw new UnsupportedJdkException("JDK " + feature + " may compile the engine wrongly without saying so "
                    + "(JDK-8376400); use JDK " + FIRST_SUPPORTED + " or newer, or accept the risk with -D" + ACCEPT
                    + "=true: then one decision of " + EVERY_DEFAULT + " (-D" + EVERY + "=N for another share) is "
                    + "made again by an interpreter and compared");
        }
        return every == null ? EVERY_DEFAULT : number(every, 1);
    }

    private static int number(String text, int least) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // The message below says it.
        }
        throw new UnsupportedJdkException("the system property " + EVERY + " is `" + text + "`; it takes a number, from "
                + least);
    }
}
