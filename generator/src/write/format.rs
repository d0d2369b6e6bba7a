//! Formats items as a person would.
//!
//! prettyplease formats each item. Blank lines between items and macro invocations that are tables
//! are formatted here. Each item is printed once and never parsed again, so time is linear in the
//! output.

use proc_macro2::{Ident, Span};
use syn::token::Brace;
use syn::{
    Attribute, ImplItem, Item, ItemImpl, ItemMod, ItemTrait, Token, TraitItem, Visibility,
    parse_quote,
};

use super::macro_table::{self, INDENT};
use crate::emit::Pieces;

/// Formats the items of a Rust file. Imports come first, wherever they are in the pieces.
///
/// # Errors
/// Returns an error if the tokens are not those of a Rust file.
pub(super) fn rust(pieces: Pieces<'_>) -> syn::Result<String> {
    let mut attrs = Vec::new();
    let (mut head, mut body) = (String::new(), String::new());
    let mut imports = Items::new(&mut head, 0);
    let mut items = Items::new(&mut body, 0);
    let mut fault = Ok(());
    pieces(&mut |piece| match syn::parse2::<syn::File>(piece) {
        Ok(file) => {
            attrs.extend(file.attrs);
            for item in file.items {
                let goes_first = match &item {
                    Item::Use(import) if import.attrs.is_empty() => {
                        matches!(import.vis, Visibility::Inherited) || items.is_empty()
                    }
                    _ => false,
                };
                if goes_first {
                    imports.push(item);
                } else {
                    items.push(item);
                }
            }
        }
        Err(error) => fault = Err(error),
    });
    fault?;
    let (last, _) = imports.finish();
    let (_, first) = items.finish();
    let (docs, others): (Vec<_>, Vec<_>) = attrs
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("doc"));
    let mut out = String::with_capacity(head.len() + body.len());
    for attrs in [docs, others] {
        let text = unparse_file(attrs, Vec::new());
        // prettyplease leaves a space after an attribute without items.
        if !text.is_empty() {
            out.push_str(text.trim_end());
            out.push_str("\n\n");
        }
    }
    if head.is_empty() && body.is_empty() {
        out.pop();
    }
    out.push_str(&head);
    if let (Some(above), Some(below)) = (last, first)
        && blank_line_between(above, below)
    {
        out.push('\n');
    }
    out.push_str(&body);
    Ok(out)
}

/// The kind of an item, and true if it is on one line.
type Neighbour = (Shape, bool);

/// The kind of an item, which determines the blank lines around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Import,
    Module,
    Macro,
    Function,
    Other,
}

/// Returns whether a blank line separates two items. Imports, and one-line items of the same kind,
/// are kept together.
fn blank_line_between(above: Neighbour, below: Neighbour) -> bool {
    match (above, below) {
        ((Shape::Import, _), (Shape::Import, _)) => false,
        ((Shape::Function, _), _) | (_, (Shape::Function, _)) => true,
        ((above, true), (below, true)) => above != below,
        _ => true,
    }
}

/// Joins printed items.
struct Stack<'a> {
    out: &'a mut String,
    first: Option<Neighbour>,
    above: Option<Neighbour>,
}

impl<'a> Stack<'a> {
    fn new(out: &'a mut String) -> Self {
        Self {
            out,
            first: None,
            above: None,
        }
    }

    fn push(&mut self, shape: Shape, text: &str) {
        let one_line = text.trim_end().lines().nth(1).is_none();
        let below = (shape, one_line);
        if self
            .above
            .is_some_and(|above| blank_line_between(above, below))
        {
            self.out.push('\n');
        }
        self.out.push_str(text);
        self.first.get_or_insert(below);
        self.above = Some(below);
    }

    /// Adds consecutive imports in the order of their paths.
    fn push_imports(&mut self, imports: &mut Vec<String>) {
        imports.sort_by(|a, b| path_of(a).cmp(path_of(b)));
        for import in imports.drain(..) {
            self.push(Shape::Import, &import);
        }
    }
}

/// Returns the path of an import, without visibility and `use`.
fn path_of(import: &str) -> &str {
    import.split_once("use ").map_or(import, |(_, path)| path)
}

/// The items of a module.
struct Items<'a> {
    stack: Stack<'a>,
    /// Consecutive imports that are not printed yet.
    imports: Vec<String>,
    depth: usize,
}

impl<'a> Items<'a> {
    fn new(out: &'a mut String, depth: usize) -> Self {
        Self {
            stack: Stack::new(out),
            imports: Vec::new(),
            depth,
        }
    }

