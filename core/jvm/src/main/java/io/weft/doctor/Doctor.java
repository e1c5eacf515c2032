package io.weft.doctor;

import io.weft.advice.Advice;
import io.weft.advice.Finding;
import io.weft.engine.EngineProvider;
import io.weft.engine.Versions;
import io.weft.internal.machine.Processor;
import io.weft.internal.memory.Room;
import io.weft.internal.step.Arithmetic;
import io.weft.internal.step.JvmLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks at all that Weft's work depends on: Java, its vector module, the processor, memory,
 * TensorFlow's native library, and what a GPU needs.
 */
public final class Doctor {

  /** Instructions that decide how fast Weft or TensorFlow computes, as Linux names them. */
  private static final List<String> TELLING =
      List.of("fma", "avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd", "sve", "bf16");

  private Doctor() {}

  /**
   * Returns what is found, in the order in which one thing needs another. Loads TensorFlow where it
   * is on the class path and computes a little with it, which takes some seconds; throws nothing if
   * that fails, but says so.
   */
  public static List<Finding> examine() {
    List<Finding> found = new ArrayList<>();
    found.add(java());
    found.add(processor());
    found.add(loops());
    found.add(memory());
    found.add(heap());
    Optional<EngineProvider> engine = EngineProvider.find();
    if (engine.isPresent()) {
      found.addAll(engine.get().examine());
    } else {
      found.add(
          Finding.limited(
              "TensorFlow",
              "not on the class path: Java alone scores, draws and codes, and nothing is trained",
              Advice.ADD_TENSORFLOW));
    }
    return List.copyOf(found);
  }

  private static Finding java() {
    return Finding.good(
        "Java",
        Runtime.version()
            + " of "
            + System.getProperty("java.vendor")
            + ", "
            + System.getProperty("java.home")
            + ", on "
            + System.getProperty("os.name")
            + " "
            + System.getProperty("os.arch"));
  }

  private static Finding processor() {
    Processor processor = Processor.here();
    List<String> telling =
        processor.instructions().stream().filter(TELLING::contains).distinct().toList();
    int cores = Runtime.getRuntime().availableProcessors();
    String words =
        processor.name().orElse("one that the system does not name")
            + (cores == 1 ? ", one core" : ", " + cores + " cores")
            + (telling.isEmpty() ? "" : ", with " + String.join(", ", telling));
    return Arithmetic.fuses()
        ? Finding.good("processor", words)
        : Finding.limited(
            "processor",
            words + "; without fused multiply-add, which Java then computes very slowly",
            Advice.USE_A_PROCESSOR_THAT_FUSES);
  }

  private static Finding loops() {
    JvmLoops loops = JvmLoops.best();
    String words = loops.inWords() + ", arithmetic version " + Versions.arithmetic();
    return loops == JvmLoops.VECTOR
        ? Finding.good("Java's loops", words)
        : Finding.limited(
            "Java's loops",
            words + "; vector loops are several times as fast",
            Advice.ADD_VECTOR_MODULE);
  }

  private static Finding memory() {
    return Finding.good(
        "memory", Room.ofMachine().map(Room::inWords).orElse("the system does not say how much"));
  }

  private static Finding heap() {
    return Finding.good("heap", Room.ofHeap().inWords());
  }
}
