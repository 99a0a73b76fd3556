//! Writes a linked module anew, so that it packs better and does the same: nothing that runs is added or left out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{CodeSection, Function, FunctionSection, Instruction, MemArg, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Operator, Parser, Payload, ValType,
    Validator,
};

use crate::module::imports;
use crate::order::by_likeness;

/// So many of the functions that are called most come first: an index below 128 takes one byte. With more of them, what
/// those lose who are no longer beside their like is more than what is won.
const CALLED_MOST: usize = 16;

type Failure = reencode::Error<String>;

/// The module with equal functions once, its functions in the order that packs best, and valid. One that imports something
/// stays as it is: it will be refused.
pub fn shrunk(bytes: &[u8]) -> Result<Vec<u8>, String> {
    if !imports(bytes)?.is_empty() {
        return Ok(bytes.to_vec());
    }
    let mut module = rewritten(bytes, &|parts| Plan::keeping(&vec![None; parts.bodies.len()]))?;
    loop {
        let fewer = rewritten(&module, &|parts| Plan::keeping(&parts.equals()))?;
        if fewer.len() >= module.len() {
            break;
        }
        module = fewer;
    }
    let module = rewritten(&module, &|parts| Plan::placing(&parts.order()))?;
    Validator::new().validate_all(&module).map_err(|error| error.to_string())?;
    Ok(module)
}

/// Every number is written in as few bytes as it needs, and no custom section is kept: no host reads them.
fn rewritten(bytes: &[u8], plan: &dyn Fn(&Parts<'_>) -> Plan) -> Result<Vec<u8>, String> {
    let parts = Parts::of(bytes).map_err(|error| error.to_string())?;
    let plan = plan(&parts);
    let mut writer = Writer { plan, parameters: parts.parameters, locals: Vec::new() };
    let mut module = Module::new();
    writer.parse_core_module(&mut module, Parser::new(0), bytes).map_err(|error| error.to_string())?;
    Ok(module.finish())
}

/// What is known of each function of a module without imports.
#[derive(Default)]
struct Parts<'a> {
    types: Vec<u32>,
    parameters: Vec<usize>,
    bodies: Vec<FunctionBody<'a>>,
    /// How often it is called.
    calls: Vec<u32>,
}

impl<'a> Parts<'a> {
    fn of(bytes: &'a [u8]) -> wasmparser::Result<Self> {
        let mut parts = Self::default();
        let mut signatures = Vec::new();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(types) => {
                    for signature in types.into_iter_err_on_gc_types() {
                        signatures.push(signature?.params().len());
                    }
                }
                Payload::FunctionSection(functions) => parts.types = functions.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => parts.bodies.push(body),
                _ => {}
            }
        }
        let count = |of: &u32| signatures.get(*of as usize).copied().unwrap_or_default();
        parts.parameters = parts.types.iter().map(count).collect();
        parts.calls = vec![0; parts.bodies.len()];
        for body in &parts.bodies {
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index } = operator?
                    && let Some(calls) = parts.calls.get_mut(function_index as usize)
                {
                    *calls = calls.saturating_add(1);
                }
            }
        }
        Ok(parts)
    }

    /// For each function the first that does the same. A function's address is its place in the table, which stays.
    fn equals(&self) -> Vec<Option<usize>> {
        let mut firsts = BTreeMap::new();
        let functions = self.types.iter().zip(&self.bodies).enumerate();
        let first = functions.map(|(at, (of, body))| (at, *firsts.entry((of, body.as_bytes())).or_insert(at)));
        first.map(|(at, first)| (first != at).then_some(first)).collect()
    }

    fn order(&self) -> Vec<usize> {
        let bodies: Vec<&[u8]> = self.bodies.iter().map(FunctionBody::as_bytes).collect();
        let mut first: Vec<usize> = (0..bodies.len()).collect();
        first.sort_by_key(|function| Reverse(self.calls.get(*function)));
        first.truncate(CALLED_MOST);
        by_likeness(&bodies, &first)
    }
}

/// Which functions are written, and what they are called by.
struct Plan {
    order: Vec<usize>,
    /// The new index of each.
    index: Vec<u32>,
}

impl Plan {
    /// All that are not replaced by one before them.
    fn keeping(replaced: &[Option<usize>]) -> Self {
        let (mut order, mut index) = (Vec::new(), Vec::<u32>::new());
        for (function, by) in replaced.iter().enumerate() {
            let next = u32::try_from(order.len()).unwrap_or(u32::MAX);
            index.push(by.and_then(|by| index.get(by).copied()).unwrap_or(next));
            if by.is_none() {
                order.push(function);
            }
        }
        Self { order, index }
    }

    fn placing(order: &[usize]) -> Self {
        let mut index = vec![0; order.len()];
        for (place, function) in (0..).zip(order) {
            if let Some(index) = index.get_mut(*function) {
                *index = place;
            }
        }
        Self { order: order.to_vec(), index }
    }