    fn push(&mut self, item: Item) {
        if matches!(&item, Item::Use(import) if import.attrs.is_empty()) {
            self.imports.push(print_item(item, self.depth));
            return;
        }
        self.stack.push_imports(&mut self.imports);
        let shape = match &item {
            Item::Use(_) | Item::ExternCrate(_) => Shape::Import,
            Item::Mod(_) => Shape::Module,
            Item::Macro(_) => Shape::Macro,
            Item::Fn(_) => Shape::Function,
            _ => Shape::Other,
        };
        self.stack.push(shape, &print_item(item, self.depth));
    }

    fn is_empty(&self) -> bool {
        self.stack.above.is_none() && self.imports.is_empty()
    }

    /// Returns the last and the first item.
    fn finish(mut self) -> (Option<Neighbour>, Option<Neighbour>) {
        self.stack.push_imports(&mut self.imports);
        (self.stack.above, self.stack.first)
    }
}

fn print_item(item: Item, depth: usize) -> String {
    match item {
        Item::Mod(mut module) => {
            let items = match &mut module.content {
                Some((_, items)) => std::mem::take(items),
                None => Vec::new(),
            };
            let header = unparse(Item::Mod(module), depth);
            with_body(header, depth, items.is_empty(), |out| {
                let mut inner = Items::new(out, depth + 1);
                for item in items {
                    inner.push(item);
                }
                inner.finish();
            })
        }
        Item::Impl(mut block) => {
            let items = std::mem::take(&mut block.items);
            let header = unparse(Item::Impl(block), depth);
            with_body(header, depth, items.is_empty(), |out| {
                let mut stack = Stack::new(out);
                for item in items {
                    let shape = match &item {
                        ImplItem::Fn(_) => Shape::Function,
                        _ => Shape::Other,
                    };
                    stack.push(shape, &unparse_impl_item(item, depth));
                }
            })
        }
        Item::Trait(mut definition) => {
            let items = std::mem::take(&mut definition.items);
            let header = unparse(Item::Trait(definition), depth);
            with_body(header, depth, items.is_empty(), |out| {
                let mut stack = Stack::new(out);
                for item in items {
                    let shape = match &item {
                        // A method with a default body.
                        TraitItem::Fn(method) if method.default.is_some() => Shape::Function,
                        _ => Shape::Other,
                    };
                    stack.push(shape, &unparse_trait_item(item, depth));
                }
            })
        }
        Item::Macro(invocation) if macro_table::is_table(&invocation) => {
            macro_table::print(&invocation, depth * INDENT)
        }
        item => unparse(item, depth),
    }
}

/// Adds a body to a printed header with braces.
fn with_body(header: String, depth: usize, empty: bool, body: impl FnOnce(&mut String)) -> String {
    let Some(open) = header.trim_end().strip_suffix('}').filter(|_| !empty) else {
        return header;
    };
    let mut out = open.trim_end().to_owned();
    // Inner attributes and docs are between the brace and the first item.
    out.push_str(if out.ends_with('{') { "\n" } else { "\n\n" });
    body(&mut out);
    out.extend(std::iter::repeat_n(' ', depth * INDENT));
    out.push_str("}\n");
    out
}

/// Formats an item inside `depth` modules with prettyplease.
fn unparse(item: Item, depth: usize) -> String {
    unparse_within(item, &[], depth)
}

/// Formats an item of an `impl` inside `depth` modules with prettyplease.
fn unparse_impl_item(item: ImplItem, depth: usize) -> String {
    thread_local! {
        static FRAME: ItemImpl = parse_quote!(impl m {});
    }
    let mut frame = FRAME.with(Clone::clone);
    frame.items.push(item);
    unparse_within(Item::Impl(frame), &["impl m {\n"], depth)
}

/// Formats an item of a `trait` inside `depth` modules with prettyplease.
fn unparse_trait_item(item: TraitItem, depth: usize) -> String {
    let mut frame: ItemTrait = parse_quote!(
        trait m {}
    );
    frame.items.push(item);
    unparse_within(Item::Trait(frame), &["trait m {\n"], depth)
}

