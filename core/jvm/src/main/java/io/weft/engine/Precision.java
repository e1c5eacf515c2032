package io.weft.engine;

import io.weft.internal.Seam;
import java.util.Locale;

/**
 * The numbers that a training step computes with. Weights, Adam's moments, loss and gradient norm
 * are float32 either way, and so are all validation, scoring and sampling.
 */
public enum Precision {
  /** 32 bits, 24 of them significant. */
  FLOAT32,

  /**
   * Convolutions, matrix products and what lies between them in bfloat16, but for tanh, sigmoid and
   * ELU: the range of float32 with 8 significant bits, quicker where the processor multiplies it.
   * TensorFlow's automatic mixed precision decides operation by operation. The loss stays within
   * noise of float32's.
   *
   * <p>For the processor only, on Linux on x86-64, with AVX512-BF16 or AMX and TensorFlow's oneDNN
   * switched on; {@link #check} says whether it is so.
   */
  BFLOAT16;

  /**
   * Checks that training on {@code device} can compute in this precision: by what the processor
   * says of itself, and by a product that shows how it was rounded. Training does so before it
   * begins; there is no fall-back.
   *
   * @throws IllegalStateException if it cannot; the message says what is missing
   */
  public void check(Device device) {
    check(Engine.on(device));
  }

  /** Checks that an engine can, as above. */
  @Seam
  public void check(Engine engine) {
    if (this == BFLOAT16) {
      engine.checkBfloat16();
    }
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
