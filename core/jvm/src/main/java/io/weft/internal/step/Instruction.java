package io.weft.internal.step;

import io.weft.expression.Binary;
import io.weft.expression.Connectivity;
import io.weft.expression.Unary;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A step primitive. It gives a block of [rows, width] values, one row for each position and image;
 * instructions are numbered, and refer to earlier ones by number.
 */
public sealed interface Instruction {

  /** Returns the number of values in a row. */
  int width();

  /** Returns the numbers of the instructions whose results are used. */
  IntStream uses();

  /** Returns whether a read segment is used. */
  boolean reads();

  /** Returns the runs of values that are copied or multiplied, side by side; none for others. */
  List<MapRun> runs();

  /**
   * Returns the floating point operations for some rows. An elementwise function counts as one;
   * what lies outside the image, or is masked there, is not multiplied.
   *
   * @param rows how many
   * @param read for each read segment of the group how many slots are read for these rows
   */
  long flops(long rows, long[] read);

  /** Returns the answer of {@code cases} for this kind of instruction. */
  <R> R match(Cases<R> cases);

  /**
   * An answer for every kind of instruction. Each engine implements this, so that the compiler
   * wants an answer from it for each kind that is added.
   *
   * @param <R> what is answered
   */
  interface Cases<R> {
    /** Values of a parameter vector. */
    R parameter(Parameter instruction);

    /** Norms of the columns of a matrix. */
    R columnNorms(ColumnNorms instruction);

    /** Given numbers. */
    R numbers(Numbers instruction);

    /** Runs side by side. */
    R copy(Copy instruction);

    /** A matrix product. */
    R product(Product instruction);

    /** A row of a table. */
    R lookup(LookupStep instruction);

    /** An elementwise function of one value. */
    R unary(UnaryStep instruction);

    /** The mean of a row. */
    R mean(MeanStep instruction);

    /** An elementwise function of two values. */
    R binary(BinaryStep instruction);

    /** Attention to the cached values of a run of slots. */
    R attend(Attend instruction);
  }

  /**
   * Some values of a parameter vector, the same in every row.
   *
   * @param parameter the full name
   * @param columns which values
   */
  record Parameter(String parameter, List<Integer> columns) implements Instruction {
    /** Freezes the list. */
    public Parameter {
      columns = List.copyOf(columns);
    }

    @Override
    public int width() {
      return columns.size();
    }

    @Override
    public IntStream uses() {
      return IntStream.empty();
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.parameter(this);
    }
  }

  /**
   * The Euclidean norms of some columns of a matrix, the same in every row.
   *
   * @param parameter the full name
   * @param columns which columns
   * @param connectivity which entries of the whole matrix exist
   */
  record ColumnNorms(String parameter, List<Integer> columns, Connectivity connectivity)
      implements Instruction {
    /** Freezes the list. */
    public ColumnNorms {
      columns = List.copyOf(columns);
    }

    @Override
    public int width() {
      return columns.size();
    }

    @Override
    public IntStream uses() {
      return IntStream.empty();
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.columnNorms(this);
    }
  }

  /**
   * Given numbers, the same in every row.
   *
   * @param values the numbers
   */
  record Numbers(List<Float> values) implements Instruction {
    /** Freezes the list. */
    public Numbers {
      values = List.copyOf(values);
    }

    @Override
    public int width() {
      return values.size();
    }

    @Override
    public IntStream uses() {
      return IntStream.empty();
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.numbers(this);
    }
  }

  /**
   * Runs of other values side by side.
   *
   * @param runs what is copied
   * @param width the sum of their lengths
   */
  record Copy(List<MapRun> runs, int width) implements Instruction {
    /** Freezes the list. */
    public Copy {
      runs = List.copyOf(runs);
    }

    @Override
    public IntStream uses() {
      return MapRun.uses(runs);
    }

    @Override
    public boolean reads() {
      return MapRun.reads(runs);
    }

    @Override
    public long flops(long rows, long[] read) {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.copy(this);
    }
  }

