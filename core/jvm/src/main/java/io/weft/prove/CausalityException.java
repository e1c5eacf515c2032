package io.weft.prove;

import io.weft.spec.DefinitionException;
import org.jspecify.annotations.Nullable;

/** A model definition that is not causal. The message tells of the leak; this has it as data. */
public final class CausalityException extends DefinitionException {

  private static final long serialVersionUID = 1L;

  private final transient @Nullable Leak leak;

  /** Makes one that tells of a leak of the model with the given name. */
  CausalityException(String model, Leak leak, boolean colour) {
    super("model \"" + model + "\" is not causal: " + leak.message(colour));
    this.leak = leak;
  }

  private CausalityException(String context, CausalityException cause) {
    super(context + ", " + cause.getMessage(), cause);
    this.leak = cause.leak;
  }

  /** Returns the same, whose message begins with {@code context}: where the leak was found. */
  public CausalityException within(String context) {
    return new CausalityException(context, this);
  }

  /**
   * Returns the leak.
   *
   * @throws IllegalStateException if this exception was serialised, which the leak is not
   */
  public Leak leak() {
    if (leak == null) {
      throw new IllegalStateException("the leak is not kept where an exception is serialised");
    }
    return leak;
  }
}