/// Prints an item inside `depth` modules, and removes the lines of the modules and frames.
///
/// Thus lines are wrapped for the depth of the item, and literals of several lines are not
/// indented.
fn unparse_within(mut item: Item, frames: &[&str], depth: usize) -> String {
    for _ in 0..depth {
        item = Item::Mod(ItemMod {
            attrs: Vec::new(),
            vis: Visibility::Inherited,
            unsafety: None,
            mod_token: Token![mod](Span::call_site()),
            ident: Ident::new("m", Span::call_site()),
            content: Some((Brace::default(), vec![item])),
            semi: None,
        });
    }
    let text = unparse_file(Vec::new(), vec![item]);
    let openings = std::iter::repeat_n("mod m {\n", depth).chain(frames.iter().copied());
    let (mut start, mut end) = (0, text.len());
    for (level, opening) in openings.enumerate() {
        start += level * INDENT + opening.len();
        end -= level * INDENT + "}\n".len();
    }
    text.get(start..end).map(str::to_owned).unwrap_or(text)
}

fn unparse_file(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs,
        items,
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    fn rust(tokens: &TokenStream) -> syn::Result<String> {
        // Tokens cannot go from one thread to another; their text can.
        let text = tokens.to_string();
        super::rust(Box::new(move |out| {
            out(text.parse().expect("the test's own tokens"));
        }))
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a file and its format")]
    fn blank_lines_separate_items() {
        let tokens = quote! {
            #![doc = " A crate."]
            #![forbid(unsafe_code)]

            pub use c::d;
            use a::b;
            pub mod e;
            mod f;
            const A: u8 = 1;
            const B: u8 = 2;
            /// A struct.
            struct G { #[doc = " Its field."] h: u8, i: u8 }
            struct H;
            table! { I, open { j, k, } }
            impl K {
                const L: u8 = 1;
                type M = u8;
                fn n() {}
                fn o() { p(); }
            }
            trait Q {
                const R: u8;
                fn s(&self) -> u8;
                fn t(&self) -> u8;
                fn u(&self) { v(); }
            }
        };
        let text = rust(&tokens).expect("the test's own items");
        assert_eq!(
            text,
            "\
//! A crate.

#![forbid(unsafe_code)]

use a::b;
pub use c::d;

pub mod e;
mod f;

const A: u8 = 1;
const B: u8 = 2;

/// A struct.
struct G {
    /// Its field.
    h: u8,
    i: u8,
}

struct H;

table! { I, open {
    j,
    k,
} }

impl K {
    const L: u8 = 1;
    type M = u8;

    fn n() {}

    fn o() {
        p();
    }
}

trait Q {
    const R: u8;
    fn s(&self) -> u8;
    fn t(&self) -> u8;

    fn u(&self) {
        v();
    }
}
"
        );
    }

    #[test]
    fn nested_modules_are_indented_and_literals_of_several_lines_are_not() {
        let tokens = quote! {
            pub mod a {
                #![doc = " Docs."]
                use b::c;
                mod d {
                    const E: &str = "1\n  2";
                    impl<T> F for G<T> where T: H { fn i() { j("\n") } }
                    table!(K { 1, 2, 3, });
                }
                mod empty {}
            }
        };
        let text = rust(&tokens).expect("the test's own items");
        assert_eq!(
            text,
            r#"pub mod a {
    //! Docs.

    use b::c;

    mod d {
        const E: &str = "1\n  2";

        impl<T> F for G<T>
        where
            T: H,
        {
            fn i() {
                j("\n")
            }
        }

        table!(K {
            1,
            2,
            3,
        });
    }

    mod empty {}
}
"#
        );
        let again: TokenStream = text.parse().expect("what was printed is Rust");
        // The printer decides about trailing commas.
        let plain = |tokens: TokenStream| tokens.to_string().replace([' ', ',', '\n'], "");
        assert_eq!(plain(again), plain(tokens));
    }

    #[test]
    fn a_line_is_broken_by_its_indentation() {
        let tokens = quote! {
            mod a { mod b { impl C { fn d(first_parameter: FirstType, second_parameter: SecondType, third: T) -> F { e() } } } }
        };
        let text = rust(&tokens).expect("the test's own items");
        let longest = text.lines().map(str::len).max();
        assert!(longest <= Some(100), "{text}");
        assert!(
            text.contains("\n                first_parameter: FirstType,\n"),
            "{text}"
        );
    }

    #[test]
    fn formatting_takes_linear_time() {
        let item = quote! { impl A { pub fn b(&self) -> u8 { self.c.d(1, 2) } } };
        let time = |count: usize| {
            let tokens: TokenStream = std::iter::repeat_n(item.clone(), count).collect();
            let start = std::time::Instant::now();
            let text = rust(&tokens).expect("the test's own items");
            assert_eq!(text.lines().count(), count * 6 - 1);
            start.elapsed()
        };
        let (small, large) = (time(500), time(5_000));
        assert!(large < small * 40, "{small:?} for 500, {large:?} for 5,000");
    }
}
