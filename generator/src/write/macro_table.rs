//! Formats macro invocations that are tables: one row per line, with the spacing of rustfmt.
//!
//! A group of braces whose last token is a comma is a list with one row per line. Rows of two words
//! share lines. Rows of one or two words that fit on the line of the opening brace stay there, and
//! so does everything else. Tokens are printed only with their `Display`, so no text can escape
//! from its literal.

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{ItemMacro, LitStr, MacroDelimiter};

/// The indentation of a level, in spaces.
pub(super) const INDENT: usize = 4;

/// Returns whether an item is a macro invocation that this module formats.
///
/// `macro_rules!` and invocations under an attribute are left to prettyplease.
pub(super) fn is_table(item: &ItemMacro) -> bool {
    item.ident.is_none() && item.attrs.is_empty()
}

/// Formats a macro invocation that starts at a column, with a line break at its end.
pub(super) fn print(item: &ItemMacro, column: usize) -> String {
    let mut printer = Printer {
        out: " ".repeat(column),
        column,
    };
    printer.inline(item.mac.path.to_token_stream());
    printer.out.push('!');
    let tokens = item.mac.tokens.clone();
    match item.mac.delimiter {
        MacroDelimiter::Brace(_) => {
            printer.out.push(' ');
            printer.braces(tokens);
        }
        MacroDelimiter::Paren(_) => printer.enclosed('(', tokens, ");"),
        MacroDelimiter::Bracket(_) => printer.enclosed('[', tokens, "];"),
    }
    printer.out.push('\n');
    printer.out
}

/// A token, classified for the space before it.
enum Piece {
    /// An identifier, a literal or a lifetime.
    Word(String),
    Operator(String),
    Group(Group),
}

/// The operators of more than one character that a table can contain.
const OPERATORS: &[&str] = &[
    "::", "->", "=>", "..", "...", "..=", "==", "!=", "<=", ">=", "&&", "||",
];

fn pieces(tokens: TokenStream) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut operator = String::new();
    let mut joint = false;
    for tree in tokens {
        if let TokenTree::Punct(punct) = &tree {
            operator.push(punct.as_char());
            if joint && !OPERATORS.contains(&operator.as_str()) {
                operator.pop();
                pieces.push(Piece::Operator(std::mem::take(&mut operator)));
                operator.push(punct.as_char());
            }
            joint = punct.spacing() == Spacing::Joint;
            if !joint {
                pieces.push(Piece::Operator(std::mem::take(&mut operator)));
            }
            continue;
        }
        let lifetime = operator == "'";
        if !operator.is_empty() && !lifetime {
            pieces.push(Piece::Operator(std::mem::take(&mut operator)));
        }
        joint = false;
        match tree {
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                pieces.extend(self::pieces(group.stream()));
            }
            TokenTree::Group(group) => pieces.push(Piece::Group(group)),
            word => {
                let mut text = std::mem::take(&mut operator);
                text.push_str(&word.to_string());
                pieces.push(Piece::Word(text));
            }
        }
    }
    if !operator.is_empty() {
        pieces.push(Piece::Operator(operator));
    }
    pieces
}

/// The last printed token, classified for the space after it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// The start of a line or of a group.
    Start,
    /// The end of an operand.
    Operand,
    /// The end of a generic argument list.
    Closer,
    /// A token that is joined to the next one: `::`, `<`, `&`, `#`, a sign.
    Prefix,
    /// Any other operator.
    Operator,
}

/// The maximum length of a line with several rows.
const LONGEST_LINE: usize = 100;

/// The maximum number of rows of a list on one line.
const MOST_ON_A_LINE: usize = 2;

/// Returns whether a row begins with a literal.
fn is_entry(row: &TokenStream) -> bool {
    let first = row.clone().into_iter().next();
    matches!(first, Some(TokenTree::Literal(_)))
}

/// Returns whether a row is two words, such as a value and the name of its variant.
fn is_pair(row: &TokenStream) -> bool {
    let mut trees = row.clone().into_iter();
    matches!(
        (trees.next(), trees.next(), trees.next()),
        (Some(TokenTree::Literal(_)), Some(TokenTree::Ident(_)), None)
    )
}