    /// What belongs to the functions, in their new order.
    fn sorted<T: Clone>(&self, all: &[T]) -> Result<Vec<T>, Failure> {
        let sorted = self.order.iter().map(|function| all.get(*function).cloned());
        sorted.collect::<Option<_>>().ok_or_else(|| Failure::UserError("a function without a body".to_owned()))
    }
}

struct Writer {
    plan: Plan,
    parameters: Vec<usize>,
    /// The new index of each local of the function that is written.
    locals: Vec<u32>,
}

impl Writer {
    /// The locals that are used most get the lowest numbers of their type, so that the same few numbers are everywhere;
    /// what is never used is dropped. Returns the types of those that are left.
    fn number(&mut self, parameters: usize, body: &FunctionBody<'_>) -> Result<Vec<ValType>, Failure> {
        let mut types = Vec::new();
        for locals in body.get_locals_reader()? {
            let (count, of) = locals?;
            types.extend((0..count).map(|_| of));
        }
        let mut uses = vec![0_u32; parameters.saturating_add(types.len())];
        for operator in body.get_operators_reader()? {
            if let Some(uses) = local(&operator?).and_then(|local| uses.get_mut(local as usize)) {
                *uses = uses.saturating_add(1);
            }
        }
        self.locals = (0..).take(parameters).chain(types.iter().map(|_| 0)).collect();
        let locals = types.into_iter().zip(uses.into_iter().skip(parameters)).zip(parameters..);
        let mut used: Vec<_> = locals.filter(|((_, uses), _)| *uses > 0).collect();
        used.sort_by_key(|((of, uses), local)| (*of, Reverse(*uses), *local));
        for (new, (_, local)) in (0..).skip(parameters).zip(&used) {
            if let Some(index) = self.locals.get_mut(*local) {
                *index = new;
            }
        }
        Ok(used.into_iter().map(|((of, _), _)| of).collect())
    }

    fn function(&mut self, parameters: usize, body: &FunctionBody<'_>) -> Result<Function, Failure> {
        let types = self.number(parameters, body)?;
        let types = types.into_iter().map(|of| self.val_type(of)).collect::<Result<Vec<_>, _>>()?;
        let mut function = Function::new_with_locals_types(types);
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        Ok(function)
    }
}

impl Reencode for Writer {
    type Error = String;

    fn function_index(&mut self, function: u32) -> Result<u32, Failure> {
        let index = self.plan.index.get(function as usize).copied();
        index.ok_or_else(|| Failure::UserError(format!("there is no function {function}")))
    }

    fn parse_custom_section(&mut self, _: &mut Module, _: CustomSectionReader<'_>) -> Result<(), Failure> {
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Failure> {
        let types = section.into_iter().collect::<Result<Vec<u32>, _>>()?;
        for of in self.plan.sorted(&types)? {
            functions.function(of);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, section: CodeSectionReader<'_>) -> Result<(), Failure> {
        let bodies = section.into_iter().collect::<Result<Vec<_>, _>>()?;
        let parameters = self.plan.sorted(&self.parameters)?;
        for (parameters, body) in parameters.into_iter().zip(self.plan.sorted(&bodies)?) {
            code.function(&self.function(parameters, &body)?);
        }
        Ok(())
    }

    fn instruction<'a>(&mut self, operator: Operator<'a>) -> Result<Instruction<'a>, Failure> {
        let Some(local) = local(&operator) else { return utils::instruction(self, operator) };
        let index = self.locals.get(local as usize).copied();
        let index = index.ok_or_else(|| Failure::UserError(format!("there is no local {local}")))?;
        Ok(match operator {
            Operator::LocalSet { .. } => Instruction::LocalSet(index),
            Operator::LocalTee { .. } => Instruction::LocalTee(index),
            _ => Instruction::LocalGet(index),
        })
    }

    /// How an address is aligned is a hint that changes no result; engines ignore it. Packs best if it is always the same.
    fn mem_arg(&mut self, memory: wasmparser::MemArg) -> Result<MemArg, Failure> {
        utils::mem_arg(self, wasmparser::MemArg { align: memory.max_align, ..memory })
    }
}

