package io.weft.expression;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Consumer;

/** A walk over an expression, without recursion: an expression may nest deeper than the stack. */
final class Visit {

  /** An expression whose operands are being visited. */
  private record Open(Expression expression, Iterator<Expression> operands) {
    static Open of(Expression expression) {
      return new Open(expression, expression.operands().iterator());
    }
  }

  private Visit() {}

  /** Visits each expression within {@code root} once, by identity, operands first. */
  static void of(Expression root, Consumer<Expression> visitor) {
    Set<Expression> met = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Open> path = new ArrayDeque<>();
    met.add(root);
    path.push(Open.of(root));
    while (!path.isEmpty()) {
      Open open = path.peek();
      if (!open.operands().hasNext()) {
        path.pop();
        visitor.accept(open.expression());
        continue;
      }
      Expression operand = open.operands().next();
      if (met.add(operand)) {
        path.push(Open.of(operand));
      }
    }
  }
}
