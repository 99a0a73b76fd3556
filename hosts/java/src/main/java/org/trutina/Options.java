package org.trutina;

import java.util.Optional;

/** How a ruleset is loaded. Immutable; begin with {@link #defaults}. */
public final class Options {
    private static final Options DEFAULTS =
            new Options(Math.max(2, Runtime.getRuntime().availableProcessors()), 1, null);

    private final int instances;
    private final int ready;
    private final Trust trust;

    private Options(int instances, int ready, Trust trust) {
        this.instances = instances;
        this.ready = ready;
        this.trust = trust;
    }

    /**
     * What is used where nothing is said: as many instances as processors (at least 2), made when they are needed.
     *
     * @return the defaults
     */
    public static Options defaults() {
        return DEFAULTS;
    }

    /**
     * How many decisions may be made at the same time; who comes while all instances are lent waits for one.
     *
     * @param most from 1; an instance takes some 6 MiB
     * @return changed options
     */
    public Options instances(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one instance is needed");
        }
        return new Options(most, Math.min(ready, most), trust);
    }

    /**
     * How many instances are made when the ruleset is loaded, so that nobody waits for one later.
     *
     * @param count from 1 to the number of {@link #instances}
     * @return changed options
     */
    public Options ready(int count) {
        if (count < 1 || count > instances) {
            throw new IllegalArgumentException("from 1 to " + instances + " instances can be ready");
        }
        return new Options(instances, count, trust);
    }

    /**
     * Which bundles may be loaded. A trusted bundle needs no parser and loads fastest; without trust, the sources in the
     * bundle are compiled again and compared with its program. Sources of a directory need no trust: they are what you gave.
     *
     * @param trust in digests or keys
     * @return changed options
     */
    public Options trust(Trust trust) {
        return new Options(instances, ready, trust);
    }

    int instances() {
        return instances;
    }

    int ready() {
        return ready;
    }

    Optional<Trust> trust() {
        return Optional.ofNullable(trust);
    }
}
