/**
 * Trutina, a rules-and-scoring engine for banks, on the JVM alone: the engine is a WebAssembly module compiled to Java
 * bytecode, and gives the same bytes as on every other host.
 *
 * <pre>{@code
 * try (Ruleset ruleset = Trutina.load(Path.of("rulesets/retail-credit-rating"))) {
 *     Facts facts = Facts.builder().set("age_in_years", 23).set("monthly_income", new BigDecimal("3200.00")).build();
 *     Decision decision = ruleset.decide(facts, LocalDate.of(2026, 11, 30));
 *     if (decision.error().isPresent()) { ... } else { decision.text("outcome"); }
 * }
 * }</pre>
 *
 * <p>Start at {@link org.trutina.Trutina}. A {@link org.trutina.Ruleset} is safe for threads; everything else is immutable.
 * What is wrong with the facts of a customer is an error <em>in</em> the {@link org.trutina.Decision}; exceptions are for
 * what is wrong with the program, the ruleset or the machine.
 */
package org.trutina;
