package io.weft.internal.step;

import io.weft.internal.Evenly;
import io.weft.internal.random.SplitMix;
import io.weft.internal.thread.ThreadLimit;
import io.weft.internal.thread.Together;
import io.weft.spec.Condition;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Where the time of drawing on the JVM goes. Images are drawn as a sampler draws them whose caller
 * asks for whole images: in sessions of the executor's size, which meet as {@link Pace#timed} says;
 * every call of the inner loops is timed, which itself takes some time. Each session is drawn by
 * one thread: with the few images in which a second one would help, this is where the time of one
 * goes.
 *
 * @param parts what was done, the longest first; times are those of all threads together
 * @param seconds from the first step to the last
 * @param threads how many there were
 */
public record StepProfile(List<Part> parts, double seconds, int threads) {

  /** Java is warm after so long, or after one image where that takes longer. */
  private static final double WARM_SECONDS = 2;

  /** What time is spent on. */
  public enum Kind {
    /** Products of rows and a weight matrix. */
    PRODUCT,
    /** Scores, weights and sums of attention. */
    ATTENTION,
    /** Functions of each number: gates, activations, sums. */
    ELEMENTWISE,
    /** Gathering what products read, putting results into caches, and what else a call does. */
    MOVES,
    /** The distribution of each value, its draw, and putting it into the image. */
    DRAW,
    /** Threads that wait for each other. */
    WAITING;

    /** Returns the name in small letters. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Time of one sort.
   *
   * @param kind what for
   * @param what the shapes of a product, the name of a function, or nothing
   * @param calls how many; 0 where they are not counted
   * @param seconds of all threads together
   * @param flops floating point operations of products, else 0
   */
  public record Part(Kind kind, String what, long calls, double seconds, double flops) {}

  /** Copies the list. */
  public StepProfile {
    parts = List.copyOf(parts);
  }

  /**
   * Draws images again and again until the JIT compiler has seen enough, and returns the profile of
   * the last time.
   *
   * @param images in lockstep, at least 1
   */
  public static StepProfile of(JvmStepExecutor executor, int images, StepWalk.Given given) {
    int sessions = executor.sessions(images, ThreadLimit.all());
    List<Share> shares = new ArrayList<>();
    for (int s = 0; s < sessions; s++) {
      int from = Evenly.first(images, sessions, s);
      int to = Evenly.first(images, sessions, s + 1);
      shares.add(new Share(executor, from, to - from, given));
    }
    double warm = 0;
    do {
      warm += drawn(executor.program(), shares);
      shares.forEach(Share::clear);
    } while (warm < WARM_SECONDS);
    double seconds = drawn(executor.program(), shares);
    int threads = Math.min(sessions, ThreadLimit.all());
    return new StepProfile(parts(shares, seconds * threads), seconds, threads);
  }

  private static double drawn(StepProgram program, List<Share> shares) {
    ImageSpec image = program.definition().image();
    Pace pace = Pace.timed(image.width() * image.channels(), program.steps());
    long started = System.nanoTime();
    for (int step = 0; step < program.steps(); ) {
      int from = step;
      int to = Math.min(step + pace.steps(), program.steps());
      long began = System.nanoTime();
      Together.forEach(shares.size(), s -> shares.get(s).draw(from, to));
      pace.took(System.nanoTime() - began);
      step = to;
    }
    return (System.nanoTime() - started) / 1e9;
  }

  private static List<Part> parts(List<Share> shares, double seconds) {
    Map<String, Part> sums = new TreeMap<>();
    for (Share share : shares) {
      for (Part part : share.parts()) {
        sums.merge(part.kind + part.what, part, StepProfile::sum);
      }
    }
    double busy = sums.values().stream().mapToDouble(Part::seconds).sum();
    List<Part> all = new ArrayList<>(sums.values());
    all.add(new Part(Kind.WAITING, "", 0, Math.max(0, seconds - busy), 0));
    all.sort(Comparator.comparingDouble(Part::seconds).reversed());
    return all;
  }

  private static Part sum(Part a, Part b) {
    return new Part(a.kind, a.what, a.calls + b.calls, a.seconds + b.seconds, a.flops + b.flops);
  }

  /** Some of the images, in a session of their own. */
  private static final class Share {
    private final StepProgram program;
    private final ImageSpec image;
    private final TimedKernels kernels;
    private final StepSession session;
    private final LevelDraw levels;
    private final float[] parameters;
    private final SplitMix random;
    private long computing;
    private long drawing;

    Share(JvmStepExecutor executor, int first, int images, StepWalk.Given given) {
      program = executor.program();
      image = program.definition().image();
      kernels = new TimedKernels(executor.loops().kernels());
      session = executor.open(images, kernels);
      levels = new LevelDraw(program.definition().distribution(), image, executor.loops());
      parameters = new float[images * program.parameters()];
      random = SplitMix.of(1, first);
      for (Condition condition : program.definition().conditions()) {
        IntStream.range(0, images)
            .forEach(i -> session.give(i, condition, given.feature(first + i, condition)));
      }
    }

    void draw(int from, int to) {
      for (int step = from; step < to; step++) {
        long started = System.nanoTime();
        session.compute(step, parameters);
        long computed = System.nanoTime();
        choose(step);
        computing += computed - started;
        drawing += System.nanoTime() - computed;
      }
    }

    private void choose(int step) {
      int channel = program.channel(step);
      for (int i = 0; i < session.images(); i++) {
        int offset = i * program.parameters();
        int level = levels.draw(parameters, offset, channel, 1, random.nextDouble());
        session.write(step, i, image.scaled(level));
      }
    }

    void clear() {
      kernels.clear();
      computing = 0;
      drawing = 0;
    }

    List<Part> parts() {
      List<Part> parts = new ArrayList<>(kernels.parts());
      parts.add(new Part(Kind.MOVES, "", 0, (computing - kernels.nanos()) / 1e9, 0));
      parts.add(new Part(Kind.DRAW, "", 0, drawing / 1e9, 0));
      return parts;
    }
  }
}
