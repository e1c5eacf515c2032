package io.weft.prove;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.internal.prove.MapGroups;
import io.weft.internal.prove.Reach;
import io.weft.model.GatedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.testing.LayerSample;
import io.weft.testing.RandomGraphs;
import io.weft.testing.RandomWeights;
import io.weft.testing.ReferenceNetwork;
import io.weft.testing.SlowChecks;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The algebra against brute force: changes every image value in turn, evaluates the whole network
 * in double precision, and sees which output maps change at which positions.
 */
class BruteForceTest {

  private static final int DRAWS = 40;

  static Stream<Definition> definitions() {
    ImageSpec grey = new ImageSpec(5, 5, 1, 3);
    ImageSpec colour = new ImageSpec(3, 4, 3, 2);
    return Stream.concat(
        Stream.of(
            PixelCnn.of(grey, 1, 2, 3),
            PixelCnn.of(colour, 1, 3, 3),
            PixelCnn.textbook(colour, 2, 3, 3),
            GatedPixelCnn.of(grey, 1, 2, 3),
            GatedPixelCnn.classConditional(colour, 3, 1, 3, 3)),
        Stream.concat(
            LongStream.range(1000, 1040).mapToObj(RandomGraphs::of),
            LongStream.range(2000, 2020).mapToObj(RandomGraphs::ordered)));
  }

  /**
   * Nothing changes that the algebra says is independent, for any weights; and all that it says is
   * dependent changes for some weights (a ReLU may be shut, a sigmoid flat, for others).
   */
  @ParameterizedTest
  @MethodSource("definitions")
  void whatChangesIsWhatIsReached(Definition definition) {
    BitSet[] reached = reached(definition);
    BitSet[] changed = Stream.generate(BitSet::new).limit(reached.length).toArray(BitSet[]::new);
    for (int draw = 0; draw < DRAWS && !List.of(changed).equals(List.of(reached)); draw++) {
      addChanges(definition, draw, changed);
      for (int output = 0; output < reached.length; output++) {
        BitSet surplus = (BitSet) changed[output].clone();
        surplus.andNot(reached[output]);
        assertTrue(surplus.isEmpty(), () -> definition + " also sees " + surplus);
      }
    }
    for (int output = 0; output < reached.length; output++) {
      assertEquals(reached[output], changed[output], definition + ", output " + output);
    }
  }

  /** Whatever layer comes to a random graph as a guest, attention and recurrences among them. */
  @ParameterizedTest
  @MethodSource("io.weft.testing.LayerSamples#all")
  void nothingElseChangesBesideAnyLayer(LayerSample sample) {
    for (int seed = 0; seed < SlowChecks.times(1, 10); seed++) {
      Definition definition = RandomGraphs.with(sample, seed);
      BitSet[] reached = reached(definition);
      BitSet[] changed = Stream.generate(BitSet::new).limit(reached.length).toArray(BitSet[]::new);
      addChanges(definition, seed, changed);
      for (int output = 0; output < reached.length; output++) {
        changed[output].andNot(reached[output]);
        assertTrue(changed[output].isEmpty(), definition + " also sees " + changed[output]);
      }
    }
  }

  /** For every output value, [position, map], the image values that the algebra says it sees. */
  private static BitSet[] reached(Definition definition) {
    MapGroups groups = definition.proof().groups();
    int node = definition.graph().output();
    int maps = definition.graph().outputNode().shape().maps();
    int channels = definition.image().channels();
    BitSet[] reached = new BitSet[definition.image().pixels() * maps];
    for (int output = 0; output < reached.length; output++) {
      Reach reach = Reach.of(groups, groups.ofMap(node, output % maps), output / maps);
      reached[output] = new BitSet();
      for (int value = 0; value < definition.image().values(); value++) {
        reached[output].set(value, reach.contains(value / channels, value % channels));
      }
    }
    return reached;
  }

  private static void addChanges(Definition definition, int draw, BitSet[] changed) {
    SplittableRandom random = new SplittableRandom(draw);
    ReferenceNetwork network = new ReferenceNetwork(definition, RandomWeights.of(definition, draw));
    ConditionValues conditions = RandomGraphs.conditions(definition, random);
    int[] image = RandomGraphs.image(definition, random);
    double[][] before = network.output(image, conditions);
    int maps = before[0].length;
    for (int value = 0; value < image.length; value++) {
      int level = image[value];
      image[value] = (level + 1) % definition.image().levels();
      double[][] after = network.output(image, conditions);
      image[value] = level;
      for (int output = 0; output < changed.length; output++) {
        if (before[output / maps][output % maps] != after[output / maps][output % maps]) {
          changed[output].set(value);
        }
      }
    }
  }
}
