package io.weft.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a layer computes at one position from what it reads: the expression language.
 *
 * <p>An expression gives a vector, one value per map, at every position of the output. The same
 * expression is run over whole images in TensorFlow and over single positions in a sampler, and the
 * causality proof reads from it which output map depends on which input map. Expressions are
 * values; the methods below build new ones.
 */
public sealed interface Expression {

  /** Returns the number of values at a position. */
  int width();

  /** Returns the expressions that this one is made of. */
  List<Expression> operands();

  /** Returns the answer of {@code cases} for this kind of expression. */
  <R> R match(Cases<R> cases);

  /**
   * An answer for every kind of expression. Whatever asks something of expressions in general (what
   * they depend on, how an engine computes them) implements this, so that the compiler wants an
   * answer from it for each kind that is added.
   *
   * @param <R> what is answered
   */
  interface Cases<R> {
    /** A read of one tap. */
    R read(Read expression);

    /** A parameter vector. */
    R vector(Vector expression);

    /** The norms of the columns of a matrix. */
    R columnNorms(ColumnNorms expression);

    /** Given numbers. */
    R constant(Constant expression);

    /** A matrix product. */
    R product(Product expression);

    /** Rows of a matrix by their numbers. */
    R lookup(Lookup expression);

    /** An elementwise function of one operand. */
    R unary(UnaryCall expression);

    /** An elementwise function of two operands. */
    R binary(BinaryCall expression);

    /** Operands side by side. */
    R concat(Concat expression);

    /** A run of values. */
    R slice(Slice expression);

    /** Means within groups. */
    R mean(Mean expression);

    /** Attention to a set of positions. */
    R attention(Attention expression);
  }

  /**
   * Reads one tap.
   *
   * @param tap the place
   * @param width the maps of the input
   */
  record Read(Tap tap, int width) implements Expression {
    /** Checks that there is a place and something to read. */
    public Read {
      Objects.requireNonNull(tap, "tap");
      if (tap.isSet()) {
        throw new IllegalArgumentException(
            "reads " + tap.label() + " as if it were one; attend to a set of positions");
      }
      Widths.check(width);
    }

