package io.weft.expression;

import java.util.List;

/**
 * What an expression uses itself, its operands left aside.
 *
 * @param taps what it reads of the layer's inputs
 * @param parameters the parameters that it is computed from
 */
record Own(List<Tap> taps, List<Parameter> parameters) {

  private static final Own NOTHING = new Own(List.of(), List.of());

  /** Returns what {@code expression} uses itself. */
  static Own of(Expression expression) {
    return expression.match(CASES);
  }

  private static Own tap(Tap tap) {
    return new Own(List.of(tap), List.of());
  }

  private static Own parameter(Parameter parameter) {
    return new Own(List.of(), List.of(parameter));
  }

  private static final Expression.Cases<Own> CASES =
      new Expression.Cases<>() {
        @Override
        public Own read(Expression.Read read) {
          return tap(read.tap());
        }

        @Override
        public Own vector(Expression.Vector vector) {
          return parameter(vector.parameter());
        }

        @Override
        public Own columnNorms(Expression.ColumnNorms norms) {
          return parameter(norms.parameter());
        }

        @Override
        public Own constant(Expression.Constant constant) {
          return NOTHING;
        }

        @Override
        public Own product(Expression.Product product) {
          return parameter(product.parameter());
        }

        @Override
        public Own lookup(Expression.Lookup lookup) {
          return parameter(lookup.table());
        }

        @Override
        public Own unary(Expression.UnaryCall call) {
          return NOTHING;
        }

        @Override
        public Own binary(Expression.BinaryCall call) {
          return NOTHING;
        }

        @Override
        public Own concat(Expression.Concat concat) {
          return NOTHING;
        }

        @Override
        public Own slice(Expression.Slice slice) {
          return NOTHING;
        }

        @Override
        public Own attention(Expression.Attention attention) {
          return new Own(List.of(attention.keys().tap(), attention.values().tap()), List.of());
        }

        @Override
        public Own mean(Expression.Mean mean) {
          return NOTHING;
        }
      };
}
