package io.weft.internal.memory;

import io.weft.define.Definition;
import io.weft.expression.Parameter;
import io.weft.graph.LayerGraph;
import io.weft.graph.Node;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.memory.MemoryException;
import io.weft.spec.ImageSpec;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * About how much memory some work takes beyond what the process holds already: so much for a start,
 * and so much more for each image of those that are worked on at once. It follows from the
 * definition alone, so that work that cannot fit is refused before anything is compiled.
 *
 * <p>The factors are measured: what models of all families hold of their own, in steps of 4 to 512
 * images on two cores, grew by between 0.6 and 1.5 times what is said here. What layers of one's
 * own compute in between is not counted, but for that of recurrences. The precision of training
 * makes no difference.
 */
public final class MemoryNeed {

  private static final Logger LOG = LoggerFactory.getLogger(MemoryNeed.class);

  /** What TensorFlow takes for its threads, buffers and compiled kernels. */
  private static final double START = 100 << 20;

  /** Training keeps nearly every layer's value for the way back. */
  private static final double KEPT = 1.1;

  /** Layers that are computed one after the other let go of what nobody reads any more. */
  private static final double PASSING = 1.5;

  /** Copies of the network's output that its distribution makes: as logits, masses, one-hot. */
  private static final double OUTPUTS = 2;

  /** Weights, two moments, an average, gradients, and what goes to and from them. */
  private static final double TRAINED_WEIGHTS = 8;

  private static final double SCORED_WEIGHTS = 2;

  /** TensorFlow's own loops hold what goes in, what comes out, and what is under way. */
  private static final double LOOPED_CACHES = 3;

  /** XLA changes its caches where they are. */
  private static final double COMPILED_CACHES = 2;

  /** What TensorFlow makes of an instruction of the loops, for each kind of step that has it. */
  private static final double LOOPED_INSTRUCTION = 0.11 * (1 << 20);

  private static final double COMPILED_INSTRUCTION = 0.25 * (1 << 20);

  /** What an operation of a recurrence's front takes, in a graph that goes there and back. */
  private static final double TRAINED_OPERATION = 0.055 * (1 << 20);

  private static final double SCORED_OPERATION = 0.008 * (1 << 20);

  /** Only what is this share of the need, and still too much, is refused: it is an estimate. */
  private static final double SURE = 0.65;

  private final Work work;
  private final double start;
  private final double perImage;

  private MemoryNeed(Work work, double start, double perImage) {
    this.work = work;
    this.start = start;
    this.perImage = perImage;
  }

  /** Returns what training a definition takes, for the images of one step. */
  public static MemoryNeed ofTraining(Definition definition) {
    Unrolled recurrences = Unrolled.of(definition);
    double kept = features(definition) + Float.BYTES * recurrences.kept();
    return new MemoryNeed(
        Work.TRAINING,
        START
            + TRAINED_WEIGHTS * weights(definition)
            + TRAINED_OPERATION * recurrences.operations(),
        KEPT * kept + OUTPUTS * output(definition));
  }

  /** Returns what scoring under a definition takes, for the images of one batch. */
  public static MemoryNeed ofScoring(Definition definition) {
    return new MemoryNeed(
        Work.SCORING,
        START
            + SCORED_WEIGHTS * weights(definition)
            + SCORED_OPERATION * Unrolled.of(definition).operations(),
        PASSING * mostAlive(definition) + OUTPUTS * output(definition));
  }

  /** Returns what drawing on the JVM takes of Java's heap, for the images in lockstep. */
  public static MemoryNeed ofDrawing(StepProgram program) {
    return new MemoryNeed(
        Work.DRAWING, 0, Float.BYTES * ((double) program.cacheFloats() + program.steps()));
  }

  /**
   * Returns what coding takes of Java's heap, for the images of a block.
   *
   * @param program of the model, or of a tile's size
   * @param image the images
   */
  public static MemoryNeed ofCoding(StepProgram program, ImageSpec image) {
    double drawing = Float.BYTES * ((double) program.cacheFloats() + program.steps());
    double intervals = 2.0 * Integer.BYTES * program.steps();
    double order = 4.0 * Integer.BYTES * image.pixels();
    return new MemoryNeed(Work.CODING, order, drawing + intervals + 2.0 * image.values());
  }

