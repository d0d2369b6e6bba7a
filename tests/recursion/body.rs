//! Finds the calls in a function.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::visit::{self, Visit};
use syn::{
    Arm, Block, Expr, ExprCall, ExprClosure, ExprMethodCall, Local, Member, Pat, Stmt, Token,
};

use crate::functions::Function;
use crate::graph::{Index, inner, some};
use crate::types::{Names, names};

/// Macros whose argument is generated code.
const QUOTES: &[&str] = &["quote", "quote_spanned", "parse_quote"];

/// Methods of lists and maps that return elements.
const ELEMENTS: &[&str] = &[
    "first",
    "get",
    "get_mut",
    "into_iter",
    "iter",
    "iter_mut",
    "last",
    "last_mut",
    "next",
    "nth",
    "pop",
    "values",
    "values_mut",
];

/// Returns the functions that a function calls.
pub(crate) fn calls(index: &Index<'_>, caller: &Function) -> BTreeSet<usize> {
    let mut body = Body {
        index,
        caller,
        variables: HashMap::new(),
        called: BTreeSet::new(),
    };
    for (pattern, types) in &caller.parameters {
        body.bind(pattern, Some(types));
    }
    for statement in &caller.body {
        body.visit_stmt(statement);
    }
    body.called
}

/// Visits a function in source order: the variables of an expression are bound before its type is
/// needed.
struct Body<'a> {
    index: &'a Index<'a>,
    caller: &'a Function,
    /// The types of each variable in scope; `None` for unknown types.
    variables: HashMap<String, Option<Names>>,
    called: BTreeSet<usize>,
}

