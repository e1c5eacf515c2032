package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.engine.Device;
import io.weft.engine.Precision;
import io.weft.internal.machine.Processor;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Bfloat16Test {

  private static final String ABLE = "processor : 0\nflags\t\t: fpu avx512f avx512_bf16 sse\n";
  private static final String LINUX = "Linux amd64";

  private static Optional<String> missing(String processor, Map<String, String> environment) {
    return Bfloat16.missing(
        Device.cpu(), LINUX, new Processor(Optional.of(processor)), environment);
  }

  @Test
  void nothingIsMissingWhereTheProcessorHasTheInstructions() {
    assertEquals(Optional.empty(), missing(ABLE, Map.of("HOME", "/")));
    assertEquals(Optional.empty(), missing("flags : amx_bf16 amx_tile", Map.of()));
  }

  @Test
  void aProcessorWithoutTheInstructionsIsRefused() {
    String reason =
        missing("model name: avx512_bf16\nflags : fpu avx512f avx512_bf16x", Map.of())
            .orElseThrow();
    assertTrue(reason.contains("avx512_bf16, amx_bf16"), reason);
  }

  @Test
  void aLimitOnOneDnnIsRefused() {
    for (String name : new String[] {"ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA"}) {
      String reason = missing(ABLE, Map.of(name, "AVX2")).orElseThrow();
      assertTrue(reason.contains(name + "=AVX2"), reason);
      assertEquals(Optional.empty(), missing(ABLE, Map.of(name, "avx512_core_bf16")));
      assertEquals(Optional.empty(), missing(ABLE, Map.of(name, "ALL")));
    }
  }

  @Test
  void otherPlatformsAreRefused() {
    String reason =
        Bfloat16.missing(
                Device.cpu(), "Mac OS X aarch64", new Processor(Optional.of(ABLE)), Map.of())
            .orElseThrow();
    assertTrue(reason.contains("Mac OS X aarch64"), reason);
    reason =
        Bfloat16.missing(Device.cpu(), LINUX, new Processor(Optional.empty()), Map.of())
            .orElseThrow();
    assertTrue(reason.contains("not readable"), reason);
  }

  @Test
  void theProbeTellsThePrecisionsApart() {
    assertFalse(Bfloat16.rounds(Precision.FLOAT32, TensorFlowEngine.on(Device.cpu())));
    try {
      Precision.BFLOAT16.check(Device.cpu());
    } catch (IllegalStateException e) {
      assertTrue(e.getMessage().contains("bfloat16 was asked for"), e.getMessage());
      return;
    }
    assertTrue(Bfloat16.rounds(Precision.BFLOAT16, TensorFlowEngine.on(Device.cpu())));
  }
}
