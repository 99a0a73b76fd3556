//! Words for what Rhai's parser stumbles over: none of Rhai's own reach an author.

use rhai::{LexError, ParseErrorType as Type};

type Words = (String, Option<String>);

/// A plain message and a fix for an error of Rhai's parser.
pub fn plain(error: &Type) -> Words {
    match error {
        Type::UnexpectedEOF => mend("the text ends in the middle of an expression", "close each bracket that is open"),
        Type::BadInput(lexical) => plain_lexical(lexical),
        Type::MissingToken(token, what) => missing(token, what),
        Type::ExprTooDeep => {
            mend("this is nested too deeply", "name the inner parts with `let`, or move them into a `fn`")
        }
        Type::WrongFnDefinition => mend("a function stands inside another", "move it to the top of the file"),
        Type::LoopBreak => mend("`break` and `continue` stand outside of a loop", "remove it"),
        Type::Reserved(word) => mend(format!("`{word}` is a reserved word of Rhai"), "choose another name"),
        Type::UnknownOperator(operator) => improper(operator),
        Type::AssignmentToConstant(_) => mend("a constant cannot be assigned to", "write `let`, or another name"),
        Type::AssignmentToInvalidLHS(_) => mend("this cannot be assigned to", "write `==` to compare"),
        Type::MalformedIndexExpr(_) => mend(
            "this cannot be an index",
            "the elements of a list have integers: `list[0]`; fields are read with a dot",
        ),
        Type::MalformedCapture(_) => mend("a function cannot capture", "pass it what it needs as an argument"),
        Type::PropertyExpected => mend("the name of a field is missing", "after a dot stands a name: `f.age`"),
        Type::VariableExpected => mend("the name of a variable is missing", "write a name: letters, digits and `_`"),
        Type::ForbiddenVariable(name) => mend(format!("`{name}` cannot be a variable"), "choose another name"),
        Type::VariableExists(name) | Type::DuplicatedVariable(name) => {
            mend(format!("the variable `{name}` stands twice"), "choose another name")
        }
        Type::VariableUndefined(name) => mend(format!("there is no variable `{name}`"), "declare it with `let`"),
        Type::ModuleUndefined(name) => mend(format!("there is no module `{name}`"), "write `::` nowhere"),
        Type::MismatchedType(..) | Type::ExprExpected(_) => expression_expected(error),
        Type::MissingSymbol(_) => mend("something is missing here", "close each bracket that is open"),
        Type::WrongDocComment => mend("a `///` comment describes no function", "write `//`"),
        Type::WrongExport => mend("`export` is not in the language", "remove it"),
        Type::TooManyFunctions => mend("there are too many functions", "move figures into tables and scorecards"),
        Type::LiteralTooLarge(..) => mend("this literal is too large", "move figures into tables and scorecards"),
        other => of_declaration(other),
    }
}

fn mend(message: impl Into<String>, help: &str) -> Words {
    (message.into(), Some(help.to_owned()))
}

fn expression_expected(error: &Type) -> Words {
    match error {
        Type::ExprExpected(what) if what.contains("literal") => {
            mend("a case of a `switch` is a literal", "compare anything else with `if`")
        }
        Type::MismatchedType(wanted, _) if wanted.contains("boolean") => {
            mend("a condition is true or false, this is neither", "compare it with something")
        }
        Type::MismatchedType(..) => mend("a loop does not run over this", "write `for x in list` or `for i in 0..12`"),
        _ => mend("an expression is missing before this block", "write `if condition { ... }`"),
    }
}

/// Functions, maps and switches.
fn of_declaration(error: &Type) -> Words {
    match error {
        Type::FnDuplicatedDefinition(name, _) => {
            mend(format!("the function `{name}` is defined twice"), "rename or remove one of them")
        }
        Type::FnDuplicatedParam(_, name) => mend(format!("the parameter `{name}` stands twice"), "rename one of them"),
        Type::FnMissingName => mend("a function without a name", "write `fn name(x) { ... }`"),
        Type::FnMissingParams(name) => mend(
            format!("the function `{name}` has no parameters"),
            "write `fn name() { ... }` or `fn name(x) { ... }`",
        ),
        Type::FnMissingBody(_) => mend("a function without a body", "write `fn name(x) { ... }` or `|x| ...`"),
        Type::DuplicatedProperty(name) => mend(format!("the field `{name}` stands twice"), "remove one of them"),
        Type::WrongSwitchDefaultCase => mend("`_` is the last case of a `switch`", "move it to the end"),
        Type::WrongSwitchIntegerCase => {
            mend("a number stands after a range in this `switch`", "put single numbers before the ranges")
        }
        Type::WrongSwitchCaseCondition => {
            mend("`_` takes no condition", "move the condition into the result, as an `if`")
        }
        _ => mend("this cannot be read", "see the forms of the language"),
    }
}