  /**
   * A product with part of a weight matrix, its columns multiplied by factors, plus a bias.
   *
   * @param runs what is multiplied, one value for each of {@code rows}
   * @param parameter the full name of the matrix
   * @param rows the rows of the matrix that are used, in the order of {@code runs}
   * @param columns the columns of the matrix that are used
   * @param connectivity which entries of the whole matrix exist
   * @param factors the number of the instruction that gives a factor for each column, or {@link
   *     #NONE}; it depends on parameters only
   * @param bias the number of the instruction that gives the bias, or {@link #NONE}; it depends on
   *     parameters only
   */
  record Product(
      List<MapRun> runs,
      String parameter,
      List<Integer> rows,
      List<Integer> columns,
      Connectivity connectivity,
      int factors,
      int bias)
      implements Instruction {

    /** The factors or the bias of a product without. */
    public static final int NONE = -1;

    /** Freezes the lists. */
    public Product {
      runs = List.copyOf(runs);
      rows = List.copyOf(rows);
      columns = List.copyOf(columns);
    }

    @Override
    public int width() {
      return columns.size();
    }

    @Override
    public IntStream uses() {
      IntStream values = MapRun.uses(runs);
      return IntStream.concat(values, IntStream.of(factors, bias).filter(i -> i != NONE));
    }

    @Override
    public boolean reads() {
      return MapRun.reads(runs);
    }

    @Override
    public long flops(long rows, long[] read) {
      return 2L
          * columns.size()
          * runs.stream()
              .mapToLong(r -> r.length() * (r.isRead() ? read[r.segment()] : rows))
              .sum();
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.product(this);
    }
  }

  /**
   * The row of a table that a value stands for ({@link io.weft.expression.Expression.Lookup}).
   *
   * @param runs where the value is found: one run of one value
   * @param table the full name of the table
   * @param from the row of level 0
   * @param levels how many rows belong to the value
   * @param columns the columns of the table that are used
   */
  record LookupStep(List<MapRun> runs, String table, int from, int levels, List<Integer> columns)
      implements Instruction {
    /** Freezes the lists. */
    public LookupStep {
      runs = List.copyOf(runs);
      columns = List.copyOf(columns);
    }

    @Override
    public int width() {
      return columns.size();
    }

    @Override
    public IntStream uses() {
      return MapRun.uses(runs);
    }

    @Override
    public boolean reads() {
      return MapRun.reads(runs);
    }

    @Override
    public long flops(long rows, long[] read) {
      return 0;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.lookup(this);
    }
  }

  /**
   * An elementwise function of one value.
   *
   * @param function the function
   * @param operand the number of the instruction that it is applied to
   * @param width values in a row
   */
  record UnaryStep(Unary function, int operand, int width) implements Instruction {
    @Override
    public IntStream uses() {
      return IntStream.of(operand);
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return rows * width;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.unary(this);
    }
  }

  /**
   * The mean of all values of a row, as often as is asked for.
   *
   * @param operand the number of the instruction that gives the values
   * @param count how many values they are
   * @param width how often the mean is given
   */
  record MeanStep(int operand, int count, int width) implements Instruction {
    @Override
    public IntStream uses() {
      return IntStream.of(operand);
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return rows * count;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.mean(this);
    }
  }

  /**
   * An elementwise function of two values.
   *
   * @param function the function
   * @param left the number of the instruction that gives the first operand
   * @param right the number of the instruction that gives the second operand
   * @param width values in a row
   */
  record BinaryStep(Binary function, int left, int right, int width) implements Instruction {
    @Override
    public IntStream uses() {
      return IntStream.of(left, right);
    }

    @Override
    public boolean reads() {
      return false;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return rows * width;
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.binary(this);
    }
  }

  /**
   * Attention: for each head the values of a run of slots, weighted with softmax(q . k / sqrt(d));
   * over no slots 0. The run of a row is that of the segment which {@link #segment} says: the table
   * has its end.
   *
   * @param query the number of the instruction that gives the queries of all heads, side by side
   * @param keys the keys of all heads, side by side: reads of sets
   * @param values the values that are asked for, those of the first head first: reads of sets
   * @param widths for each head the number of values
   * @param scale what a product of query and key is multiplied by
   */
  record Attend(
      int query, List<MapRun> keys, List<MapRun> values, List<Integer> widths, float scale)
      implements Instruction {
    /** Freezes the lists. */
    public Attend {
      keys = List.copyOf(keys);
      values = List.copyOf(values);
      widths = List.copyOf(widths);
    }

    /** Returns the index of a read segment: all of them read the same run of slots. */
    public int segment() {
      return keys.get(0).segment();
    }

    /** Returns the numbers in the queries of all heads. */
    public int queryWidth() {
      return keys.stream().mapToInt(MapRun::length).sum();
    }

    /** Returns the width of a head's query and key. */
    public int keyWidth() {
      return queryWidth() / widths.size();
    }

    @Override
    public int width() {
      return widths.stream().mapToInt(w -> w).sum();
    }

    @Override
    public IntStream uses() {
      return IntStream.of(query);
    }

    @Override
    public boolean reads() {
      return true;
    }

    @Override
    public List<MapRun> runs() {
      return List.of();
    }

    @Override
    public long flops(long rows, long[] read) {
      return (2L * (queryWidth() + width()) + 3L * widths.size()) * read[segment()];
    }

    @Override
    public <R> R match(Cases<R> cases) {
      return cases.attend(this);
    }
  }
}
