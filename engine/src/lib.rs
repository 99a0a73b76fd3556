//! Trutina's engine: facts in, one explained decision out. See `ARCHITECTURE.md`.
