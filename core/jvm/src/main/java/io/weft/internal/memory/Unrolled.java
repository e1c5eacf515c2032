package io.weft.internal.memory;

import io.weft.define.Definition;
import io.weft.expression.Expression;
import io.weft.graph.Node;
import io.weft.internal.prove.Wavefronts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What the recurrences of a definition become over whole images: each front (a row, a diagonal) has
 * operations of its own.
 *
 * @param operations what of the expressions runs anew in each front, all fronts together
 * @param kept the floats of one image that the way back needs of them, beside the layers' outputs
 */
record Unrolled(long operations, double kept) {

  private static final Unrolled NOTHING = new Unrolled(0, 0);

  static Unrolled of(Definition definition) {
    return definition.graph().recurrences().stream()
        .map(Unrolled::of)
        .reduce(
            NOTHING, (a, b) -> new Unrolled(a.operations() + b.operations(), a.kept() + b.kept()));
  }

  private static Unrolled of(Node.Applied layer) {
    List<Expression> unrolled = unrolled(layer.expression());
    long fronts = Wavefronts.of(layer.shape(), layer.expression().taps()).count();
    double maps = unrolled.stream().mapToDouble(Unrolled::keptMaps).sum();
    return new Unrolled(fronts * unrolled.size(), maps * layer.shape().positions());
  }

  /** What depends on the own output. */
  private static List<Expression> unrolled(Expression whole) {
    Set<Expression> own = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Expression> all = new ArrayList<>();
    whole.visit(
        e -> {
          boolean isOwn = e instanceof Expression.Read read && read.tap().isOwn();
          if (isOwn || e.operands().stream().anyMatch(own::contains)) {
            own.add(e);
            all.add(e);
          }
        });
    return all;
  }

  /** The gradient of a function needs what it gave, that of a product what it was given. */
  private static int keptMaps(Expression expression) {
    if (expression instanceof Expression.Product product) {
      return product.operand().width();
    }
    return expression instanceof Expression.UnaryCall ? expression.width() : 0;
  }
}