struct Printer {
    out: String,
    column: usize,
}

impl Printer {
    fn inline(&mut self, tokens: TokenStream) {
        let mut last = Last::Start;
        for piece in pieces(tokens) {
            if space_before(&piece, last) {
                self.out.push(' ');
            }
            let is_called = last == Last::Operand;
            last = last_after(&piece, last);
            match piece {
                Piece::Word(text) | Piece::Operator(text) => self.out.push_str(&text),
                Piece::Group(group) => match group.delimiter() {
                    // Without a name before it, it can be a tuple, whose comma is significant.
                    Delimiter::Parenthesis if is_called => self.arguments(group.stream()),
                    Delimiter::Parenthesis => self.enclosed('(', group.stream(), ")"),
                    Delimiter::Bracket => self.enclosed('[', group.stream(), "]"),
                    Delimiter::Brace | Delimiter::None => self.braces(group.stream()),
                },
            }
        }
    }

    fn enclosed(&mut self, open: char, tokens: TokenStream, close: &str) {
        self.out.push(open);
        self.inline(tokens);
        self.out.push_str(close);
    }

    /// Prints a list on the current line, or with as many rows on each line as fit.
    fn arguments(&mut self, tokens: TokenStream) {
        if tokens.is_empty() {
            return self.enclosed('(', tokens, ")");
        }
        let Some(rows) = rows(tokens.clone()) else {
            return self.enclosed('(', tokens, ")");
        };
        self.out.push('(');
        let texts: Vec<String> = rows.into_iter().map(text_of).collect();
        let list = texts.join(", ");
        if self.has_room(&list, ") } }") {
            self.out.push_str(&list);
        } else {
            self.out.push('\n');
            self.column += INDENT;
            self.filled(texts);
            self.column -= INDENT;
            self.indent();
        }
        self.out.push(')');
    }

    /// Returns whether a list and the text after it fit on the current line.
    fn has_room(&self, list: &str, after: &str) -> bool {
        let line = self.out.rfind('\n').map_or(0, |end| end + 1);
        let before = self.out.get(line..).unwrap_or_default().chars().count();
        let width = before + list.chars().count() + after.len();
        !list.contains('\n') && width <= LONGEST_LINE
    }

    fn braces(&mut self, tokens: TokenStream) {
        if tokens.is_empty() {
            self.out.push_str("{}");
            return;
        }
        let Some(rows) = rows(tokens.clone()) else {
            self.out.push_str("{ ");
            self.inline(tokens);
            self.out.push_str(" }");
            return;
        };
        let are_pairs = rows.iter().all(is_pair);
        if are_pairs || rows.len() <= MOST_ON_A_LINE && rows.iter().all(is_entry) {
            let texts: Vec<String> = rows.iter().cloned().map(text_of).collect();
            let list = format!("{{ {} }}", texts.join(", "));
            if self.has_room(&list, " }") {
                self.out.push_str(&list);
                return;
            }
        }
        self.out.push_str("{\n");
        self.column += INDENT;
        if are_pairs {
            self.filled(rows.into_iter().map(text_of).collect());
        } else {
            for row in rows {
                let row = self.doc_comments(row);
                self.indent();
                self.inline(row);
                self.out.push_str(",\n");
            }
        }
        self.column -= INDENT;
        self.indent();
        self.out.push('}');
    }

    /// Prints the docs of a row as comments, and returns the rest of the row.
    fn doc_comments(&mut self, mut row: TokenStream) -> TokenStream {
        while let Some((text, rest)) = doc_comment(&row) {
            self.indent();
            self.out.push_str("///");
            self.out.push_str(&text);
            self.out.push('\n');
            row = rest;
        }
        row
    }

    /// Prints as many rows on each line as fit.
    fn filled(&mut self, rows: Vec<String>) {
        let mut width = 0;
        for row in rows {
            let length = row.chars().count() + 2;
            if width == 0 || width + length > LONGEST_LINE {
                if width > 0 {
                    self.out.push('\n');
                }
                self.indent();
                width = self.column;
            } else {
                self.out.push(' ');
            }
            width += length;
            self.out.push_str(&row);
            self.out.push(',');
        }
        self.out.push('\n');
    }

