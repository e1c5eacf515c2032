package io.weft.expression;

import java.util.BitSet;
import java.util.List;

/**
 * Which entries of a weight matrix exist: the mask of a masked convolution as structure. What is
 * not connected is multiplied by zero wherever the weights are read, so no optimiser step can bring
 * it to life.
 *
 * @param rows rows of the matrix
 * @param patterns the distinct columns, each the set of rows that it reads
 * @param patternOfColumn for each column of the matrix the index of its pattern
 */
public record Connectivity(int rows, List<BitSet> patterns, List<Integer> patternOfColumn) {

  /** Copies what it is given. */
  public Connectivity {
    patterns = patterns.stream().map(p -> (BitSet) p.clone()).toList();
    patternOfColumn = List.copyOf(patternOfColumn);
  }

  /** Says whether an entry of the matrix exists. */
  @FunctionalInterface
  public interface Rule {
    /** Returns whether column {@code column} reads row {@code row}. */
    boolean connected(int row, int column);
  }

  /** Returns the connectivity in which every column reads every row. */
  public static Connectivity full(int rows, int columns) {
    BitSet all = new BitSet(rows);
    all.set(0, rows);
    return new Connectivity(rows, List.of(all), java.util.Collections.nCopies(columns, 0));
  }

  /** Returns the connectivity that {@code rule} spells out. */
  public static Connectivity of(int rows, int columns, Rule rule) {
    var patterns = new java.util.ArrayList<BitSet>();
    var index = new java.util.HashMap<BitSet, Integer>();
    var ofColumn = new java.util.ArrayList<Integer>(columns);
    for (int c = 0; c < columns; c++) {
      BitSet pattern = new BitSet(rows);
      for (int r = 0; r < rows; r++) {
        if (rule.connected(r, c)) {
          pattern.set(r);
        }
      }
      Integer known = index.putIfAbsent(pattern, patterns.size());
      if (known == null) {
        known = patterns.size();
        patterns.add(pattern);
      }
      ofColumn.add(known);
    }
    return new Connectivity(rows, patterns, ofColumn);
  }

  /** Returns the number of columns. */
  public int columns() {
    return patternOfColumn.size();
  }

  /** Returns whether entry ({@code row}, {@code column}) exists. */
  public boolean connected(int row, int column) {
    return patterns.get(patternOfColumn.get(column)).get(row);
  }

  /** Returns whether every entry exists. */
  public boolean isFull() {
    return patterns.size() == 1 && patterns.get(0).cardinality() == rows;
  }

  /** Returns the row-major matrix of ones and zeros. */
  public float[] mask() {
    int columns = columns();
    float[] mask = new float[rows * columns];
    for (int c = 0; c < columns; c++) {
      BitSet pattern = patterns.get(patternOfColumn.get(c));
      for (int r = pattern.nextSetBit(0); r >= 0; r = pattern.nextSetBit(r + 1)) {
        mask[r * columns + c] = 1;
      }
    }
    return mask;
  }
}