    @Override
    public List<Expression> operands() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.read(this);
    }
  }

  /**
   * A parameter vector, the same at every position.
   *
   * @param parameter the parameter, of one dimension
   */
  record Vector(Parameter parameter) implements Expression {
    /** Checks that it is a vector. */
    public Vector {
      if (parameter.dimensions().size() != 1) {
        throw new IllegalArgumentException(
            "parameter \""
                + parameter.name()
                + "\" is used as a vector but has the shape "
                + parameter.dimensions());
      }
    }

    @Override
    public int width() {
      return parameter.size();
    }

    @Override
    public List<Expression> operands() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.vector(this);
    }
  }

  /**
   * The Euclidean norm of each column of a matrix, the same at every position: what weight
   * normalisation divides by.
   *
   * @param parameter the matrix; all dimensions but the last are read together as rows
   * @param connectivity which entries exist
   */
  record ColumnNorms(Parameter parameter, Connectivity connectivity) implements Expression {
    /** Checks that the sizes fit. */
    public ColumnNorms {
      Objects.requireNonNull(parameter, "parameter");
      Widths.checkFit(parameter, connectivity);
    }

    @Override
    public int width() {
      return parameter.columns();
    }

    @Override
    public List<Expression> operands() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.columnNorms(this);
    }
  }

  /**
   * Given numbers, the same at every position.
   *
   * @param values one or more
   */
  record Constant(List<Float> values) implements Expression {
    /** Checks that there is something, and not too much. */
    public Constant {
      values = List.copyOf(values);
      Widths.check(values.size());
    }

    @Override
    public int width() {
      return values.size();
    }

    @Override
    public List<Expression> operands() {
      return List.of();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.constant(this);
    }
  }

  /**
   * A matrix product with a parameter, whose leading dimensions are read together as rows.
   *
   * @param operand a vector as wide as the parameter has rows
   * @param parameter the matrix
   * @param connectivity which entries exist
   */
  record Product(Expression operand, Parameter parameter, Connectivity connectivity)
      implements Expression {
    /** Checks that the sizes fit. */
    public Product {
      Objects.requireNonNull(operand, "operand");
      Objects.requireNonNull(parameter, "parameter");
      Objects.requireNonNull(connectivity, "connectivity");
      if (operand.width() != parameter.rows()) {
        throw new IllegalArgumentException(
            "a product needs as many values as parameter \""
                + parameter.name()
                + "\" has rows ("
                + parameter.rows()
                + "), found "
                + operand.width());
      }
      Widths.checkFit(parameter, connectivity);
    }

    @Override
    public int width() {
      return parameter.columns();
    }

    @Override
    public List<Expression> operands() {
      return List.of(operand);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.product(this);
    }
  }

  /**
   * Rows of a table, one for each value of the operand: an embedding. A value x in [-1, 1] stands
   * for the level round((x + 1) (levels - 1) / 2), as {@code ImageSpec.scaled} has it; what lies
   * outside counts as the nearest level. Value m n + c is that of column m in the row that value c
   * of the n of the operand stands for, so that colour groups stay what they are. By the operand it
   * has no derivative.
   *
   * @param operand n values
   * @param table [n x levels, maps], the rows of the first value first; leading dimensions are read
   *     together
   */
  record Lookup(Expression operand, Parameter table) implements Expression {
    /** Checks that each value of the operand has rows. */
    public Lookup {
      Objects.requireNonNull(operand, "operand");
      Objects.requireNonNull(table, "table");
      if (table.rows() % operand.width() != 0 || table.rows() / operand.width() < 2) {
        throw new IllegalArgumentException(
            "a lookup needs 2 rows of parameter \""
                + table.name()
                + "\" or more for each of "
                + operand.width()
                + " values, found "
                + table.rows());
      }
      Widths.check((long) operand.width() * table.columns());
    }

    /** Returns how many rows each value of the operand has. */
    public int levels() {
      return table.rows() / operand.width();
    }

    @Override
    public int width() {
      return operand.width() * table.columns();
    }

    @Override
    public List<Expression> operands() {
      return List.of(operand);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.lookup(this);
    }
  }

  /**
   * An elementwise function of one operand.
   *
   * @param function the function
   * @param operand what it is applied to
   */
  record UnaryCall(Unary function, Expression operand) implements Expression {
    /** Checks that nothing is missing. */
    public UnaryCall {
      Objects.requireNonNull(function, "function");
      Objects.requireNonNull(operand, "operand");
    }

    @Override
    public int width() {
      return operand.width();
    }

    @Override
    public List<Expression> operands() {
      return List.of(operand);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.unary(this);
    }
  }

  /**
   * An elementwise function of two operands of one width.
   *
   * @param function the function
   * @param left the first operand
   * @param right the second operand
   */
  record BinaryCall(Binary function, Expression left, Expression right) implements Expression {
    /** Checks that the widths agree. */
    public BinaryCall {
      Objects.requireNonNull(function, "function");
      Objects.requireNonNull(left, "left");
      Objects.requireNonNull(right, "right");
      if (left.width() != right.width()) {
        throw new IllegalArgumentException(
            function
                + " needs two operands of one width, found "
                + left.width()
                + " and "
                + right.width());
      }
    }

    @Override
    public int width() {
      return left.width();
    }

    @Override
    public List<Expression> operands() {
      return List.of(left, right);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.binary(this);
    }
  }

  /**
   * Operands side by side.
   *
   * @param operands one or more
   */
  record Concat(List<Expression> operands) implements Expression {
    /** Checks that there is something, and not too much. */
    public Concat {
      operands = List.copyOf(operands);
      if (operands.isEmpty()) {
        throw new IllegalArgumentException("concat needs at least one operand");
      }
      Widths.check(operands.stream().mapToLong(Expression::width).sum());
    }

    @Override
    public int width() {
      return operands.stream().mapToInt(Expression::width).sum();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.concat(this);
    }
  }

  /**
   * A run of an operand's values.
   *
   * @param operand the operand
   * @param from the first value, from 0
   * @param width how many
   */
  record Slice(Expression operand, int from, int width) implements Expression {
    /** Checks that the run lies within the operand. */
    public Slice {
      if (from < 0 || width < 1 || from > operand.width() - width) {
        throw new IllegalArgumentException(
            "a slice of "
                + width
                + " from "
                + from
                + " does not lie within "
                + operand.width()
                + " values");
      }
    }

    @Override
    public List<Expression> operands() {
      return List.of(operand);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.slice(this);
    }
  }

  /**
   * Means within groups of values: value m becomes the mean of all whose number is m modulo {@code
   * groups}, as in colour groups.
   *
   * @param operand what is averaged
   * @param groups the number of groups, of which each has as many values; 1 for the mean of all
   */
  record Mean(Expression operand, int groups) implements Expression {
    /** Checks that the values divide evenly. */
    public Mean {
      Objects.requireNonNull(operand, "operand");
      if (groups < 1 || operand.width() % groups != 0) {
        throw new IllegalArgumentException(
            "means within "
                + groups
                + " groups need a multiple of so many values, found "
                + operand.width());
      }
    }

    @Override
    public int width() {
      return operand.width();
    }

    @Override
    public List<Expression> operands() {
      return List.of(operand);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.mean(this);
    }
  }

  /**
   * Attention (Vaswani et al. 2017, section 3.2) to a set of positions of the inputs. Of each head,
   * whose maps lie side by side, it is the mean of the values over the set, weighted with softmax(q
   * . k / sqrt(d)) where d is the width of the head's key. Over nothing it is 0.
   *
   * @param query the query at the own position
   * @param keys the keys, as wide as the query
   * @param values the values, at the same positions
   * @param heads into how many equal parts query, keys and values are cut
   */
  record Attention(Expression query, Attended keys, Attended values, int heads)
      implements Expression {
    /** Checks that the sizes fit. */
    public Attention {
      Objects.requireNonNull(query, "query");
      Objects.requireNonNull(keys, "keys");
      Objects.requireNonNull(values, "values");
      if (query.width() != keys.width()) {
        throw new IllegalArgumentException(
            "attention needs a query as wide as its keys, found "
                + query.width()
                + " and "
                + keys.width()
                + " maps");
      }
      if (heads < 1 || keys.width() % heads != 0 || values.width() % heads != 0) {
        throw new IllegalArgumentException(
            "attention with "
                + heads
                + " heads needs keys and values whose maps divide into as many equal parts, found "
                + keys.width()
                + " and "
                + values.width());
      }
      if (!keys.ranks().equals(values.ranks())) {
        throw new IllegalArgumentException(
            "attention needs keys and values at the same positions, found "
                + keys.tap().label()
                + " and "
                + values.tap().label());
      }
    }

    /** Returns which positions are attended to. */
    public Ranks ranks() {
      return keys.ranks();
    }

    /** Returns the width of a head's query and key. */
    public int keyWidth() {
      return keys.width() / heads;
    }

    /** Returns the width of a head's value. */
    public int valueWidth() {
      return values.width() / heads;
    }

    @Override
    public int width() {
      return values.width();
    }

    @Override
    public List<Expression> operands() {
      return List.of(query);
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.attention(this);
    }
  }

  /** Returns a parameter vector. */
  static Expression vector(Parameter parameter) {
    return new Vector(parameter);
  }

  /** Returns the Euclidean norm of each column of a fully connected matrix. */
  static Expression columnNorms(Parameter matrix) {
    return new ColumnNorms(matrix, Connectivity.full(matrix.rows(), matrix.columns()));
  }

  /** Returns given numbers, the same at every position. */
  static Expression constants(float... values) {
    List<Float> all = new ArrayList<>(values.length);
    for (float value : values) {
      all.add(value);
    }
    return new Constant(all);
  }

  /** Returns operands side by side. */
  static Expression concat(List<? extends Expression> operands) {
    return operands.size() == 1 ? operands.get(0) : new Concat(new ArrayList<>(operands));
  }

  /** Returns this vector times a fully connected matrix. */
  default Expression times(Parameter matrix) {
    return times(matrix, Connectivity.full(matrix.rows(), matrix.columns()));
  }

  /** Returns this vector times a matrix of which only some entries exist. */
  default Expression times(Parameter matrix, Connectivity connectivity) {
    return new Product(this, matrix, connectivity);
  }

  /** Returns the row of a table that each of these values stands for; see {@link Lookup}. */
  default Expression in(Parameter table) {
    return new Lookup(this, table);
  }

  /** Returns the sum, value by value. */
  default Expression plus(Expression other) {
    return new BinaryCall(Binary.ADD, this, other);
  }

  /** Returns the difference, value by value. */
  default Expression minus(Expression other) {
    return new BinaryCall(Binary.SUBTRACT, this, other);
  }

  /** Returns the product, value by value. */
  default Expression times(Expression other) {
    return new BinaryCall(Binary.MULTIPLY, this, other);
  }

  /** Returns the quotient, value by value. */
  default Expression dividedBy(Expression other) {
    return new BinaryCall(Binary.DIVIDE, this, other);
  }

  /** Returns the larger of two, value by value. */
  default Expression maximum(Expression other) {
    return new BinaryCall(Binary.MAXIMUM, this, other);
  }

  /** Returns the smaller of two, value by value. */
  default Expression minimum(Expression other) {
    return new BinaryCall(Binary.MINIMUM, this, other);
  }

  /** Returns {@code function} of every value. */
  default Expression map(Unary function) {
    return new UnaryCall(Objects.requireNonNull(function, "function"), this);
  }

  /** Returns in place of each value the mean of its group; see {@link Mean}. */
  default Expression mean(int groups) {
    return new Mean(this, groups);
  }

  /** Returns {@code count} values from {@code from} on. */
  default Expression slice(int from, int count) {
    return from == 0 && count == width() ? this : new Slice(this, from, count);
  }

  /** Returns the same number as wide as this expression. */
  default Expression like(float value) {
    return new Constant(Collections.nCopies(width(), value));
  }

  /**
   * Returns this expression so many times side by side: of one value a row of it, which elementwise
   * functions take beside as wide a one.
   *
   * @param times at least 1
   */
  default Expression repeated(int times) {
    return concat(Collections.nCopies(times, this));
  }

  /**
   * Visits this expression and all within, operands first, in order of appearance. One that is used
   * several times is visited once: what shares its parts is as quick to visit as it is to build.
   */
  default void visit(Consumer<Expression> visitor) {
    Visit.of(this, visitor);
  }

  /**
   * Returns how deep operations nest: 1 for what has no operands, else 1 more than the deepest
   * operand.
   */
  default int depth() {
    IdentityHashMap<Expression, Integer> depths = new IdentityHashMap<>();
    visit(e -> depths.put(e, 1 + e.operands().stream().mapToInt(depths::get).max().orElse(0)));
    return depths.get(this);
  }

  /** Returns the taps that are read, each once, in order of appearance. */
  default List<Tap> taps() {
    Set<Tap> taps = new LinkedHashSet<>();
    visit(e -> taps.addAll(Own.of(e).taps()));
    return List.copyOf(taps);
  }

  /**
   * Returns the parameters that are used, each once, in order of appearance.
   *
   * @throws IllegalArgumentException if two different parameters have one name
   */
  default List<Parameter> parameters() {
    Set<Parameter> parameters = new LinkedHashSet<>();
    visit(e -> parameters.addAll(Own.of(e).parameters()));
    if (parameters.stream().map(Parameter::name).distinct().count() < parameters.size()) {
      throw new IllegalArgumentException(
          "two different parameters of one layer have the same name: "
              + parameters.stream().map(Parameter::name).toList());
    }
    return List.copyOf(parameters);
  }
}