impl Body<'_> {
    /// Binds the variables of a pattern for a value of these types.
    fn bind(&mut self, pattern: &Pat, types: Option<&Names>) {
        match pattern {
            Pat::Ident(pattern) => {
                let name = pattern.ident.to_string();
                self.variables.insert(name, types.cloned());
                if let Some((_, inner)) = &pattern.subpat {
                    self.bind(inner, types);
                }
            }
            Pat::Type(pattern) => {
                let declared = names(pattern.ty.to_token_stream());
                // `Vec<_>` does not contain the type of its items.
                let types = match types {
                    Some(types) => Some(types | &declared),
                    None if pattern.ty.to_token_stream().to_string().contains('_') => None,
                    None => Some(declared),
                };
                self.bind(&pattern.pat, types.as_ref());
            }
            Pat::TupleStruct(pattern) => {
                let parts = self.parts(&pattern.path);
                // A pattern such as `Some(..)`.
                let some = types.map(some);
                let types = some.as_ref();
                for (at, element) in pattern.elems.iter().enumerate() {
                    let part = parts.as_ref().map(|parts| parts.get(&at.to_string()));
                    self.bind(element, part.map_or(types, |part| part));
                }
            }
            Pat::Struct(pattern) => {
                let parts = self.parts(&pattern.path);
                for field in &pattern.fields {
                    let part = parts
                        .as_ref()
                        .map(|parts| parts.get(&member(&field.member)));
                    self.bind(&field.pat, part.map_or(types, |part| part));
                }
            }
            Pat::Tuple(pattern) => self.bind_all(&pattern.elems, types),
            Pat::Slice(pattern) => self.bind_all(&pattern.elems, types),
            Pat::Or(pattern) => self.bind_all(&pattern.cases, types),
            Pat::Reference(pattern) => self.bind(&pattern.pat, types),
            Pat::Paren(pattern) => self.bind(&pattern.pat, types),
            Pat::Guard(pattern) => {
                self.bind(&pattern.pat, types);
                self.visit_expr(&pattern.guard);
            }
            _ => {}
        }
    }

    fn bind_all<'p>(&mut self, patterns: impl IntoIterator<Item = &'p Pat>, types: Option<&Names>) {
        for pattern in patterns {
            self.bind(pattern, types);
        }
    }

    fn parts(&self, path: &syn::Path) -> Option<std::collections::BTreeMap<String, Names>> {
        let types = self.index.types;
        types
            .pattern(&self.caller.owner, path, &self.caller.file)
            .cloned()
    }

    /// Returns the types of an expression that was visited, or `None` if they are unknown.
    fn types(&self, expression: &Expr) -> Option<Names> {
        match expression {
            Expr::Path(path) => self.types_of_path(&path.path),
            Expr::Field(field) => {
                let owners = self.types(&field.base)?;
                let name = member(&field.member);
                Some(self.index.types.field(&owners, &name, &self.caller.file))
            }
            Expr::MethodCall(call) => self.types_of_method(call),
            Expr::Call(call) => self.types_of_call(call),
            Expr::Struct(value) => {
                let path = value.path.segments.iter();
                Some(path.map(|one| self.own(one.ident.to_string())).collect())
            }
            Expr::Reference(of) => self.types(&of.expr),
            Expr::Paren(of) => self.types(&of.expr),
            Expr::Unary(of) => self.types(&of.expr),
            Expr::Try(of) => Some(some(&self.types(&of.expr)?)),
            Expr::Await(of) => self.types(&of.base),
            Expr::Index(of) => self.types(&of.expr),
            Expr::Closure(of) => self.types(&of.body),
            Expr::Array(of) => self.types_of_all(&of.elems),
            Expr::Tuple(of) => self.types_of_all(&of.elems),
            Expr::Block(of) => self.types_of_block(&of.block),
            Expr::Match(of) => self.types_of_all(of.arms.iter().map(|arm| &*arm.body)),
            Expr::If(of) => {
                let then = self.types_of_block(&of.then_branch)?;
                match &of.else_branch {
                    Some((_, other)) => Some(&then | &self.types(other)?),
                    None => Some(then),
                }
            }
            Expr::Lit(_)
            | Expr::Binary(_)
            | Expr::Range(_)
            | Expr::Return(_)
            | Expr::Break(_)
            | Expr::Continue(_)
            | Expr::Cast(_)
            | Expr::Assign(_) => Some(Names::new()),
            Expr::Macro(of) => of.mac.path.is_ident("format").then(Names::new),
            _ => None,
        }
    }

    fn types_of_all<'e>(&self, parts: impl IntoIterator<Item = &'e Expr>) -> Option<Names> {
        let parts: Option<Vec<Names>> = parts.into_iter().map(|part| self.types(part)).collect();
        Some(parts?.into_iter().flatten().collect())
    }

    fn types_of_method(&self, call: &ExprMethodCall) -> Option<Names> {
        let receiver = self.types(&call.receiver);
        let name = call.method.to_string();
        let targets = self.index.methods(self.caller, receiver.as_ref(), &name);
        if !targets.is_empty() {
            return Some(self.index.returns(&targets));
        }
        // A method of std returns a part of the receiver or of its arguments.
        let mut receiver = receiver?;
        if ELEMENTS.contains(&name.as_str()) {
            receiver = inner(&receiver);
        }
        Some(&receiver | &self.types_of_all(&call.args)?)
    }

    fn types_of_call(&self, call: &ExprCall) -> Option<Names> {
        if let Expr::Path(path) = &*call.func {
            let targets = self.index.path(self.caller, &path.path);
            if !targets.is_empty() {
                return Some(self.index.returns(&targets));
            }
        }
        // A variant, or an unknown function, which is assumed to return its type or arguments.
        let named = names(call.func.to_token_stream()).into_iter();
        let named: Names = named.map(|name| self.own(name)).collect();
        Some(&named | &self.types_of_all(&call.args)?)
    }

    /// Variables of a block are out of scope after it.
    fn types_of_block(&self, block: &Block) -> Option<Names> {
        match block.stmts.as_slice() {
            [] => Some(Names::new()),
            [Stmt::Expr(value, None)] => self.types(value),
            _ => None,
        }
    }

    fn types_of_path(&self, path: &syn::Path) -> Option<Names> {
        if path.is_ident("self") {
            return Some(Names::from([self.caller.owner.clone()]));
        }
        if let Some(types) = path.get_ident().and_then(|name| self.variable(name)) {
            return types.clone();
        }
        let targets = self.index.path(self.caller, path);
        if !targets.is_empty() {
            return Some(self.index.returns(&targets));
        }
        let path: Vec<_> = path
            .segments
            .iter()
            .map(|one| one.ident.to_string())
            .collect();
        let is_type = |name: &String| {
            name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
        };
        let named: Names = path
            .into_iter()
            .filter(is_type)
            .map(|name| self.own(name))
            .collect();
        (!named.is_empty()).then_some(named)
    }

    fn variable(&self, name: &syn::Ident) -> Option<&Option<Names>> {
        self.variables.get(&name.to_string())
    }

    fn own(&self, name: String) -> String {
        if name == "Self" {
            self.caller.owner.clone()
        } else {
            name
        }
    }

    fn within(&mut self, walk: impl FnOnce(&mut Self)) {
        let outside = self.variables.clone();
        walk(self);
        self.variables = outside;
    }

    /// Visits expressions in a macro, between commas or anywhere in brackets.
    fn code(&mut self, code: TokenStream) {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(parts) = parser.parse2(code.clone()) {
            for part in &parts {
                self.visit_expr(part);
            }
            return;
        }
        if let Ok(statements) = Block::parse_within.parse2(code.clone()) {
            for one in &statements {
                self.visit_stmt(one);
            }
            return;
        }
        let is_comma = |token: &TokenTree| token.to_string() == ",";
        let tokens: Vec<TokenTree> = code.into_iter().collect();
        for part in tokens.split(is_comma) {
            if let Ok(part) = syn::parse2::<Expr>(part.iter().cloned().collect()) {
                self.visit_expr(&part);
                continue;
            }
            for token in part {
                if let TokenTree::Group(group) = token {
                    self.code(group.stream());
                }
            }
        }
    }
}

