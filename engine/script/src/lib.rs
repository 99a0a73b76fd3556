//! Strict Rhai: from source text to the script noun of the engine.
