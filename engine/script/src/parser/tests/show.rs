//! A script written back, fully bracketed, so that a test can compare structure at a glance.

use trutina_engine::ruleset::script::*;

pub fn show(script: &Script) -> String {
    let mut lines = Vec::new();
    for constant in &script.constants {
        lines.push(format!("const {} = {}", constant.name.name, expr(&constant.value)));
    }
    for declaration in &script.declarations {
        lines.push(match declaration {
            Declaration::Derive { name, body } => format!("derive {} {}", name.name, closure(body)),
            Declaration::Rule { id, effect, body } => format!("rule {} {} {}", id.name, effect.name, closure(body)),
        });
    }
    for function in &script.functions {
        lines.push(format!("fn {}({}) {}", function.name.name, names(&function.parameters), block(&function.body)));
    }
    lines.join("\n")
}

fn names(list: &[Ident]) -> String {
    list.iter().map(|ident| ident.name.as_str()).collect::<Vec<_>>().join(",")
}

fn closure(closure: &Closure) -> String {
    format!("|{}| {}", names(&closure.parameters), block(&closure.body))
}

fn block(block: &Block) -> String {
    format!("{{{}}}", block.statements.iter().map(statement).collect::<Vec<_>>().join("; "))
}

fn statement(statement: &Statement) -> String {
    match &statement.kind {
        StatementKind::Let { name, value, constant } => {
            format!("{} {} = {}", if *constant { "const" } else { "let" }, name.name, expr(value))
        }
        StatementKind::Assign { name, op, value } => {
            format!("{} {}= {}", name.name, op.map(|op| format!("{op:?}")).unwrap_or_default(), expr(value))
        }
        StatementKind::Expression(value) => expr(value),
        StatementKind::For { name, iterable, body } => {
            format!("for {} in {} {}", name.name, expr(iterable), block(body))
        }
        StatementKind::Return(value) => format!("return {}", value.as_ref().map(expr).unwrap_or_default()),
        StatementKind::Break => "break".into(),
        StatementKind::Continue => "continue".into(),
    }
}

fn list(items: &[Expr], separator: &str) -> String {
    items.iter().map(expr).collect::<Vec<_>>().join(separator)
}

pub fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Unit => "()".into(),
        ExprKind::Boolean(value) => value.to_string(),
        ExprKind::Integer(value) => value.to_string(),
        ExprKind::Decimal(value) => format!("{value}d"),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Variable(name) => name.clone(),
        ExprKind::Property { target, name } => format!("{}.{}", expr(target), name.name),
        ExprKind::Index { target, index } => format!("{}[{}]", expr(target), expr(index)),
        ExprKind::Unary { op, operand } => format!("({op:?} {})", expr(operand)),
        ExprKind::Binary { op, left, right } => format!("({op:?} {} {})", expr(left), expr(right)),
        ExprKind::And(items) => format!("({})", list(items, " && ")),
        ExprKind::Or(items) => format!("({})", list(items, " || ")),
        ExprKind::Range { start, end, inclusive } => {
            format!("{}..{}{}", expr(start), if *inclusive { "=" } else { "" }, expr(end))
        }
        ExprKind::Array(items) => format!("[{}]", list(items, ",")),
        ExprKind::Map(items) => {
            let items: Vec<_> = items.iter().map(|(name, value)| format!("{}: {}", name.name, expr(value))).collect();
            format!("#{{{}}}", items.join(", "))
        }
        ExprKind::Call { name, arguments, method } => {
            format!("{}{}({})", if *method { "." } else { "" }, name.name, list(arguments, ", "))
        }
        ExprKind::Closure(body) => closure(body),
        ExprKind::If { branches, otherwise } => {
            let branches: Vec<_> = branches.iter().map(|(c, b)| format!("if {} {}", expr(c), block(b))).collect();
            let otherwise = otherwise.as_ref().map(|b| format!(" else {}", block(b))).unwrap_or_default();
            format!("{}{otherwise}", branches.join(" else "))
        }
        ExprKind::Switch(switch) => {
            let arms: Vec<_> = switch.arms.iter().map(arm).collect();
            let default = switch.default.as_ref().map(|d| format!(", _ => {}", expr(d))).unwrap_or_default();
            format!("switch {} {{{}{default}}}", expr(&switch.subject), arms.join(", "))
        }
        ExprKind::Block(body) => block(body),
    }
}

fn arm(arm: &SwitchArm) -> String {
    let patterns: Vec<_> = arm
        .patterns
        .iter()
        .map(|pattern| match pattern {
            SwitchPattern::Literal(value) => expr(value),
            SwitchPattern::Range { start, end, inclusive } => {
                format!("{start}..{}{end}", if *inclusive { "=" } else { "" })
            }
        })
        .collect();
    let guard = arm.guard.as_ref().map(|guard| format!(" if {}", expr(guard))).unwrap_or_default();
    format!("{}{guard} => {}", patterns.join("|"), expr(&arm.result))
}