impl<'ast> Visit<'ast> for Body<'_> {
    fn visit_local(&mut self, local: &'ast Local) {
        let mut types = None;
        if let Some(init) = &local.init {
            self.visit_expr(&init.expr);
            types = self.types(&init.expr);
            if let Some((_, other)) = &init.diverge {
                self.visit_expr(other);
            }
        }
        self.bind(&local.pat, types.as_ref());
    }

    fn visit_expr_let(&mut self, of: &'ast syn::ExprLet) {
        self.visit_expr(&of.expr);
        let types = self.types(&of.expr);
        self.bind(&of.pat, types.as_ref());
    }

    fn visit_expr_for_loop(&mut self, of: &'ast syn::ExprForLoop) {
        self.visit_expr(&of.expr);
        let types = self.types(&of.expr).map(|types| inner(&types));
        self.within(|body| {
            body.bind(&of.pat, types.as_ref());
            body.visit_block(&of.body);
        });
    }

    fn visit_expr_if(&mut self, of: &'ast syn::ExprIf) {
        self.within(|body| visit::visit_expr_if(body, of));
    }

    fn visit_expr_while(&mut self, of: &'ast syn::ExprWhile) {
        self.within(|body| visit::visit_expr_while(body, of));
    }

    fn visit_expr_match(&mut self, of: &'ast syn::ExprMatch) {
        self.visit_expr(&of.expr);
        let types = self.types(&of.expr);
        for Arm { pat, body, .. } in &of.arms {
            self.within(|walk| {
                walk.bind(pat, types.as_ref());
                walk.visit_expr(body);
            });
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        self.within(|body| visit::visit_block(body, block));
    }

    fn visit_expr_closure(&mut self, of: &'ast ExprClosure) {
        self.within(|body| {
            body.bind_all(&of.inputs, None);
            body.visit_expr(&of.body);
        });
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.visit_expr(&call.receiver);
        let receiver = self.types(&call.receiver);
        let name = call.method.to_string();
        let targets = self.index.methods(self.caller, receiver.as_ref(), &name);
        let of_std = targets.is_empty();
        self.called.extend(targets);
        let inner = receiver.map(|types| inner(&types));
        for argument in &call.args {
            match argument {
                // A method of std passes its items to the closure.
                Expr::Closure(closure) if of_std => self.within(|body| {
                    body.bind_all(&closure.inputs, inner.as_ref());
                    body.visit_expr(&closure.body);
                }),
                argument => self.visit_expr(argument),
            }
        }
    }

    fn visit_expr_path(&mut self, of: &'ast syn::ExprPath) {
        let is_variable = of
            .path
            .get_ident()
            .is_some_and(|name| self.variable(name).is_some());
        if !is_variable {
            self.called.extend(self.index.path(self.caller, &of.path));
        }
    }

    fn visit_macro(&mut self, of: &'ast syn::Macro) {
        let name = of.path.segments.last().map(|one| one.ident.to_string());
        if !QUOTES.contains(&name.unwrap_or_default().as_str()) {
            self.code(of.tokens.clone());
        }
    }

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

fn member(member: &Member) -> String {
    match member {
        Member::Named(name) => name.to_string(),
        Member::Unnamed(at) => at.index.to_string(),
    }
}
