package io.weft.engine;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.internal.Seam;
import io.weft.internal.step.StepCompiler;
import io.weft.order.GenerationOrder;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What computes with whole images on a device, for one owner, such as a model. TensorFlow's is
 * found as a service, see {@link EngineProvider}; without it there is {@linkplain Device#jvm()
 * Java's own}, which scores and does not train.
 */
@Seam
public interface Engine extends StepCompiler {

  /**
   * Returns the engine of an owner that the caller is making.
   *
   * @throws EngineMissingException if the device needs TensorFlow, which is not on the class path
   */
  static Engine on(Device device) {
    Objects.requireNonNull(device, "device");
    if (device.isJvm()) {
      return new JvmEngine(device);
    }
    Optional<EngineProvider> provider = EngineProvider.find();
    if (provider.isEmpty() && device.isGpu()) {
      throw new EngineMissingException("computing on " + device);
    }
    return provider.map(p -> p.engine(device)).orElseGet(() -> new JvmEngine(device));
  }

  /** Returns where it computes. */
  Device device();

  @Override
  default boolean isOnGpu() {
    return device().isGpu();
  }

  /**
   * Checks that the device is there.
   *
   * @throws IllegalStateException if it is not; the message says what is missing
   */
  void checkDevice();

  /**
   * Checks that training can compute in {@link Precision#BFLOAT16} here.
   *
   * @throws IllegalStateException if it cannot; the message says what is missing
   */
  void checkBfloat16();

  /**
   * Compiles a definition for several orders, of which each call takes one.
   *
   * @param orders orders under which the definition is proven
   * @throws io.weft.spec.DefinitionException if a layer's whole-image form fails
   */
  Scoring scoring(Definition definition, List<GenerationOrder> orders, Weights weights);

  /**
   * Returns weights in which the parameters that start from data, and still are where {@link
   * Weights#initial} puts them, are measured (Salimans and Kingma 2016, section 3).
   *
   * @param indices the examples to measure on
   * @throws EngineMissingException if this does not train
   */
  Weights initialised(Definition definition, Weights weights, Examples examples, int... indices);

  /**
   * Compiles a definition for training from the given state.
   *
   * @param weights the model's weights: what a new run starts from, and the Polyak average of one
   *     that is resumed, unless the state has another
   * @param state what a run that is resumed has left; nothing for a new run
   * @throws io.weft.spec.DefinitionException if there is nothing to train, or a layer's whole-image
   *     form fails or has no gradient
   * @throws EngineMissingException if this does not train
   */
  TrainingSteps training(
      Definition definition,
      TrainingSteps.Settings settings,
      Weights weights,
      Optional<TrainingState> state);

  /**
   * Compiles the gradients of a definition's loss, each computed on one thread.
   *
   * @throws io.weft.spec.DefinitionException as {@link #training} does
   * @throws EngineMissingException if this does not train
   */
  GradientProgram gradients(Definition definition, GradientProgram.Settings settings);

  /**
   * Returns an engine of the same owner and device that computes on one thread, whose bits do not
   * depend on how many the machine has.
   *
   * @throws IllegalStateException if this process computes with others; the message says why, and
   *     what to do
   */
  Engine onOneThread();

  /**
   * Writes the files of a TensorFlow SavedModel.
   *
   * @param folder an empty folder
   * @throws IOException if writing fails
   * @throws EngineMissingException if this is not TensorFlow
   */
  void exportSavedModel(Definition definition, Weights weights, Path folder) throws IOException;
}