/// The local that an instruction names.
fn local(operator: &Operator<'_>) -> Option<u32> {
    match operator {
        Operator::LocalGet { local_index }
        | Operator::LocalSet { local_index }
        | Operator::LocalTee { local_index } => Some(*local_index),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, ElementSection, Elements, ExportKind, ExportSection, Function,
        FunctionSection, Instruction, MemArg, MemorySection, MemoryType, Module, RefType, TableSection, TableType,
        TypeSection, ValType,
    };
    use wasmparser::{ElementItems, FunctionBody, Operator, Parser, Payload};

    use super::shrunk;

    const MEMORY: MemArg = MemArg { offset: 4, align: 0, memory_index: 0 };

    /// One that doubles, two that are the same but for a local that is never used, and one that calls them all.
    fn bodies() -> Vec<(u32, Function)> {
        let function = |locals: &[(u32, ValType)], instructions: &[Instruction<'_>]| {
            let mut function = Function::new(locals.to_vec());
            for instruction in instructions {
                function.instruction(instruction);
            }
            function
        };
        let double = [Instruction::LocalGet(0), Instruction::I32Const(1), Instruction::I32Shl, Instruction::End];
        let seven = [Instruction::I32Const(7), Instruction::I32Load(MEMORY), Instruction::End];
        let mut sum = vec![Instruction::Call(1), Instruction::LocalSet(3), Instruction::Call(2), Instruction::Call(0)];
        sum.extend([Instruction::LocalGet(3), Instruction::LocalGet(3), Instruction::I32Add, Instruction::I32Add]);
        sum.extend([Instruction::LocalTee(2), Instruction::End]);
        vec![
            (0, function(&[], &double)),
            (1, function(&[], &seven)),
            (1, function(&[(1, ValType::I64)], &seven)),
            (1, function(&[(3, ValType::I32), (1, ValType::I32)], &sum)),
        ]
    }

    fn module() -> Vec<u8> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function([], [ValType::I32]);
        for (of, body) in bodies() {
            functions.function(of);
            code.function(&body);
        }
        let (mut tables, mut memories) = (TableSection::new(), MemorySection::new());
        let table =
            TableType { element_type: RefType::FUNCREF, table64: false, minimum: 3, maximum: None, shared: false };
        tables.table(table);
        let page = MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        memories.memory(page);
        let mut exports = ExportSection::new();
        exports.export("sum", ExportKind::Func, 3).export("double", ExportKind::Func, 0);
        let mut elements = ElementSection::new();
        elements.active(None, &ConstExpr::i32_const(0), Elements::Functions([0, 1, 2].as_slice().into()));
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&tables).section(&memories).section(&exports);
        module.section(&elements).section(&code).section(&CustomSection { name: "note".into(), data: (&[1]).into() });
        module.finish()
    }

    /// What a module consists of: bodies as their operators, with the names of the exports and the places of the table.
    #[derive(Debug, Default, PartialEq, Eq)]
    struct Read {
        bodies: Vec<String>,
        exports: Vec<(String, u32)>,
        table: Vec<u32>,
        custom: usize,
    }

    fn written(body: &FunctionBody<'_>) -> wasmparser::Result<String> {
        let operators = body.get_operators_reader()?.into_iter().collect::<Result<Vec<Operator<'_>>, _>>()?;
        let locals = body.get_locals_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(format!("{locals:?} {operators:?}"))
    }

    fn read(bytes: &[u8]) -> wasmparser::Result<Read> {
        let mut read = Read::default();
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::CodeSectionEntry(body) => read.bodies.push(written(&body)?),
                Payload::ExportSection(exports) => {
                    for export in exports {
                        export.map(|export| read.exports.push((export.name.to_owned(), export.index)))?;
                    }
                }
                Payload::ElementSection(elements) => {
                    for element in elements {
                        if let ElementItems::Functions(functions) = element?.items {
                            read.table.extend(functions.into_iter().collect::<Result<Vec<_>, _>>()?);
                        }
                    }
                }
                Payload::CustomSection(_) => read.custom = read.custom.saturating_add(1),
                _ => {}
            }
        }
        Ok(read)
    }

    #[test]
    fn names_table_and_calls_lead_to_the_functions_they_led_to() {
        let sum = "[(2, I32)] [Call { function_index: 0 }, LocalSet { local_index: 0 }, Call { function_index: 0 }, \
                   Call { function_index: 1 }, LocalGet { local_index: 0 }, LocalGet { local_index: 0 }, I32Add, I32Add, \
                   LocalTee { local_index: 1 }, End]";
        let seven = "[] [I32Const { value: 7 }, \
                     I32Load { memarg: MemArg { align: 2, max_align: 2, offset: 4, memory: 0 } }, End]";
        let double = "[] [LocalGet { local_index: 0 }, I32Const { value: 1 }, I32Shl, End]";
        let expected = Read {
            bodies: [seven, double, sum].map(str::to_owned).to_vec(),
            exports: vec![("sum".to_owned(), 2), ("double".to_owned(), 1)],
            table: vec![1, 0, 0],
            custom: 0,
        };
        assert_eq!(shrunk(&module()).map(|module| read(&module).unwrap_or_default()), Ok(expected));
    }

    #[test]
    fn the_same_bytes_come_each_time_and_can_be_written_anew_again() {
        let once = shrunk(&module());
        assert_eq!(once, shrunk(&module()));
        assert_eq!(once.and_then(|module| shrunk(&module)).map(|module| module.len() < self::module().len()), Ok(true));
    }

    #[test]
    fn what_is_no_valid_module_is_an_error_and_what_imports_stays() {
        assert!(shrunk(b"no module").is_err());
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let (mut functions, mut code) = (FunctionSection::new(), CodeSection::new());
        functions.function(0);
        let mut body = Function::new([]);
        code.function(body.instruction(&Instruction::End));
        let bytes = Module::new().section(&types).section(&functions).section(&code).to_owned().finish();
        assert!(shrunk(&bytes).is_err(), "it returns nothing");
        let importing = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02\x07\x01\x01e\x01f\0\0";
        assert_eq!(shrunk(importing), Ok(importing.to_vec()));
    }
}
