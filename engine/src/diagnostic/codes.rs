//! The registry of diagnostic codes: the only place where a code is given.
//!
//! Blocks: `T1xxx` parse, `T2xxx` check, `T3xxx` input, `T4xxx` evaluation, `T5xxx` limits, `T6xxx` host and ABI.
//! A code is never reused. Each has a page `engine/errors/T####.md` whose example is a test.

use std::fmt;

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The ruleset does not load, or the decision ends in an error.
    Error,
    /// The ruleset loads; `check --deny warnings` refuses it.
    Warning,
    /// Advice.
    Hint,
}

impl Severity {
    /// `error`, `warning` or `hint`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Hint => "hint",
        }
    }
}

/// A registered diagnostic code, shown as `T2003`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

/// What the registry knows of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeInfo {
    /// The code itself.
    pub code: Code,
    /// Its name, in kebab case.
    pub name: &'static str,
    /// Its severity unless a diagnostic says otherwise.
    pub severity: Severity,
}

impl Code {
    /// The number behind the `T`.
    #[must_use]
    pub const fn number(self) -> u16 {
        self.0
    }

    /// The registered entry of this code.
    #[must_use]
    pub fn info(self) -> &'static CodeInfo {
        match REGISTRY.binary_search_by_key(&self.0, |info| info.code.0) {
            Ok(index) => REGISTRY.get(index).unwrap_or(&UNREGISTERED),
            Err(_) => &UNREGISTERED,
        }
    }

    /// The name in kebab case.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The registered severity.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.info().severity
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{:04}", self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{:04}", self.0)
    }
}

static UNREGISTERED: CodeInfo = CodeInfo { code: Code(0), name: "unregistered", severity: Severity::Error };

macro_rules! codes {
    ($($number:literal $constant:ident $name:literal $severity:ident;)*) => {
        $(
            #[doc = concat!("`T", stringify!($number), "` ", $name)]
            pub const $constant: Code = Code($number);
        )*
        /// Every registered code, in ascending order.
        pub static REGISTRY: &[CodeInfo] = &[
            $(CodeInfo { code: $constant, name: $name, severity: Severity::$severity },)*
        ];
    };
}

