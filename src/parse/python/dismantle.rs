//! Takes a tree apart that is nested too deep to be dropped as it is: dropping recurses, and would overflow the stack.

use ruff_python_ast::visitor::transformer::{Transformer, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{AtomicNodeIndex, Expr, ExprNoneLiteral, Pattern, PatternMatchAs, Stmt, StmtPass};
use ruff_text_size::TextRange;
use std::cell::{Cell, RefCell};

/// How deep the pieces are: small enough to walk and to drop on any stack.
const PIECE_DEPTH: usize = 200;

/// Cuts everything below [`PIECE_DEPTH`] off into pieces of their own, until no piece is deeper.
pub(super) fn dismantle(body: &mut Vec<Stmt>) {
    let cutter = Cutter::default();
    cutter.visit_body(body);
    loop {
        let Some(mut piece) = cutter.pieces.borrow_mut().pop() else { break };
        match &mut piece {
            Piece::Statement(statement) => walk_stmt(&cutter, statement),
            Piece::Expression(expression) => walk_expr(&cutter, expression),
            Piece::Pattern(pattern) => walk_pattern(&cutter, pattern),
        }
    }
    body.clear();
}

enum Piece {
    Statement(Stmt),
    Expression(Expr),
    Pattern(Pattern),
}

#[derive(Default)]
struct Cutter {
    depth: Cell<usize>,
    pieces: RefCell<Vec<Piece>>,
}

impl Cutter {
    /// Walks one level down, or cuts `node` off where the depth is reached.
    fn descend<T>(&self, node: &mut T, stump: impl FnOnce() -> T, piece: fn(T) -> Piece, walk: fn(&Self, &mut T)) {
        if self.depth.get() >= PIECE_DEPTH {
            let cut = std::mem::replace(node, stump());
            self.pieces.borrow_mut().push(piece(cut));
            return;
        }
        self.depth.set(self.depth.get() + 1);
        walk(self, node);
        self.depth.set(self.depth.get() - 1);
    }
}

impl Transformer for Cutter {
    fn visit_stmt(&self, statement: &mut Stmt) {
        let stump = || Stmt::Pass(StmtPass { node_index: AtomicNodeIndex::NONE, range: TextRange::default() });
        self.descend(statement, stump, Piece::Statement, walk_stmt);
    }

    fn visit_expr(&self, expression: &mut Expr) {
        let stump =
            || Expr::NoneLiteral(ExprNoneLiteral { node_index: AtomicNodeIndex::NONE, range: TextRange::default() });
        self.descend(expression, stump, Piece::Expression, walk_expr);
    }

    fn visit_pattern(&self, pattern: &mut Pattern) {
        let stump = || {
            Pattern::MatchAs(PatternMatchAs {
                node_index: AtomicNodeIndex::NONE,
                range: TextRange::default(),
                pattern: None,
                name: None,
            })
        };
        self.descend(pattern, stump, Piece::Pattern, walk_pattern);
    }
}
