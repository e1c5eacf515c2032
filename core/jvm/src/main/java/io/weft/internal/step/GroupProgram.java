package io.weft.internal.step;

import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one map group computes at a position: its node's expression, restricted to the group's maps,
 * as a list of instructions, with those of the groups that only it reads, at the same position and
 * nowhere else. Sources (the image and conditions) have none.
 *
 * @param group the index of the map group
 * @param node the name of the node
 * @param width the number of maps
 * @param reads what is read
 * @param instructions in the order of computation; the last one gives the result
 * @param fused the names of other nodes whose groups are computed on the way, and nowhere else
 */
public record GroupProgram(
    int group,
    String node,
    int width,
    List<ReadSegment> reads,
    List<Instruction> instructions,
    List<String> fused) {

  /** Freezes the lists. */
  public GroupProgram {
    reads = List.copyOf(reads);
    instructions = List.copyOf(instructions);
    fused = List.copyOf(fused);
  }

  /** Returns whether the values come from outside: from drawing, or from the user. */
  public boolean isSource() {
    return instructions.isEmpty();
  }

  /** Returns the instructions whose results depend on parameters only: known once weights are. */
  public BitSet constants() {
    BitSet constants = new BitSet();
    for (int i = 0; i < instructions.size(); i++) {
      Instruction instruction = instructions.get(i);
      constants.set(i, !instruction.reads() && instruction.uses().allMatch(constants::get));
    }
    return constants;
  }

  /** Returns how many numbers the matrices have that a call multiplies with. */
  public long weights() {
    return computed()
        .filter(Instruction.Product.class::isInstance)
        .map(Instruction.Product.class::cast)
        .mapToLong(product -> (long) product.rows().size() * product.width())
        .sum();
  }

  /** Returns the instructions that a call computes. */
  Stream<Instruction> computed() {
    BitSet constants = constants();
    return IntStream.range(0, instructions.size())
        .filter(i -> !constants.get(i))
        .mapToObj(instructions::get);
  }
}