  /** Returns what drawing on TensorFlow takes, for the images in lockstep. */
  public static MemoryNeed ofDrawingOnTensorFlow(StepProgram program, TensorFlowLoops loops) {
    double caches = Float.BYTES * (double) program.cacheFloats();
    int instructions = program.instructionsOfKinds();
    return switch (loops) {
      case PLAIN ->
          new MemoryNeed(
              Work.DRAWING_ON_TENSORFLOW,
              START + LOOPED_INSTRUCTION * instructions,
              LOOPED_CACHES * caches);
      case XLA ->
          new MemoryNeed(
              Work.DRAWING_ON_TENSORFLOW,
              START + COMPILED_INSTRUCTION * instructions,
              COMPILED_CACHES * caches);
    };
  }

  /** Returns about how many bytes it is for some images at once. */
  public long bytes(int images) {
    return (long) (start + images * perImage);
  }

  /**
   * Checks that there is memory for some images at once. Where all that there is would do, but much
   * of it is in use, the log says so.
   *
   * @throws MemoryException if there is not
   */
  public void check(int images) {
    Optional<Room> room = work.room();
    if (room.isEmpty()) {
      return;
    }
    if (SURE * bytes(images) > room.get().total()) {
      throw refused(images, room.get());
    }
    if (bytes(images) > room.get().available()) {
      LOG.warn("{}, and {}", inWords(images), room.get().inWords());
    }
  }

  /**
   * Returns how many images at once there is memory for.
   *
   * @param most at least 1
   * @return from 1 to {@code most}
   * @throws MemoryException if there is not enough for one
   */
  public int atMost(int most) {
    int fitting = work.room().map(room -> fitting(room.available(), most)).orElse(most);
    if (fitting == 0) {
      check(1);
    }
    return Math.max(1, fitting);
  }

  /** Returns how many images fit into so many bytes, 0 for none. */
  int fitting(long bytes, int most) {
    return (int) Math.max(0, Math.min(most, (bytes - start) / perImage));
  }

  private MemoryException refused(int images, Room room) {
    int fitting = fitting(room.available(), images);
    return new MemoryException(
        inWords(images)
            + ", and "
            + room.inWords()
            + (fitting > 0 ? "; " + fitting + " at a time would fit" : ""),
        work.advice(),
        fitting);
  }

  private String inWords(int images) {
    return work.of(images) + " needs about " + Bytes.inWords((double) bytes(images));
  }

  private static double weights(Definition definition) {
    return Float.BYTES
        * definition.graph().parameters().values().stream().mapToDouble(Parameter::size).sum();
  }

  private static double output(Definition definition) {
    return bytes(definition.graph().outputNode());
  }

  private static double features(Definition definition) {
    LayerGraph graph = definition.graph();
    boolean[] live = graph.live();
    double bytes = 0;
    for (int i = 0; i < live.length; i++) {
      bytes += live[i] ? bytes(graph.nodes().get(i)) : 0;
    }
    return bytes;
  }

  /** The most that is alive at a time while the layers are computed one after the other. */
  private static double mostAlive(Definition definition) {
    List<Node> nodes = definition.graph().nodes();
    boolean[] live = definition.graph().live();
    int[] lastReader = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      if (live[i]) {
        for (int source : nodes.get(i).sources()) {
          lastReader[source] = i;
        }
      }
    }
    double alive = 0;
    double most = 0;
    for (int i = 0; i < nodes.size(); i++) {
      if (live[i]) {
        alive += bytes(nodes.get(i));
        most = Math.max(most, alive);
        for (int source : nodes.get(i).sources().stream().distinct().toList()) {
          alive -= lastReader[source] == i ? bytes(nodes.get(source)) : 0;
        }
      }
    }
    return most;
  }

  private static double bytes(Node node) {
    return (double) Float.BYTES * node.shape().positions() * node.shape().maps();
  }
}
