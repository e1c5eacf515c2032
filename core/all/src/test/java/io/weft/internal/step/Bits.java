package io.weft.internal.step;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.codec.GoldenFiles;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.Scoring;
import io.weft.model.GatedPixelCnn;
import io.weft.model.ImageGpt;
import io.weft.model.LocallyMaskedPixelCnn;
import io.weft.model.PixelCnn;
import io.weft.model.PixelCnnPlusPlus;
import io.weft.model.PixelRnn;
import io.weft.model.PixelSnail;
import io.weft.order.GenerationOrder;
import io.weft.pyramid.MultiScaleModel;
import io.weft.pyramid.Scale;
import io.weft.sample.Sampler;
import io.weft.sample.SamplingExecutor;
import io.weft.spec.ImageSpec;
import io.weft.testing.RandomWeights;
import io.weft.weight.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;

/** Digests of what small models compute: to be the same wherever they are taken. */
final class Bits {

  /** Two sessions of the sampler, and three blocks of a file. */
  private static final int IMAGES = 9;

  /** The models of each distribution, which are coded where there is little time. */
  static final Set<String> DISTRIBUTIONS = Set.of("softmax", "rgb", "bernoulli", "mixture");

  /** Pixels of a golden file's image that every kind of Java decodes soon. */
  private static final int SMALL = 30;

  private Bits() {}

  /**
   * What a process does: it prints its digests, in its best loops.
   *
   * @param arguments "warm" where a compiler is to do its work, or "cold"; then the names of some
   *     models, if not all are wanted
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    boolean isWarm = arguments[0].equals("warm");
    List<String> names = List.of(arguments).subList(1, arguments.length);
    models()
        .forEach(
            (name, definition) -> {
              if (!names.isEmpty() && !names.contains(name)) {
                return;
              }
              out.println("bits " + name + " " + ofSteps(definition, JvmLoops.best(), IMAGES));
              out.println("bits " + name + "-api " + ofModel(definition));
              if (isWarm || DISTRIBUTIONS.contains(name)) {
                out.println("bits " + name + "-coded " + ofCoded(definition));
              }
            });
    out.println("bits pyramid-api " + ofPyramid());
    // Tiles of large images take an interpreter half a minute.
    GoldenFiles.check(isWarm ? Integer.MAX_VALUE : SMALL)
        .forEach(name -> out.println("golden " + name));
    out.println("loops " + JvmLoops.best() + ", fused " + Arithmetic.fuses());
    out.println("workers " + ForkJoinPool.commonPool().getPoolSize());
    out.println("flips " + DrawBoundaries.flips(JvmLoops.best(), isWarm));
  }

  /**
   * One of each distribution and family, with weight normalisation, dilation, recurrence,
   * attention.
   */
  static Map<String, Definition> models() {
    ImageSpec grey = new ImageSpec(6, 5, 1, 256);
    ImageSpec rgb = new ImageSpec(4, 5, 3, 256);
    Map<String, Definition> models = new LinkedHashMap<>();
    models.put("softmax", GatedPixelCnn.of(grey, 2, 9, 3));
    models.put("rgb", PixelCnn.textbook(new ImageSpec(4, 5, 3, 16), 2, 7, 3));
    models.put("bernoulli", PixelCnn.of(new ImageSpec(6, 5, 1, 2), 2, 33, 3));
    models.put("mixture", PixelCnnPlusPlus.builder(rgb).blocks(1).maps(6).components(3).build());
    models.put(
        "locally-masked",
        LocallyMaskedPixelCnn.builder(new ImageSpec(6, 6, 1, 4)).blocks(2).maps(8).build());
    models.put(
        "codes",
        GatedPixelCnn.builder(new ImageSpec(4, 5, 2, 700)).embedding(5).blocks(1).maps(8).build());
    ImageSpec colours = new ImageSpec(4, 5, 3, 8);
    models.put("row-lstm", PixelRnn.rowLstm(colours, 2, 5));
    models.put("diagonal-bilstm", PixelRnn.diagonalBiLstm(new ImageSpec(6, 5, 1, 4), 2, 9));
    models.put("pixelsnail", PixelSnail.builder(colours).blocks(1).maps(6).components(3).build());
    models.put(
        "image-gpt",
        ImageGpt.builder(new ImageSpec(6, 6, 1, 4))
            .blocks(2)
            .maps(18)
            .heads(2)
            .order(GenerationOrder.hilbert(6, 6))
            .build());
    return models;
  }

  /** Of all parameters, logits, draws and log-probabilities of images that are drawn in batches. */
  static String ofSteps(Definition definition, JvmLoops loops, int batch) {
    StepProgram program = StepProgram.of(definition);
    StepExecutor executor = JvmStepExecutor.bind(program, RandomWeights.of(definition, 5), loops);
    MessageDigest all = sha256();
    for (int first = 0; first < IMAGES; first += batch) {
      int images = Math.min(batch, IMAGES - first);
      MessageDigest[] each =
          IntStream.range(0, images).mapToObj(i -> sha256()).toArray(MessageDigest[]::new);
      draw(program, executor, loops, first, each);
      for (MessageDigest image : each) {
        all.update(image.digest());
      }
    }
    return text(all);
  }