    fn indent(&mut self) {
        self.out.extend(std::iter::repeat_n(' ', self.column));
    }
}

/// Returns the text of the doc attribute at the start of tokens, if it can be a comment, and the
/// rest.
fn doc_comment(row: &TokenStream) -> Option<(String, TokenStream)> {
    let mut trees = row.clone().into_iter();
    let (Some(TokenTree::Punct(hash)), Some(TokenTree::Group(attribute))) =
        (trees.next(), trees.next())
    else {
        return None;
    };
    let mut inside = attribute.stream().into_iter();
    let (Some(TokenTree::Ident(doc)), Some(TokenTree::Punct(_)), Some(TokenTree::Literal(text))) =
        (inside.next(), inside.next(), inside.next())
    else {
        return None;
    };
    if hash.as_char() != '#' || doc != "doc" {
        return None;
    }
    let text = syn::parse_str::<LitStr>(&text.to_string()).ok()?.value();
    // With a fourth slash it would be an ordinary comment.
    let fits = !text.contains(['\n', '\r']) && !text.starts_with('/');
    fits.then(|| (text, trees.collect()))
}

/// Returns the text of a row that shares its line with others.
fn text_of(row: TokenStream) -> String {
    let mut printer = Printer {
        out: String::new(),
        column: 0,
    };
    printer.inline(row);
    printer.out
}

/// Returns the rows of a list without their commas, or `None` if it does not end with a comma.
fn rows(tokens: TokenStream) -> Option<Vec<TokenStream>> {
    let mut rows = Vec::new();
    let mut row = Vec::new();
    for tree in tokens {
        match &tree {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                rows.push(row.drain(..).collect());
            }
            _ => row.push(tree),
        }
    }
    row.is_empty().then_some(rows)
}

fn space_before(piece: &Piece, last: Last) -> bool {
    match (last, piece) {
        (Last::Start | Last::Prefix, _) => false,
        (_, Piece::Operator(operator)) => match operator.as_str() {
            "," | ";" | "." | ".." | "..." | "..=" | "?" | ":" | ">" => false,
            // After an operand, these belong to a path, the name of a macro or generic arguments.
            "::" | "!" | "<" => last == Last::Operator,
            _ => true,
        },
        (Last::Operand | Last::Closer, Piece::Group(group)) => {
            group.delimiter() != Delimiter::Parenthesis
        }
        _ => true,
    }
}

