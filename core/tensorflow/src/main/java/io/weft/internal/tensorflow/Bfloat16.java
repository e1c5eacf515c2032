package io.weft.internal.tensorflow;

import io.weft.engine.Device;
import io.weft.engine.Precision;
import io.weft.internal.machine.Processor;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** Whether TensorFlow computes in bfloat16 here. */
final class Bfloat16 {

  private static final List<String> INSTRUCTIONS = List.of("avx512_bf16", "amx_bf16");

  /** Environment variables that hide instructions from oneDNN. */
  private static final List<String> LIMITS = List.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");

  /** What such a variable may say and leave bfloat16 in sight. */
  private static final List<String> HARMLESS = List.of("BF16", "FP16", "AMX", "ALL", "DEFAULT");

  /** 1 + 2^-8: half way between two bfloat16 numbers, so that it rounds to even, 1. */
  private static final float BETWEEN = 1 + 0x1p-8f;

  private static final Shape ONE_NUMBER = Shape.of(1, 1, 1, 1);

  private Bfloat16() {}

  /**
   * Checks that it does.
   *
   * @param engine what is to compute in it
   * @throws IllegalStateException if it does not
   */
  static void check(TensorFlowEngine engine) {
    Optional<String> missing = missing(engine);
    missing.ifPresent(
        reason -> {
          throw new IllegalStateException(
              "training in bfloat16 was asked for, but " + reason + "; or train in float32");
        });
  }

  /** Says what keeps bfloat16 from being used by an engine on this machine, or nothing. */
  static Optional<String> missing(TensorFlowEngine engine) {
    Optional<String> missing =
        missing(
            engine.device(),
            System.getProperty("os.name") + " " + System.getProperty("os.arch"),
            Processor.here(),
            System.getenv());
    // Only then may TensorFlow try: without the instructions oneDNN ends the process.
    return missing.isPresent() || rounds(Precision.BFLOAT16, engine)
        ? missing
        : Optional.of(
            "TensorFlow computed a convolution in float32 all the same, as it does when oneDNN"
                + " is off; unset the environment variable TF_ENABLE_ONEDNN_OPTS or set it to 1");
  }

  /**
   * Says what keeps bfloat16 from being used, or nothing.
   *
   * @param platform operating system and architecture, as Java names them
   * @param processor what Linux says of it
   * @param environment environment variables
   */
  static Optional<String> missing(
      Device device, String platform, Processor processor, Map<String, String> environment) {
    if (device.isGpu()) {
      return Optional.of(
          "the model computes on "
              + device
              + ", where TensorFlow's automatic mixed precision has float16 only, which would need"
              + " the loss to be scaled; train on the processor");
    }
    if (!platform.equals("Linux amd64")) {
      return Optional.of(
          "this is "
              + platform
              + ", and whether the processor has the instructions can be told on Linux amd64 only;"
              + " train there");
    }
    if (processor.words().isEmpty()) {
      return Optional.of(
          Processor.FILE + ", which tells what the processor can do, is not readable; make it so");
    }
    if (Collections.disjoint(processor.instructions(), INSTRUCTIONS)) {
      return Optional.of(
          "the processor has none of the instructions "
              + INSTRUCTIONS
              + " ("
              + Processor.FILE
              + ", flags); train on one that has (Intel since Cooper Lake, AMD since Zen 4)");
    }
    return LIMITS.stream()
        .filter(name -> environment.containsKey(name) && !isHarmless(environment.get(name)))
        .map(
            name ->
                "the environment variable "
                    + name
                    + "="
                    + environment.get(name)
                    + " hides the processor's instructions from oneDNN; unset it")
        .findFirst();
  }

  private static boolean isHarmless(String limit) {
    String upper = limit.toUpperCase(java.util.Locale.ROOT);
    return upper.isEmpty() || HARMLESS.stream().anyMatch(upper::contains);
  }

  /** Convolves with one on the processor and says whether the result was rounded to bfloat16. */
  static boolean rounds(Precision precision, TensorFlowEngine engine) {
    try (NativeGraph graph = engine.open(precision)) {
      Ops tf = graph.ops();
      Placeholder<TFloat32> image = number(tf);
      Placeholder<TFloat32> filter = number(tf);
      // Not fetched itself: TensorFlow rewrites only what lies between.
      var product =
          tf.reshape(
              tf.nn.conv2d(image, filter, List.of(1L, 1L, 1L, 1L), "VALID"),
              tf.constant(new int[] {1}));
      return graph.use(
          session -> {
            try (TFloat32 between = TFloat32.tensorOf(ONE_NUMBER, DataBuffers.of(BETWEEN));
                TFloat32 one = TFloat32.tensorOf(ONE_NUMBER, DataBuffers.of(1f));
                var result =
                    session.runner().feed(image, between).feed(filter, one).fetch(product).run()) {
              return ((TFloat32) result.get(0)).getFloat(0) != BETWEEN;
            }
          });
    }
  }

  private static Placeholder<TFloat32> number(Ops tf) {
    return tf.placeholder(TFloat32.class, Placeholder.shape(ONE_NUMBER));
  }
}
