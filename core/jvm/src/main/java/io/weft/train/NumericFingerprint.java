package io.weft.train;

import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.define.Definition;
import io.weft.engine.Batch;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.Gradient;
import io.weft.engine.GradientProgram;
import io.weft.engine.Precision;
import io.weft.engine.Scoring;
import io.weft.engine.Versions;
import io.weft.internal.files.Sha256;
import io.weft.internal.machine.Processor;
import io.weft.internal.step.JvmLoops;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import io.weft.weight.WeightLayout;
import io.weft.weight.Weights;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * What numbers this process computes with a model: digests of a gradient, of scores and of the JVM
 * executor's scores of two images made up from a seed, and in words what decides them. Machines of
 * the same digests may share a training; of others, {@link #differences} says what differs.
 *
 * @param gradient digest of the gradient of a micro-batch, by TensorFlow on one thread; empty where
 *     it was not asked for
 * @param scores digest of log-likelihoods, by TensorFlow on one thread, or of {@link #ofScores}
 * @param jvm digest of log-likelihoods by Java alone, which are the same on every machine; empty
 *     where it was not asked for
 * @param machine what may decide the numbers: processor, instruction sets, versions, by name
 */
public record NumericFingerprint(
    String gradient, String scores, String jvm, Map<String, String> machine)
    implements Serializable {

  private static final int IMAGES = 2;

  private static final long SEED = 20_160_119;

  /** A property of Java: whether TensorFlow rewrites graphs, whose numbers differ then. */
  private static final String REWRITING = "weft.tensorflow.rewriting";

  /** Copies the words, in their order. */
  public NumericFingerprint {
    Objects.requireNonNull(gradient, "gradient");
    Objects.requireNonNull(scores, "scores");
    Objects.requireNonNull(jvm, "jvm");
    machine = new LinkedHashMap<>(machine);
  }

  @Override
  public Map<String, String> machine() {
    return new LinkedHashMap<>(machine);
  }

  /**
   * Computes the fingerprint of this process, in float32 on the processor.
   *
   * @throws io.weft.engine.EngineMissingException if there is no TensorFlow
   * @throws IllegalStateException if TensorFlow cannot compute on one thread here, see {@link
   *     TrainingOptions.Builder#microBatch}
   */
  public static NumericFingerprint of(Definition definition, Weights weights) {
    weights.check(definition);
    Batch batch = batch(definition);
    Engine engine = Engine.on(Device.cpu());
    return new NumericFingerprint(
        gradient(engine, definition, weights, batch),
        scores(engine.onOneThread(), definition, weights, batch),
        scores(Engine.on(Device.jvm()), definition, weights, batch),
        described());
  }

  /**
   * Computes the fingerprint of scores alone: those that a model of this process gives the images
   * that are made up for a definition. The other digests are empty.
   *
   * @param scoring such as {@code model::score}, wherever the model computes
   */
  public static NumericFingerprint ofScores(
      Definition definition, Function<Examples, Scores> scoring) {
    Sha256 digest = new Sha256();
    digest.add(scoring.apply(examples(definition)).values());
    return new NumericFingerprint("", digest.hex(), "", described());
  }

  private static Examples examples(Definition definition) {
    SplittableRandom random = new SplittableRandom(SEED);
    ImageSpec image = definition.image();
    int[] levels = random.ints((long) IMAGES * image.values(), 0, image.levels()).toArray();
    return Examples.conditioned(
        ImageSet.of(image, levels), index -> values(definition.conditions(), index));
  }

  private static Batch batch(Definition definition) {
    int[] all = new int[IMAGES];
    Arrays.setAll(all, i -> i);
    return Batch.of(examples(definition), definition.conditions(), all);
  }

  private static ConditionValues values(List<Condition> conditions, int index) {
    SplittableRandom random = new SplittableRandom(SEED + index);
    ConditionValues values = ConditionValues.none();
    for (Condition condition : conditions) {
      ConditionValues before = values;
      values =
          condition.match(
              new Condition.Cases<>() {
                @Override
                public ConditionValues oneOf(Condition.OneOf one) {
                  return before.withLabel(one.name(), random.nextInt(one.count()));
                }

                @Override
                public ConditionValues vector(Condition.Vector vector) {
                  return before.withVector(vector.name(), floats(vector.size(), random));
                }

                @Override
                public ConditionValues spatial(Condition.Spatial map) {
                  int size = map.height() * map.width() * map.maps();
                  return before.withMap(map.name(), floats(size, random));
                }
              });
    }
    return values;
  }

  private static float[] floats(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static String gradient(
      Engine engine, Definition definition, Weights weights, Batch batch) {
    try (GradientProgram program =
            engine.gradients(
                definition, new GradientProgram.Settings(Precision.FLOAT32, Set.of()));
        GradientProgram.Point here = program.at(WeightLayout.of(definition).flat(weights))) {
      Gradient found = here.of(batch, new GradientProgram.Input(0, 0, SEED, 0, 0, IMAGES));
      Sha256 digest = new Sha256();
      digest.add(new float[] {(float) found.nats()});
      digest.add(found.values());
      return digest.hex();
    }
  }

  private static String scores(Engine engine, Definition definition, Weights weights, Batch batch) {
    try (Scoring scoring = engine.scoring(definition, List.of(definition.order()), weights)) {
      Sha256 digest = new Sha256();
      digest.add(scoring.logLikelihoods(batch, 0));
      return digest.hex();
    }
  }

  private static Map<String, String> described() {
    Map<String, String> words = new LinkedHashMap<>();
    words.put("system", System.getProperty("os.name") + " on " + System.getProperty("os.arch"));
    words.put("processor", Processor.here().name().orElse("unknown"));
    for (String variable : List.of("ONEDNN_MAX_CPU_ISA", "TF_ENABLE_ONEDNN_OPTS")) {
      words.put(variable, Objects.requireNonNullElse(System.getenv(variable), "not set"));
    }
    words.put(REWRITING, System.getProperty(REWRITING, "true"));
    words.put("versions", Versions.inWords());
    words.put("arithmetic of the JVM", "version " + Versions.arithmetic());
    words.put("loops of the JVM", JvmLoops.best().toString());
    words.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
    return words;
  }

  /** Returns whether two processes train and score with the same bits. */
  public boolean agreesWith(NumericFingerprint other) {
    return gradient.equals(other.gradient) && scores.equals(other.scores) && jvm.equals(other.jvm);
  }

  /**
   * Returns what differs between two processes: first the numbers, then what may be the cause, each
   * as "processor: A here, B there"; nothing if they {@linkplain #agreesWith agree}, however
   * different the machines.
   */
  public List<String> differences(NumericFingerprint other) {
    if (agreesWith(other)) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    add(found, "gradient", gradient, other.gradient);
    add(found, "scores", scores, other.scores);
    add(found, "scores of the JVM", jvm, other.jvm);
    machine.forEach(
        (name, here) ->
            add(found, name, here, Objects.requireNonNullElse(other.machine.get(name), "unknown")));
    return List.copyOf(found);
  }

  private static void add(List<String> found, String name, String here, String there) {
    if (!here.equals(there)) {
      found.add(name + ": " + shortened(here) + " here, " + shortened(there) + " there");
    }
  }

  /** Of a digest, enough to compare it by eye. */
  private static String shortened(String words) {
    return words.matches("[0-9a-f]{64}") ? words.substring(0, 16) : words;
  }
}