fn plain_lexical(error: &LexError) -> Words {
    match error {
        LexError::UnexpectedInput(text) => mend(
            format!("the character `{text}` means nothing here"),
            "outside of texts and comments write letters, digits and signs as on a US keyboard",
        ),
        LexError::UnterminatedString => mend("the text is not closed on its line", "end it with `\"`"),
        LexError::StringTooLong(_) => mend("this text is too long", "shorten it"),
        LexError::MalformedNumber(number) if too_long(number) => mend(
            format!("`{number}` has more digits than a decimal holds"),
            "a decimal holds 28 digits, at most 28 of them after the point",
        ),
        LexError::MalformedNumber(number) => {
            mend(format!("`{number}` is no number"), "write digits, and a point with digits on both sides: `1500.0`")
        }
        LexError::MalformedEscapeSequence(text) => {
            mend(format!("`{text}` is no escape"), "write a backslash as `\\\\`")
        }
        LexError::MalformedChar(_) => mend("text stands in double quotes", "write `\"...\"`"),
        LexError::MalformedIdentifier(name) => {
            mend(format!("`{name}` is no name"), "a name is letters, digits and `_`, and begins with a letter")
        }
        LexError::ImproperSymbol(symbol, _) => improper(symbol),
        _ => mend("this cannot be read", "see the forms of the language"),
    }
}

/// Signs of other languages.
fn improper(symbol: &str) -> Words {
    let help = match symbol {
        "===" => "write `==`",
        "!==" => "write `!=`",
        "<-" => "write `<=`, or `< -`",
        ":=" => "write `=`",
        "->" => "a case of a `switch` has `=>`, a field is read with a dot",
        "# {" | "#" => "write `#{` without a space",
        "(*" | "*)" => "a comment is `// ...` or `/* ... */`",
        _ => "see the operators of the language",
    };
    mend(format!("`{symbol}` is no operator"), help)
}

/// A number in the right form that only its length spoils.
pub fn too_long(number: &str) -> bool {
    number.len() > 28 && number.chars().all(|character| character.is_ascii_digit() || character == '.')
}

/// A sign that is missing; `what` is Rhai's word for where.
fn missing(token: &str, what: &str) -> Words {
    let name = what.split('\'').nth(1).unwrap_or_default();
    let listed = |of: &str, close: char| {
        mend(
            format!("`,` between {of}, or `{close}` behind them, is missing before this"),
            "close each bracket that is open",
        )
    };
    let found = [
        ("to separate the arguments", "arguments"),
        ("to close the arguments", "close arguments"),
        ("to separate the parameters", "parameters"),
        ("to close the parameters", "parameters"),
        ("array literal", "elements"),
        ("object map literal", "fields"),
        ("items in this switch", "cases"),
        ("to terminate this statement", "statement"),
        ("to terminate this block", "block"),
        ("to start a statement block", "start"),
        ("to start a switch", "start"),
        ("in this switch case", "case"),
        ("iteration variable", "loop"),
    ];
    let place = found.iter().find(|(part, _)| what.contains(part)).map_or("", |(_, place)| *place);
    match (place, token) {
        ("fields", ":") => mend(format!("the field `{name}` has no value"), "write `name: value`"),
        ("arguments", _) => listed(&format!("the arguments of `{name}`"), ')'),
        ("close arguments", _) => mend(
            format!("the arguments of `{name}` are not closed: `)` is missing before this"),
            "close each bracket that is open",
        ),
        ("parameters", _) => listed("the parameters", if name.is_empty() { '|' } else { ')' }),
        ("elements", _) => listed("the elements of the list", ']'),
        ("fields", _) => listed("the fields of `#{ ... }`", '}'),
        ("cases", _) => listed("the cases of the `switch`", '}'),
        ("statement", _) => mend(
            "`;` is missing before this",
            "end the statement with `;`; strict Rhai writes `else if`, `&&`, `||` and `!`",
        ),
        ("block", _) => mend("the block is not closed: `}` is missing before this", "close each bracket that is open"),
        ("start", _) => mend("`{` is missing before this", "a block stands between `{` and `}`"),
        ("case", _) => mend("`=>` is missing before this", "a case of a `switch` is `value => result`"),
        ("loop", _) => mend("this loop cannot be read", "write `for x in list { ... }`"),
        _ => mend(format!("`{token}` is missing before this"), "close each bracket that is open"),
    }
}
