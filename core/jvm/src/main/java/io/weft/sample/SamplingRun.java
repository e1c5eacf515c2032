package io.weft.sample;

import io.weft.complete.KnownPixels;
import io.weft.internal.Evenly;
import io.weft.internal.step.DrawingSession;
import io.weft.internal.step.Pace;
import io.weft.internal.step.StepExecutor;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.StepSession;
import io.weft.internal.thread.Aside;
import io.weft.internal.thread.Interruption;
import io.weft.internal.thread.Lease;
import io.weft.internal.thread.OneThread;
import io.weft.internal.thread.ThreadLimit;
import io.weft.internal.thread.Together;
import io.weft.internal.thread.Turns;
import io.weft.order.GenerationOrder;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Some images in lockstep, drawn one colour value at a time, as far as the caller asks. Before a
 * value is drawn its {@linkplain #parameters parameters} can be read, and it can be {@linkplain
 * #force forced}. Where images are completed, the run passes over known pixels as over others, but
 * takes their levels and computes only what missing ones need. A step of many images is spread over
 * the threads of the common pool; this itself is for one thread at a time. An interrupt of that
 * thread closes it. See {@link io.weft}.
 */
public final class SamplingRun implements Lockstep {

  /** In place of a level: to be drawn. */
  private static final int FREE = DrawingSession.FREE;

  private final StepProgram program;
  private final Lease<StepExecutor> engine;
  private final ImageSpec image;
  private final long seed;
  private final long firstImage;

  /** What is known of each image; empty where nothing is. */
  private final List<KnownPixels> known;

  private final int[][] levels;
  private final int[] forced;
  private final List<Share> shares = new ArrayList<>();

  private final Pace pace;

  private int step;

  /** The step up to which values are drawn, or are being drawn; at least {@code step}. */
  private int reached;

  private boolean computed;
  private final OneThread guard = new OneThread("this run");
  private final Turns sessions = new Turns(this::closeSessions);

  /**
   * Starts a run.
   *
   * @param engine given back when the run is closed, or does not come about
   */
  SamplingRun(
      Lease<StepExecutor> engine,
      long seed,
      long firstImage,
      List<ConditionValues> conditions,
      List<KnownPixels> known,
      double temperature,
      Portion portion) {
    this.engine = engine;
    this.seed = seed;
    this.firstImage = firstImage;
    this.known = known;
    boolean ready = false;
    try {
      StepExecutor executor = engine.value();
      this.program = executor.program();
      this.image = program.definition().image();
      this.pace = pace(portion, image);
      int images = conditions.size();
      this.levels = new int[images][image.values()];
      for (int i = 0; i < known.size(); i++) {
        levels[i] = known.get(i).levels();
      }
      checkProgram();
      this.forced = new int[images];
      Arrays.fill(forced, FREE);
      // Threads that meet after every row wait for each other longer than a row of few images
      // takes.
      int threads = portion == Portion.IMAGE ? ThreadLimit.all() : 1;
      int sessions = executor.sessions(images, threads);
      for (int s = 0; s < sessions; s++) {
        int from = Evenly.first(images, sessions, s);
        int to = Evenly.first(images, sessions, s + 1);
        StepSession session =
            sessions == 1 ? executor.openHelped(to - from) : executor.open(to - from);
        shares.add(new Share(session, from, temperature));
      }
      for (Share share : shares) {
        share.give(conditions);
      }
      ready = true;
    } finally {
      if (!ready) {
        close();
      }
    }
  }

  /** A program that is given pixels computes nothing that could take their place. */
  private void checkProgram() {
    for (int s = 0; s < program.knownSteps(); s++) {
      int position = program.position(s);
      for (int i = 0; i < images(); i++) {
        if (!isKnown(i, position)) {
          throw new IllegalArgumentException(
              "the program completes images whose first "
                  + program.knownSteps() / image.channels()
                  + " pixels are known, but "
                  + place(position)
                  + " of image "
                  + (firstImage + i)
                  + " is missing; take StepProgram.of, or images that are known there");
        }
      }
    }
  }

  /** Returns the number of images. */
  @Override
  public int images() {
    return levels.length;
  }

  /** Returns the index of the first image; the others follow. */
  @Override
  public long firstImage() {
    return firstImage;
  }

  /** Returns the order in which pixels are drawn. */
  @Override
  public GenerationOrder order() {
    return program.definition().graph().order();
  }

  /**
   * Returns whether a pixel of an image is known, and so not drawn.
   *
   * @param index the image within the run, from 0
   */
  @Override
  public boolean isKnown(int index, int position) {
    Objects.checkIndex(index, images());
    return !known.isEmpty() && known.get(index).mask().isKnown(position);
  }

  /** Returns whether every value is drawn. */
  public boolean isDone() {
    return step == program.steps();
  }

  /**
   * Returns the row-major position of the pixel whose value is drawn next.
   *
   * @throws IllegalStateException if all are drawn
   */
  public int position() {
    checkOpen();
    return program.position(step);
  }

  /**
   * Returns the colour channel whose value is drawn next.
   *
   * @throws IllegalStateException if all are drawn
   */
  public int channel() {
    checkOpen();
    return program.channel(step);
  }

  /**
   * Returns the parameters of the distribution that the next value of an image is drawn from,
   * before temperature, as {@link io.weft.distribution.Distribution} says: one logit for each
   * level, the one of a Bernoulli distribution, or those of a mixture.
   *
   * @param index the image within the run, from 0
   * @throws IllegalStateException if the value is known, all values are drawn, or the run or its
   *     model is closed
   */
  public float[] parameters(int index) {
    return guard.use(
        () -> {
          checkToBeDrawn(index);
          Share share = computed(index);
          int from = share.from(index);
          return Arrays.copyOfRange(
              share.parameters, from, from + program.parameters(program.channel(step)));
        });
  }

  /**
   * Returns the distribution that the next value of an image is drawn from at temperature 1: the
   * probability of each level. At temperature T these are raised to the power 1/T, and divided by
   * their sum.
   *
   * @param index the image within the run, from 0
   * @throws IllegalStateException if the value is known, all values are drawn, or the run or its
   *     model is closed
   * @throws ArithmeticException if a parameter is not finite; the message names the pixel
   */
  public double[] probabilities(int index) {
    return guard.use(
        () -> {
          checkToBeDrawn(index);
          Share share = computed(index);
          return share.probabilities(index - share.first, program.channel(step));
        });
  }

  private Share computed(int index) {
    compute();
    return shares.stream().filter(s -> index < s.first + s.count()).findFirst().orElseThrow();
  }

  /**
   * Has the next value of an image be {@code level} instead of drawn.
   *
   * @param index the image within the run, from 0
   * @throws IllegalArgumentException if the level is out of range
   * @throws IllegalStateException if the value is known, all values are drawn, or the run is closed
   */
  public void force(int index, int level) {
    checkToBeDrawn(index);
    if (level < 0 || level >= image.levels()) {
      throw new IllegalArgumentException(
          "levels are 0 to " + (image.levels() - 1) + ", found " + level);
    }
    guard.use(() -> forced[index] = level);
  }

  /**
   * Draws one colour value of every image, or takes the known one.
   *
   * @throws IllegalStateException if all values are drawn, or the run or its model is closed
   * @throws ArithmeticException if a parameter is not finite; the message names the pixel
   */
  public void advance() {
    guard.use(this::drawNext);
  }

  private void drawNext() {
    checkModelOpen();
    checkOpen();
    if (step == reached) {
      long started = System.nanoTime();
      reached = Math.min(step + pace.steps(), program.steps());
      work(Share::draw);
      pace.took(System.nanoTime() - started);
    }
    Arrays.fill(forced, FREE);
    computed = false;
    step++;
  }

  /**
   * Draws the remaining colour values of one pixel of every image, or takes the known ones.
   *
   * @return the row-major position of the pixel
   * @throws IllegalStateException if all values are drawn, or the run or its model is closed
   * @throws ArithmeticException if a parameter is not finite; the message names the pixel
   */
  @Override
  public int advancePixel() {
    return guard.use(
        () -> {
          checkModelOpen();
          int position = position();
          do {
            drawNext();
          } while (step % image.channels() != 0);
          return position;
        });
  }

  /**
   * Returns a level that is known, was drawn or forced; 0 where nothing is drawn yet.
   *
   * @param index the image within the run, from 0
   */
  @Override
  public int level(int index, int position, int channel) {
    return levels[index][position * image.channels() + channel];
  }

  /**
   * Returns a finished image.
   *
   * @param index the image within the run, from 0
   * @throws IllegalStateException if not every value is drawn
   */
  public SampledImage image(int index) {
    if (!isDone()) {
      throw new IllegalStateException(
          "image " + (firstImage + index) + " is not finished; advance the run until isDone()");
    }
    return new SampledImage(firstImage + index, image, levels[index].clone());
  }

  /**
   * Releases the caches, when the call that another thread has in hand is done. What has been drawn
   * can still be read. Closing again does nothing.
   */
  @Override
  public void close() {
    guard.afterwards(sessions::close);
  }

  private void closeSessions() {
    shares.forEach(s -> s.session.close());
    shares.clear();
    engine.close();
  }

  /** A run whose model is closed releases what it holds, whoever still has it. */
  private void checkModelOpen() {
    try {
      engine.checkOpen();
    } catch (IllegalStateException e) {
      sessions.close();
      throw e;
    }
  }

  private void checkOpen() {
    if (sessions.isClosed()) {
      throw new IllegalStateException("this run is closed; start another");
    }
    if (isDone()) {
      throw new IllegalStateException("all values of these images are drawn; start another run");
    }
  }

  private static Pace pace(Portion portion, ImageSpec image) {
    int row = image.width() * image.channels();
    return switch (portion) {
      case VALUE, PIXEL -> Pace.steady(1);
      case ROW -> Pace.steady(row);
      case IMAGE -> Pace.timed(row, image.values());
    };
  }

  private void checkToBeDrawn(int index) {
    int position = position();
    if (isKnown(index, position)) {
      throw new IllegalStateException(
          "pixel "
              + place(position)
              + " of image "
              + (firstImage + index)
              + " is known: it keeps its level, and nothing is drawn");
    }
  }

  private String place(int position) {
    return "(" + position / image.width() + ", " + position % image.width() + ")";
  }

  /** The level that a value is to take at a step from the next one on, or {@link #FREE}. */
  private int given(int index, int then) {
    int position = program.position(then);
    if (isKnown(index, position)) {
      return level(index, position, program.channel(then));
    }
    return then == step ? forced[index] : FREE;
  }

  private void compute() {
    if (!computed) {
      checkModelOpen();
      work(Share::compute);
      computed = true;
    }
  }

  /** Does a piece of work. A run that fails is closed: its shares are apart. */
  private void work(Consumer<Share> piece) {
    boolean done = false;
    try {
      Interruption.check();
      if (shares.get(0).session instanceof DrawingSession) {
        Aside.orLeave(() -> inTurn(piece));
      } else {
        inTurn(piece);
      }
      done = true;
    } finally {
      if (!done) {
        sessions.close();
      }
    }
  }

  /** If this was left, the sessions are freed when the work ends by itself. */
  private void inTurn(Consumer<Share> piece) {
    sessions.take(
        () -> {
          Together.forEach(shares.size(), share -> piece.accept(shares.get(share)));
          return true;
        });
  }

  /** A session's share of the images. */
  private final class Share {
    final StepSession session;
    final int first;
    final float[] parameters;
    final ValueDraw drawing;
    final double temperature;

    /** The step after the last one that draws a value: from there on nothing is computed. */
    final int end;

    /** The levels of the steps from {@code drawnFrom} to {@code drawnTo} of a drawing session. */
    int[] drawn = {};

    int drawnFrom;
    int drawnTo;

    Share(StepSession session, int first, double temperature) {
      this.temperature = temperature;
      this.session = session;
      this.first = first;
      this.parameters = new float[session.images() * program.parameters()];
      this.drawing = new ValueDraw(program.definition().distribution(), image, temperature);
      BitSet knownSteps = new BitSet();
      for (int s = 0; s < program.steps() && !known.isEmpty(); s++) {
        int position = program.position(s);
        knownSteps.set(
            s, IntStream.range(first, first + count()).allMatch(i -> isKnown(i, position)));
      }
      this.end = knownSteps.previousClearBit(program.steps() - 1) + 1;
      if (!knownSteps.isEmpty()) {
        session.know(knownSteps);
      }
    }

    int count() {
      return session.images();
    }

    /** Returns where the parameters of an image of the run begin. */
    int from(int index) {
      return (index - first) * program.parameters();
    }

    void give(List<ConditionValues> conditions) {
      IntStream.range(0, count())
          .forEach(
              b ->
                  program
                      .definition()
                      .conditions()
                      .forEach(c -> session.give(b, c, conditions.get(first + b).feature(c))));
    }

    void compute() {
      if (step < end) {
        session.compute(step, parameters);
      }
    }

    void draw() {
      for (int then = step; then < Math.min(reached, end); then++) {
        Interruption.check();
        if (session instanceof DrawingSession engine) {
          takeDrawn(engine, then);
        } else {
          drawOne(then);
        }
      }
    }

    private void drawOne(int then) {
      if (then > step || !computed) {
        session.compute(then, parameters);
      }
      int position = program.position(then);
      int channel = program.channel(then);
      for (int b = 0; b < count(); b++) {
        int given = given(first + b, then);
        int level = given == FREE ? draw(b, position, channel) : given;
        levels[first + b][position * image.channels() + channel] = level;
        session.write(then, b, image.scaled(level));
      }
    }

    private int draw(int b, int position, int channel) {
      double u = CounterRandom.uniform(seed, firstImage + first + b, position, channel);
      try {
        return drawing.draw(parameters, b * program.parameters(), channel, u);
      } catch (ArithmeticException e) {
        throw cannotDraw(b, position, channel, e.getMessage());
      }
    }

    double[] probabilities(int b, int channel) {
      try {
        return drawing.probabilities(parameters, b * program.parameters(), channel);
      } catch (ArithmeticException e) {
        throw cannotDraw(b, position(), channel, e.getMessage());
      }
    }

    private void takeDrawn(DrawingSession engine, int then) {
      if (then == drawnTo) {
        drawAhead(engine, then);
      }
      int position = program.position(then);
      int channel = program.channel(then);
      for (int b = 0; b < count(); b++) {
        int level = drawn[(then - drawnFrom) * count() + b];
        if (level == DrawingSession.FAILED) {
          throw cannotDraw(b, position, channel, "its parameters give no distribution");
        }
        levels[first + b][position * image.channels() + channel] = level;
      }
    }

    private void drawAhead(DrawingSession engine, int from) {
      int steps = Math.min(engine.stepsPerDraw(), end - from);
      double[] uniforms = new double[steps * count()];
      drawn = new int[uniforms.length];
      for (int i = 0; i < drawn.length; i++) {
        int then = from + i / count();
        int b = i % count();
        uniforms[i] =
            CounterRandom.uniform(
                seed, firstImage + first + b, program.position(then), program.channel(then));
        drawn[i] = given(first + b, then);
      }
      engine.draw(from, steps, uniforms, drawn, temperature);
      drawnFrom = from;
      drawnTo = from + steps;
    }

    private ArithmeticException cannotDraw(int b, int position, int channel, String why) {
      return new ArithmeticException(
          "cannot draw channel "
              + channel
              + " of pixel "
              + place(position)
              + " of image "
              + (firstImage + first + b)
              + ": "
              + why
              + "; the weights are not usable (did training diverge?)");
    }
  }
}
