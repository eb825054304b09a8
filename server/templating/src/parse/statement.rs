//! Text and tags (Nunjucks' `parser.js`, `parseNodes` and `parseStatement`).

use std::sync::Arc;

use super::{
    Parser,
    token::{Kind, Token},
};
use crate::{
    ast::{Arguments, Body, Expr, Filter, For, Macro, Name, Node},
    error::{Problem, Result},
    suggest::nearest,
    value::Value,
};

/// Words that begin a tag.
const TAGS: [&str; 10] = [
    "if", "for", "set", "macro", "call", "filter", "switch", "block", "raw", "verbatim",
];
/// Tags of Nunjucks that read other templates, which there are none of.
const OF_OTHER_TEMPLATES: [&str; 5] = ["include", "import", "from", "extends", "super"];

impl Parser<'_> {
    /// Everything up to a tag with one of these words, which is left to be read.
    pub(super) fn nodes(&mut self, until: &[&str]) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        while let Some(token) = self.tokens.next()? {
            match token.kind {
                Kind::Data(text) => {
                    let text = self.trimmed(&text)?;
                    if !text.is_empty() {
                        nodes.push(Node::Text(text.into()));
                    }
                }
                Kind::Comment { trim_after, .. } => self.drop_leading_blanks = trim_after,
                Kind::VariableStart { .. } => {
                    let value = self.expression()?;
                    match self.tokens.next()? {
                        Some(Token {
                            kind: Kind::VariableEnd { trim },
                            ..
                        }) => {
                            self.drop_leading_blanks = trim;
                        }
                        Some(token) => return Err(Self::unexpected(&token)),
                        None => return Err(Problem::syntax("\"}}\" is missing").at(token.line)),
                    }
                    nodes.push(Node::Output(value));
                }
                Kind::BlockStart { .. } => {
                    self.drop_leading_blanks = false;
                    if let Some(Kind::Name(word)) = self.tokens.peek()?
                        && until.contains(&word.as_str())
                    {
                        return Ok(nodes);
                    }
                    nodes.push(self.deeper(Self::tag)?);
                }
                _ => return Err(Self::unexpected(&token)),
            }
        }
        match until.last() {
            None => Ok(nodes),
            Some(end) => {
                let line = self.tokens.line();
                Err(Problem::syntax(format!("a tag does not end; add {{% {end} %}}")).at(line))
            }
        }
    }

    /// Text without the blanks that the tags around it take away.
    fn trimmed(&mut self, text: &str) -> Result<String> {
        let mut text = text;
        if std::mem::take(&mut self.drop_leading_blanks) {
            text = text.trim_start();
        }
        let trim = match self.tokens.peek()? {
            Some(Kind::BlockStart { trim } | Kind::VariableStart { trim }) => *trim,
            Some(Kind::Comment { trim_before, .. }) => *trim_before,
            _ => false,
        };
        Ok(if trim { text.trim_end() } else { text }.to_owned())
    }

    fn tag(&mut self) -> Result<Node> {
        let line = self.tokens.line();
        let word = self.name("the word of a tag")?;
        match word.as_str() {
            "if" => self.condition(),
            "for" => self.for_loop(line),
            "set" => self.set(),
            "macro" => self.macro_definition(line),
            "call" => self.call_block(line),
            "filter" => self.filter_block(),
            "switch" => self.switch(),
            "block" => self.block(),
            "raw" => self.raw("raw"),
            "verbatim" => self.raw("verbatim"),
            word if OF_OTHER_TEMPLATES.contains(&word) => {
                let text = format!("\"{word}\" is not available: a template stands for itself");
                Err(Problem::syntax(text).at(line))
            }
            name => {
                let suggestion = nearest(name, TAGS);
                let name = name.to_owned();
                Err(Problem::UnknownTag { name, suggestion }.at(line))
            }
        }
    }

    /// The end of a tag.
    fn end_of_tag(&mut self) -> Result<()> {
        let line = self.tokens.line();
        match self.tokens.next()? {
            Some(Token {
                kind: Kind::BlockEnd { trim },
                ..
            }) => {
                self.drop_leading_blanks = trim;
                Ok(())
            }
            Some(token) => Err(Self::unexpected(&token)),
            None => Err(Problem::syntax("\"%}\" is missing").at(line)),
        }
    }

    /// The tag with this word, and its end.
    fn closing(&mut self, word: &str) -> Result<()> {
        self.tokens.skip_name(word)?;
        self.end_of_tag()
    }

    fn condition(&mut self) -> Result<Node> {
        let mut cases = Vec::new();
        loop {
            let condition = self.expression()?;
            self.end_of_tag()?;
            cases.push((condition, self.nodes(&["elif", "elseif", "else", "endif"])?));
            if !self.tokens.skip_name("elif")? && !self.tokens.skip_name("elseif")? {
                break;
            }
        }
        let mut otherwise = Vec::new();
        if self.tokens.skip_name("else")? {
            self.end_of_tag()?;
            otherwise = self.nodes(&["endif"])?;
        }
        self.closing("endif")?;
        Ok(Node::If { cases, otherwise })
    }

    fn for_loop(&mut self, line: usize) -> Result<Node> {
        let mut targets = Vec::new();
        loop {
            targets.push(self.target("the variable of the loop")?);
            if !self.tokens.skip(",")? {
                break;
            }
        }
        if !self.tokens.skip_name("in")? {
            return Err(Problem::syntax("\"in\" is missing in the loop").at(line));
        }
        let items = self.expression()?;
        self.end_of_tag()?;
        let body = self.nodes(&["else", "endfor"])?;
        let mut otherwise = Vec::new();
        if self.tokens.skip_name("else")? {
            self.end_of_tag()?;
            otherwise = self.nodes(&["endfor"])?;
        }
        self.closing("endfor")?;
        Ok(Node::For(Box::new(For {
            targets,
            items,
            body,
            record_targets: Vec::new(),
            record_body: Vec::new(),
            otherwise,
            length: None,
            line,
        })))
    }

    fn target(&mut self, what: &str) -> Result<Name> {
        let text = self.name(what)?.into();
        Ok(Name { text, slot: None })
    }

    fn set(&mut self) -> Result<Node> {
        let mut targets = vec![self.target("the variable to set")?];
        while self.tokens.skip(",")? {
            targets.push(self.target("the variable to set")?);
        }
        let value = if self.tokens.skip("=")? {
            let value = self.expression()?;
            self.end_of_tag()?;
            value
        } else {
            self.end_of_tag()?;
            let nodes = self.nodes(&["endset"])?;
            self.closing("endset")?;
            capture(nodes)
        };
        Ok(Node::Set { targets, value })
    }

    fn macro_definition(&mut self, line: usize) -> Result<Node> {
        let name: Arc<str> = self.name("the name of the macro")?.into();
        let formals = self.arguments()?;
        self.end_of_tag()?;
        let nodes = self.nodes(&["endmacro"])?;
        self.closing("endmacro")?;
        let definition = definition(&name, formals, nodes, false, line)?;
        Ok(Node::Macro {
            definition: Arc::new(definition),
            name: Name {
                text: name,
                slot: None,
            },
            global: false,
        })
    }

    fn call_block(&mut self, line: usize) -> Result<Node> {
        let formals = self.filter_arguments()?;
        let Expr::Call(mut call) = self.primary()? else {
            return Err(Problem::syntax("\"call\" needs the call of a macro").at(line));
        };
        self.end_of_tag()?;
        let nodes = self.nodes(&["endcall"])?;
        self.closing("endcall")?;
        let caller = definition("caller", formals, nodes, true, line)?;
        let keywords = &mut call.arguments.keywords;
        keywords.push(("caller".into(), Expr::Caller(Arc::new(caller))));
        Ok(Node::Output(Expr::Call(call)))
    }

    fn filter_block(&mut self) -> Result<Node> {
        let (name, line) = self.filter_name()?;
        let arguments = self.filter_arguments()?;
        self.end_of_tag()?;
        let nodes = self.nodes(&["endfilter"])?;
        self.closing("endfilter")?;
        Ok(Node::Output(Expr::Filter(Box::new(Filter {
            name,
            value: capture(nodes),
            arguments,
            line,
        }))))
    }

    fn switch(&mut self) -> Result<Node> {
        const WORDS: [&str; 3] = ["case", "default", "endswitch"];
        let value = self.expression()?;
        self.end_of_tag()?;
        // What stands before the first case is never reached.
        self.nodes(&WORDS)?;
        let mut cases = Vec::new();
        while self.tokens.skip_name("case")? {
            let of = self.expression()?;
            self.end_of_tag()?;
            cases.push((of, self.nodes(&WORDS)?));
        }
        let mut default = Vec::new();
        if self.tokens.skip_name("default")? {
            self.end_of_tag()?;
            default = self.nodes(&["endswitch"])?;
        }
        self.closing("endswitch")?;
        Ok(Node::Switch {
            value,
            cases,
            default,
        })
    }

    fn block(&mut self) -> Result<Node> {
        let name: Arc<str> = self.name("the name of the block")?.into();
        self.end_of_tag()?;
        let nodes = self.nodes(&["endblock"])?;
        self.tokens.skip_name("endblock")?;
        self.tokens.skip_name(&name)?;
        self.end_of_tag()?;
        let body = Arc::new(Body { nodes, slots: 0 });
        Ok(Node::Block(body))
    }
}

fn capture(nodes: Vec<Node>) -> Expr {
    Expr::Capture(Box::new(Body { nodes, slots: 0 }))
}

fn definition(
    name: &str,
    formals: Arguments,
    nodes: Vec<Node>,
    is_caller: bool,
    line: usize,
) -> Result<Macro> {
    let positional = formals.positional.into_iter().map(|formal| match formal {
        Expr::Name(name, _) => Ok(name),
        Expr::Literal(Value::Text(text)) => Ok(Name { text, slot: None }),
        _ => Err(Problem::syntax(format!("the parameters of \"{name}\" are names")).at(line)),
    });
    Ok(Macro {
        positional: positional.collect::<Result<_>>()?,
        keywords: formals.keywords,
        body: Body { nodes, slots: 0 },
        is_caller,
    })
}