codes! {
    // T10xx files and encoding
    1001 FILE_MISSING "file-missing" Error;
    1002 NOT_UTF8 "not-utf8" Error;
    1003 FILE_UNUSED "file-unused" Warning;
    // T11xx ruleset.toml
    1101 TOML_SYNTAX "toml-syntax" Error;
    1102 TOML_UNKNOWN_KEY "toml-unknown-key" Error;
    1103 TOML_MISSING_KEY "toml-missing-key" Error;
    1104 TOML_WRONG_TYPE "toml-wrong-type" Error;
    1105 TOML_FLOAT "toml-float" Error;
    1106 BAD_NAME "bad-name" Error;
    1107 BAD_VALUE "bad-value" Error;
    1108 LANGUAGE_UNSUPPORTED "language-unsupported" Error;
    // T12xx CSV
    1201 CSV_QUOTING "csv-quoting" Error;
    1202 CSV_FIELD_COUNT "csv-field-count" Error;
    1203 CSV_BLANK_LINE "csv-blank-line" Error;
    1204 CSV_HEADER "csv-header" Error;
    1205 CSV_UNKNOWN_COLUMN "csv-unknown-column" Error;
    1206 CSV_SPREADSHEET "csv-spreadsheet-artefact" Error;
    1207 BAD_NUMBER "bad-number" Error;
    1208 BAD_DATE "bad-date" Error;
    1209 DUPLICATE_ID "duplicate-id" Error;
    1210 CSV_LINE_END "csv-line-end" Error;
    1211 CSV_NO_ROWS "csv-no-rows" Error;
    // T13xx S-FEEL cells
    1301 CELL_SYNTAX "cell-syntax" Error;
    1302 CELL_INVERTED_INTERVAL "cell-inverted-interval" Error;
    1303 CELL_UNSUPPORTED "cell-unsupported" Error;
    // T14xx Rhai
    1401 RHAI_SYNTAX "rhai-syntax" Error;
    1402 NOT_IN_LANGUAGE "not-in-language" Error;
    1403 LITERAL_TOO_LONG "literal-too-long" Error;
    1404 LITERAL_FORM "literal-form" Error;
    1405 CONFUSING_OPERATOR "confusing-operator" Error;
    1406 BAD_DECLARATION "bad-declaration" Error;
    1407 TOO_DEEP "too-deep" Error;
    // T15xx JSON documents (cases, facts)
    1501 JSON_SYNTAX "json-syntax" Error;
    1502 JSON_SHAPE "json-shape" Error;
    // T20xx names and declarations
    2001 UNKNOWN_FACT "unknown-fact" Error;
    2002 UNKNOWN_NAME "unknown-name" Error;
    2003 UNKNOWN_FUNCTION "unknown-function" Error;
    2004 UNKNOWN_TABLE "unknown-artefact" Error;
    2005 UNKNOWN_PARAMETER "unknown-parameter" Error;
    2006 UNKNOWN_ENUM_VALUE "unknown-enum-value" Error;
    2007 UNKNOWN_EFFECT "unknown-effect" Error;
    2008 UNKNOWN_FIELD "unknown-field" Error;
    2009 SHADOWING "shadowing" Error;
    2010 DUPLICATE_DECLARATION "duplicate-declaration" Error;
    2011 CYCLE "cycle" Error;
    2012 MISSING_DECIDE "missing-decide" Error;
    2013 UNKNOWN_SPECIAL "unknown-special-code" Error;
    2014 UNKNOWN_REASON "unknown-reason" Error;
    // T21xx types
    2101 TYPE_MISMATCH "type-mismatch" Error;
    2102 DIVISION_OPERATOR "division-operator" Error;
    2103 POWER_OPERATOR "power-operator" Error;
    2104 REMAINDER_OPERATOR "remainder-operator" Error;
    2105 CHAINED_COMPARISON "chained-comparison" Error;
    2106 MISSING_UNHANDLED "missing-unhandled" Error;
    2107 SPECIAL_UNHANDLED "special-unhandled" Error;
    2108 NOT_BOOLEAN "not-boolean" Error;
    2109 SWITCH_NOT_EXHAUSTIVE "switch-not-exhaustive" Error;
    2110 SWITCH_MIXED "switch-mixed-numbers" Error;
    2111 NO_VALUE "no-value" Error;
    2112 ARGUMENTS "wrong-arguments" Error;
    2113 ROUNDING_MODE "rounding-mode" Error;
    2114 OUTPUT_DIGITS "output-digits" Error;
    2115 OUTPUT_MISSING "output-not-given" Error;
    2116 CAPTURE_MUTATED "capture-mutated" Error;
    2117 LOOP_UNBOUNDED "loop-unbounded" Error;
    2118 RECURSION "recursion" Error;
    2119 ASSIGNMENT "assignment" Error;
    2120 CONSTANT_REQUIRED "constant-required" Error;
    2121 CONSTANT_ERROR "constant-error" Error;
    2122 VALUE_UNUSED "value-unused" Warning;
    // T22xx scorecards
    2201 CARD_ATTRIBUTE "card-attribute" Error;
    2202 CARD_MISSING_ROW "card-missing-row" Error;
    2203 CARD_OPEN_DOMAIN "card-open-domain" Warning;
    2204 CARD_UNREACHABLE "card-unreachable" Warning;
    2205 CARD_NOT_MONOTONE "card-not-monotone" Warning;
    2206 CARD_BASELINE "card-baseline" Error;
    2207 CARD_BASELINE_UNUSED "card-baseline-unused" Warning;
    // T23xx scales
    2301 SCALE_GAP "scale-gap" Error;
    2302 SCALE_OVERLAP "scale-overlap" Error;
    2303 SCALE_BAND "scale-band" Error;
    // T24xx decision tables
    2401 TABLE_OVERLAP "table-overlap" Warning;
    2402 TABLE_GAP "table-gap" Warning;
    2403 TABLE_UNREACHABLE "table-unreachable" Warning;
    2404 TABLE_CELL_TYPE "table-cell-type" Error;
    2405 TABLE_HIT_POLICY "table-hit-policy" Error;
    2406 TABLE_DEFAULT_ROW "table-default-row" Error;
    2407 TABLE_EMPTY_INTERVAL "table-empty-interval" Warning;
    2408 TABLE_COLUMN_TYPE "table-column-type" Error;
    2409 TABLE_UNUSED "artefact-unused" Warning;
    2410 TEXT_NOT_NORMAL "text-not-normal" Warning;
    2411 TABLE_NOT_SEARCHED "table-not-searched" Hint;
    // T3xxx input
    3001 INPUT_SYNTAX "input-syntax" Error;
    3002 INPUT_NOT_OBJECT "input-not-object" Error;
    3003 DUPLICATE_KEY "duplicate-key" Error;
    3004 UNKNOWN_INPUT "unknown-input" Error;
    3005 INPUT_MISSING "input-missing" Error;
    3006 INPUT_TYPE "input-type" Error;
    3007 INPUT_DIGITS "input-digits" Error;
    3008 INPUT_DOMAIN "input-domain" Error;
    3009 INPUT_ENUM "input-enum" Error;
    3010 INPUT_DATE "input-date" Error;
    3011 INPUT_TIMESTAMP "input-timestamp" Error;
    3012 INPUT_TOO_LARGE "input-too-large" Error;
    3013 SERIES_DUPLICATE_PERIOD "series-duplicate-period" Error;
    3014 NOT_IN_FORCE "not-in-force" Error;
    // T4xxx evaluation
    4001 OVERFLOW "overflow" Error;
    4002 DIVISION_BY_ZERO "division-by-zero" Error;
    4003 LOST_DIGITS "lost-digits" Error;
    4004 NO_ROW_MATCHES "no-row-matches" Error;
    4005 UNIQUE_VIOLATED "unique-violated" Error;
    4006 ANY_VIOLATED "any-violated" Error;
    4007 UNSCORABLE "unscorable" Error;
    4008 OUTSIDE_SCALE "outside-scale" Error;
    4009 DATE_RANGE "date-out-of-range" Error;
    4011 ODDS_DOMAIN "odds-domain" Error;
    4012 INDEX_RANGE "index-out-of-range" Error;
    4013 CLAMP_BOUNDS "clamp-bounds" Error;
    // T5xxx limits
    5001 RULESET_TOO_LARGE "ruleset-too-large" Error;
    5002 PROGRAM_TOO_COSTLY "program-too-costly" Error;
    5003 REQUEST_TOO_LARGE "request-too-large" Error;
    5004 NESTING_TOO_DEEP "nesting-too-deep" Error;
    5005 PROBLEMS_OMITTED "problems-omitted" Error;
    5006 LINE_TOO_LONG "line-too-long" Error;
    5007 DECISION_TOO_LARGE "decision-too-large" Error;
    // T6xxx host and ABI
    6001 BAD_REQUEST "bad-request" Error;
    6002 UNKNOWN_HANDLE "unknown-handle" Error;
    6003 INTERNAL "internal" Error;
    6004 NO_PARSER "no-parser" Error;
    6005 BUNDLE_DAMAGED "bundle-damaged" Error;
    6006 BUNDLE_VERSION "bundle-version" Error;
    6007 BUNDLE_UNTRUSTED "bundle-untrusted" Error;
    6008 BUNDLE_MISMATCH "bundle-mismatch" Error;
    6009 BUNDLE_UNSOUND "bundle-unsound" Error;
    6010 DEADLINE_EXCEEDED "deadline-exceeded" Error;
    6011 MEMORY_EXHAUSTED "memory-exhausted" Error;
    6012 SANDBOX_BUSY "sandbox-busy" Error;
    6021 HOST_VALUE "host-value" Error;
    6022 ENGINE_STOPPED "engine-stopped" Error;
    6023 MODULE_REFUSED "module-refused" Error;
}

#[cfg(test)]
mod tests {
    use super::REGISTRY;

    #[test]
    fn codes_ascend_and_names_are_unique() {
        assert!(REGISTRY.windows(2).all(|pair| matches!(pair, [a, b] if a.code < b.code)));
        let mut names: Vec<_> = REGISTRY.iter().map(|info| info.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), REGISTRY.len());
    }
}
