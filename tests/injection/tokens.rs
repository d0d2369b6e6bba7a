//! Rust code as a list of tokens, and the differences between two lists.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// A token, without details that do not affect the meaning.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Token {
    Ident(String),
    Punct(char),
    /// The kind of a literal, ignoring the value.
    Literal(&'static str),
    Open(char),
    Close(char),
}

/// The tokens of a file without docs, and the docs of each item.
pub struct Code {
    pub tokens: Vec<Token>,
    pub docs: Vec<String>,
}

impl Code {
    pub fn new(text: &str) -> Result<Self, String> {
        let stream: TokenStream = text
            .parse()
            .map_err(|error| format!("no tokens: {error}"))?;
        let mut code = Self {
            tokens: Vec::new(),
            docs: Vec::new(),
        };
        code.add(stream);
        Ok(code)
    }

    pub fn names(&self) -> BTreeSet<String> {
        names(&self.tokens)
    }

    /// Returns the names of declared functions and constants.
    pub fn declared(&self) -> BTreeSet<String> {
        let keywords = ["fn", "const"].map(|keyword| Token::Ident(keyword.to_owned()));
        let pairs = self.tokens.windows(2);
        let pairs = pairs.filter(|pair| keywords.contains(&pair[0]));
        pairs.flat_map(|pair| names(&pair[1..])).collect()
    }

    fn add(&mut self, stream: TokenStream) {
        let trees: Vec<TokenTree> = stream.into_iter().collect();
        let mut rest = trees.as_slice();
        let mut in_docs = false;
        while let Some((first, others)) = rest.split_first() {
            if let Some((line, after)) = doc(rest) {
                match self.docs.last_mut().filter(|_| in_docs) {
                    Some(docs) => *docs = format!("{docs}\n{line}"),
                    None => self.docs.push(line),
                }
                in_docs = true;
                rest = after;
                continue;
            }
            in_docs = false;
            rest = others;
            match first {
                TokenTree::Ident(ident) => self.tokens.push(Token::Ident(ident.to_string())),
                TokenTree::Punct(punct) => {
                    if punct.as_char() == '>' {
                        self.drop_comma();
                    }
                    self.tokens.push(Token::Punct(punct.as_char()));
                }
                TokenTree::Literal(literal) => {
                    self.tokens.push(Token::Literal(kind(&literal.to_string())));
                }
                TokenTree::Group(group) if self.is_arm(group) => {
                    self.add(group.stream());
                    self.drop_comma();
                    self.tokens.push(Token::Punct(','));
                    if let [TokenTree::Punct(comma), after @ ..] = rest
                        && comma.as_char() == ','
                    {
                        rest = after;
                    }
                }
                TokenTree::Group(group) => {
                    let (open, close) = match group.delimiter() {
                        Delimiter::Parenthesis => ('(', ')'),
                        Delimiter::Brace => ('{', '}'),
                        Delimiter::Bracket => ('[', ']'),
                        Delimiter::None => (' ', ' '),
                    };
                    self.tokens.push(Token::Open(open));
                    self.add(group.stream());
                    self.drop_comma();
                    self.tokens.push(Token::Close(close));
                }
            }
        }
    }

    /// Removes a trailing comma, which depends on the layout.
    fn drop_comma(&mut self) {
        self.tokens.pop_if(|last| *last == Token::Punct(','));
    }

    /// Returns `true` for braces around an arm's value, which depend on the layout.
    fn is_arm(&self, group: &Group) -> bool {
        let is_end = |tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';');
        group.delimiter() == Delimiter::Brace
            && self
                .tokens
                .ends_with(&[Token::Punct('='), Token::Punct('>')])
            && !group.stream().into_iter().any(is_end)
    }
}

fn names(tokens: &[Token]) -> BTreeSet<String> {
    let names = tokens.iter().filter_map(|token| match token {
        Token::Ident(name) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

/// Returns the text of a leading `#[doc = ".."]`, and the trees after it.
fn doc(trees: &[TokenTree]) -> Option<(String, &[TokenTree])> {
    let is = |tree: &TokenTree, c| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == c);
    let (TokenTree::Group(group), after) = (match trees {
        [hash, group, after @ ..] if is(hash, '#') => (group, after),
        _ => return None,
    }) else {
        let [_, mark, TokenTree::Group(group), after @ ..] = trees else {
            return None;
        };
        return is(mark, '!')
            .then(|| text(group))
            .flatten()
            .map(|text| (text, after));
    };
    text(group).map(|text| (text, after))
}

fn text(group: &Group) -> Option<String> {
    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let [
        TokenTree::Ident(name),
        TokenTree::Punct(_),
        TokenTree::Literal(literal),
    ] = inside.as_slice()
    else {
        return None;
    };
    let text: syn::LitStr = syn::parse_str(&literal.to_string()).ok()?;
    (name == "doc").then(|| text.value())
}

fn kind(literal: &str) -> &'static str {
    match literal.chars().next() {
        Some('"' | 'r') => "a text",
        Some('b') => "bytes",
        Some('\'') => "a character",
        Some('c') => "a text of C",
        _ => "a number",
    }
}

/// Returns the statements of a file in which all end in `;`, ordered, with names replaced.
pub fn statements(tokens: &[Token], names: &[(&str, &str)]) -> Vec<Token> {
    let renamed = tokens.iter().map(|token| match token {
        Token::Ident(name) => {
            let other = names.iter().find(|(twin, _)| twin == name);
            let name = other.map_or(name.as_str(), |(_, name)| name);
            // `con_.rs` is the file of `con`, and `self_.rs` that of `self_`.
            Token::Ident(name.trim_end_matches('_').to_owned())
        }
        _ => token.clone(),
    });
    let renamed: Vec<Token> = renamed.collect();
    let mut list: Vec<&[Token]> = renamed.split(|token| *token == Token::Punct(';')).collect();
    for statement in &mut list {
        // The file of a module may need another name.
        if let [
            Token::Punct('#'),
            Token::Open('['),
            Token::Ident(name),
            _,
            _,
            _,
            rest @ ..,
        ] = *statement
            && name == "path"
        {
            *statement = rest;
        }
    }
    list.sort();
    list.join(&Token::Punct(';'))
}

/// Returns the first difference between two lists, except for names derived from a text: these
/// contain `harmless` in the second list.
pub fn difference(hostile: &[Token], harmless: &[Token]) -> Option<String> {
    let same = |(one, other): (&Token, &Token)| match (one, other) {
        (Token::Ident(one), Token::Ident(other)) => {
            one == other || other.to_lowercase().contains("harmless")
        }
        _ => one == other,
    };
    let count = hostile.len().max(harmless.len());
    let at = (0..count).find(|&at| match (hostile.get(at), harmless.get(at)) {
        (Some(one), Some(other)) => !same((one, other)),
        _ => true,
    })?;
    let around = |tokens: &[Token]| {
        let end = tokens.len().min(at + 12);
        format!("{:?}", &tokens[at.saturating_sub(12).min(end)..end])
    };
    Some(format!(
        "{}\ninstead of\n{}",
        around(hostile),
        around(harmless)
    ))
}