fn last_after(piece: &Piece, last: Last) -> Last {
    let Piece::Operator(operator) = piece else {
        return Last::Operand;
    };
    match operator.as_str() {
        "::" | "<" | "&" | "#" | "!" | "." | ".." | "..." | "..=" | "$" => Last::Prefix,
        ">" => Last::Closer,
        "-" | "*" if !matches!(last, Last::Operand | Last::Closer) => Last::Prefix,
        _ => Last::Operator,
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;

    #[test]
    fn a_table_has_a_row_a_line() {
        let item = parse_quote! {
            object! { types::a::Pet, closed {
                0 "a" a: optional, 1 "b\n\"b" r#type: default(default_b), 2 "c" c: required,
            } }
        };
        assert_eq!(
            print(&item, 0),
            "object! { types::a::Pet, closed {\n    \
                 0 \"a\" a: optional,\n    \
                 1 \"b\\n\\\"b\" r#type: default(default_b),\n    \
                 2 \"c\" c: required,\n\
             } }\n"
        );
    }

    #[test]
    fn short_rows_need_no_line_of_their_own() {
        let item = parse_quote! { object! { Pet, open { "a" a: optional, "b" b: required, } } };
        let line = "object! { Pet, open { \"a\" a: optional, \"b\" b: required } }\n";
        assert_eq!(print(&item, 0), line);
        let long = "a".repeat(100 - (line.len() - 1));
        for (more, lines) in [("", 1), ("b", 4)] {
            let name = quote::format_ident!("Pet{long}{more}");
            let rows = quote::quote!("a" a: optional, "b" b: required,);
            let item = parse_quote! { object! { #name, open { #rows } } };
            assert_eq!(print(&item, 0).lines().count(), lines);
        }
        let item = parse_quote! { text_enum! { Size, closed { "s" S, "m" M, "l" L, } } };
        let line = "text_enum! { Size, closed { \"s\" S, \"m\" M, \"l\" L } }\n";
        assert_eq!(print(&item, 0), line);
    }

    #[test]
    fn rows_of_two_words_share_lines() {
        let names = (0..12).map(|n| quote::format_ident!("Variant{n}"));
        let item = parse_quote! { text_enum! { types::Pet, closed { #("some value" #names,)* } } };
        let text = print(&item, 0);
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(
            text.lines().all(|line| line.len() <= LONGEST_LINE),
            "{text}"
        );
        assert!(
            text.contains("\n    \"some value\" Variant0, \"some value\" Variant1, "),
            "{text}"
        );
    }

    #[test]
    fn arguments_are_on_one_line_if_they_fit() {
        let item = parse_quote! { constructor! { Pet(id: i64, tuple: (u8,),) sets(tag: None,) } };
        assert_eq!(
            print(&item, 0),
            "constructor! { Pet(id: i64, tuple: (u8,)) sets(tag: None) }\n"
        );
        let names = (0..12).map(|n| quote::format_ident!("property_{n}"));
        let item = parse_quote! { constructor! { Pet(#(#names: i64,)*) } };
        let text = print(&item, 4);
        assert!(
            text.lines().all(|line| line.len() <= LONGEST_LINE),
            "{text}"
        );
        assert!(
            text.starts_with("    constructor! { Pet(\n        property_0: i64, property_1: i64, "),
            "{text}"
        );
        assert!(text.ends_with(",\n    ) }\n"), "{text}");
    }

    #[test]
    fn a_table_inside_a_table_is_indented_and_a_group_without_a_last_comma_is_not_a_list() {
        let item = parse_quote! {
            union!(types::Pet, tag "kind" { "cat" Cat { a, b, }, "dog" Dog { c, d }, "none" {}, });
        };
        assert_eq!(
            print(&item, 4),
            r#"    union!(types::Pet, tag "kind" {
        "cat" Cat {
            a,
            b,
        },
        "dog" Dog { c, d },
        "none" {},
    });
"#
        );
    }

    #[test]
    fn the_docs_of_a_row_are_comments_if_possible() {
        let item = parse_quote! { m! { A {
            #[doc = " One."]
            #[doc = ""]
            #[doc = " \"Two\"."]
            #[deprecated]
            a: f("A"),
            #[doc = "/ slash"]
            b: f("B"),
            #[doc = " a\nb"]
            c: f("C"),
        } } };
        assert_eq!(
            print(&item, 0),
            r#"m! { A {
    /// One.
    ///
    /// "Two".
    #[deprecated] a: f("A"),
    #[doc = "/ slash"] b: f("B"),
    #[doc = " a\nb"] c: f("C"),
} }
"#
        );
    }

    #[test]
    fn a_list_may_be_the_whole_invocation() {
        let item = parse_quote!(codes! { 1 => One, 2 => Two, 3 => Three, });
        assert_eq!(
            print(&item, 0),
            "codes! {\n    1 => One,\n    2 => Two,\n    3 => Three,\n}\n"
        );
    }

    #[test]
    fn tokens_are_spaced_as_in_code() {
        for text in [
            "m! { a::b<Vec<u8>, &'static str>: f(x, -1), x - 1, y => ::z::Z, [1, 2], #[a(b)] c = d! }",
            "m! { fn(u8) -> u8, 1..=2, a | b, &x, *y, x * y, \"a b\", 'c', b\"d\", x.y, Option<T>? }",
            "m! { -1i64, -2.5, a: -3, T<()>, (), {}, vec![1] }",
        ] {
            let item: ItemMacro = syn::parse_str(text).expect("the test's own text");
            assert_eq!(print(&item, 0).trim_end(), text);
        }
    }
}
