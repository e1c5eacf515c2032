package io.weft.internal.step;

import java.util.List;

/**
 * The calls of a step program in the order in which they are made: which group each computes, at
 * which positions, and the slots that it gathers and writes. Reading it allocates nothing.
 *
 * <p>The calls lie in one array: of each the number n of positions, the positions, n slots to
 * write, and for each read of the group n slots to gather. Only this class knows.
 */
public final class CallTable {

  /** Before the slots to gather: the positions, and the slots to write. */
  private static final int LISTS = 2;

  private final int[] groups;
  private final int[] starts;
  private final int[] numbers;

  private CallTable(int[] groups, int[] starts, int[] numbers) {
    this.groups = groups;
    this.starts = starts;
    this.numbers = numbers;
  }

  /** Takes calls down, one after the other. */
  static final class Builder {
    private final Ints groups = new Ints();
    private final Ints starts = new Ints();
    private final Ints numbers = new Ints();

    /** Begins a call; what it has for each of its {@code n} positions is added, list by list. */
    void call(int group, int n) {
      groups.add(group);
      starts.add(numbers.size());
      numbers.add(n);
    }

    /** Adds a position, then slots to write, then slots to gather. */
    void add(int number) {
      numbers.add(number);
    }

    CallTable build() {
      return new CallTable(groups.toArray(), starts.toArray(), numbers.toArray());
    }
  }

  /**
   * Returns a table in which two halves of some calls, one after the other, come after all others:
   * the first positions of each, and the rest.
   *
   * @param whole of how many positions each is two or more
   */
  CallTable withHalves(List<Integer> whole) {
    Ints of = Ints.from(groups);
    Ints from = Ints.from(starts);
    Ints all = Ints.from(numbers);
    for (int call : whole) {
      int size = size(call);
      half(call, 0, size / 2, of, from, all);
      half(call, size / 2, size, of, from, all);
    }
    return new CallTable(of.toArray(), from.toArray(), all.toArray());
  }

  private void half(int call, int first, int end, Ints of, Ints from, Ints all) {
    of.add(groups[call]);
    from.add(all.size());
    all.add(end - first);
    int size = size(call);
    int next = call + 1 < count() ? starts[call + 1] : numbers.length;
    for (int list = starts[call] + 1; list < next; list += size) {
      for (int p = first; p < end; p++) {
        all.add(numbers[list + p]);
      }
    }
  }

  /** Returns the number of calls. */
  public int count() {
    return groups.length;
  }

  /** Returns the group that a call computes. */
  public int group(int call) {
    return groups[call];
  }

  /** Returns at how many positions a call computes its group. */
  public int size(int call) {
    return numbers[starts[call]];
  }

  /** Returns the position of number {@code p} of a call. */
  public int position(int call, int p) {
    return numbers[starts[call] + 1 + p];
  }

  /** Returns the slot that takes the value at position number {@code p}; 0 if nobody reads it. */
  public int written(int call, int p) {
    return at(written(call) + p);
  }

  /**
   * Returns the slot that a read gathers for position number {@code p}; 0 for what lies outside. Of
   * a set it is the last one: its run of ranks ends there, and rank r lies in slot 1 + r.
   */
  public int gathered(int call, int read, int p) {
    return at(gathers(gathers(call), size(call), read) + p);
  }

  /** Returns where the slots that a call writes are, for {@link #at}. */
  int written(int call) {
    return starts[call] + 1 + size(call);
  }

  /** Returns where the slots that the first read of a call gathers are, for {@link #at}. */
  int gathers(int call) {
    return starts[call] + 1 + LISTS * size(call);
  }

  /**
   * Returns the same for another read: for inner loops, which look nothing up again.
   *
   * @param first where those of the first read are
   * @param n the number of positions
   */
  static int gathers(int first, int n, int read) {
    return first + read * n;
  }

  /** Returns the slot at a place that is made of those above and the number of a position. */
  int at(int place) {
    return numbers[place];
  }
}
