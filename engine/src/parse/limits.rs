//! How large a ruleset may be: bounds that no honest ruleset meets and no hostile one gets past.

/// Bytes of one file.
pub const FILE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Bytes of all files that decide.
pub const RULESET_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Files that decide.
pub const FILES_MAX: usize = 1_000;

/// Problems listed per file; one more says that there are others.
pub const PROBLEMS_PER_FILE_MAX: u32 = 1_000;

/// Bytes of one CSV record, its line breaks included. A quote that is never closed is found out here at the latest.
pub const RECORD_BYTES_MAX: usize = 1024 * 1024;

/// Arrays and objects within one another in a JSON text.
pub const JSON_DEPTH_MAX: u32 = 64;
