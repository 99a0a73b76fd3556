//! Shared harness of the tests: corpus reader, generators, reference evaluator.