  private static void draw(
      StepProgram program, StepExecutor executor, JvmLoops loops, int first, MessageDigest[] each) {
    ImageSpec image = program.definition().image();
    LevelLogits distribution = LevelLogits.of(program.definition().distribution(), image, loops);
    SoftmaxDraw draw = new SoftmaxDraw(image.levels(), loops);
    SoftmaxMasses masses = new SoftmaxMasses(image.levels(), loops);
    int stride = program.parameters();
    float[] parameters = new float[each.length * stride];
    float[] logits = new float[image.levels()];
    try (StepSession session = executor.open(each.length)) {
      for (int step = 0; step < program.steps(); step++) {
        session.compute(step, parameters);
        for (int i = 0; i < each.length; i++) {
          for (int p = 0; p < stride; p++) {
            update(each[i], Float.floatToIntBits(parameters[i * stride + p]));
          }
          distribution.write(parameters, i * stride, program.channel(step), logits);
          for (float logit : logits) {
            update(each[i], Float.floatToIntBits(logit));
          }
          double u = new SplittableRandom((first + i) * 1000L + step).nextDouble();
          int level = draw.draw(logits, 0, 0.9, u);
          masses.compute(logits, 0, 1);
          update(each[i], level);
          update(each[i], Float.floatToIntBits((float) masses.logProbability(level)));
          session.write(step, i, image.scaled(level));
        }
      }
    }
  }

  /** Of the images that a model draws, and of how likely it finds them. */
  static String ofModel(Definition definition) {
    MessageDigest digest = sha256();
    Weights weights = RandomWeights.of(definition, 5);
    int[] levels =
        Sampler.of(definition, weights, 7)
            .executor(SamplingExecutor.jvm())
            .count(3)
            .images()
            .stream()
            .flatMapToInt(image -> IntStream.of(image.levels()))
            .toArray();
    IntStream.of(levels).forEach(level -> update(digest, level));
    Batch batch =
        Batch.of(
            Examples.of(ImageSet.of(definition.image(), levels)), definition.conditions(), 0, 1, 2);
    try (Scoring scoring =
        Engine.on(Device.jvm()).scoring(definition, definition.orders(), weights)) {
      for (float log : scoring.logLikelihoods(batch, 0)) {
        update(digest, Float.floatToIntBits(log));
      }
    }
    return text(digest);
  }

  /** Of images that several threads draw, and of the file that several threads code them to. */
  static String ofCoded(Definition definition) {
    MessageDigest digest = sha256();
    Weights weights = RandomWeights.of(definition, 5);
    int[] levels =
        Sampler.of(definition, weights, 7)
            .executor(SamplingExecutor.jvm())
            .count(IMAGES)
            .batch(IMAGES)
            .images()
            .stream()
            .flatMapToInt(image -> IntStream.of(image.levels()))
            .toArray();
    IntStream.of(levels).forEach(level -> update(digest, level));
    Codec codec = Codec.of(definition, weights).imagesPerBlock(3);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    int[] decoded;
    try {
      codec.encode(Examples.of(ImageSet.of(definition.image(), levels))).writeTo(file);
      decoded =
          codec.open(file.toByteArray()).images().stream()
              .flatMapToInt(image -> IntStream.of(image.levels()))
              .toArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!Arrays.equals(levels, decoded)) {
      throw new IllegalStateException(definition.name() + " decodes to other images");
    }
    digest.update(file.toByteArray());
    return text(digest);
  }

  /** Of the images that a small model and a large one draw together, and of what they score. */
  static String ofPyramid() {
    Scale scale = Scale.subsample(2);
    ImageSpec image = new ImageSpec(6, 5, 1, 4);
    Definition small = PixelRnn.rowLstm(scale.small(image), 1, 4);
    Definition large =
        GatedPixelCnn.builder(image)
            .blocks(1)
            .maps(6)
            .smallImageCondition("small", scale.factor())
            .build();
    MessageDigest digest = sha256();
    try (MultiScaleModel pyramid =
        MultiScaleModel.of(random(small), random(large), "small", scale)) {
      int[] levels =
          pyramid.sampler(7).count(3).images().stream()
              .flatMapToInt(drawn -> IntStream.of(drawn.levels()))
              .toArray();
      IntStream.of(levels).forEach(level -> update(digest, level));
      for (float log : pyramid.score(Examples.of(ImageSet.of(image, levels))).values()) {
        update(digest, Float.floatToIntBits(log));
      }
    }
    return text(digest);
  }

  private static Model random(Definition definition) {
    return Model.of(definition, RandomWeights.of(definition, 5), Device.jvm());
  }

  private static void update(MessageDigest digest, int bits) {
    digest.update(ByteBuffer.allocate(4).putInt(bits).array());
  }

  private static String text(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
