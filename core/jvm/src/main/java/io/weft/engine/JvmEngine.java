package io.weft.engine;

import io.weft.data.Examples;
import io.weft.define.Definition;
import io.weft.internal.step.StepEngine;
import io.weft.internal.step.StepProgram;
import io.weft.internal.step.TensorFlowLoops;
import io.weft.order.GenerationOrder;
import io.weft.weight.TrainingState;
import io.weft.weight.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Java alone: it scores with the steps that it samples with, and does not train. */
final class JvmEngine implements Engine {

  private final Device device;

  JvmEngine(Device device) {
    this.device = device;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public void checkDevice() {
    // Java runs.
  }

  @Override
  public void checkBfloat16() {
    throw missing("training in bfloat16");
  }

  @Override
  public Scoring scoring(Definition definition, List<GenerationOrder> orders, Weights weights) {
    return new JvmScoring(definition, orders, weights);
  }

  @Override
  public Weights initialised(
      Definition definition, Weights weights, Examples examples, int... indices) {
    throw missing("training");
  }

  @Override
  public TrainingSteps training(
      Definition definition,
      TrainingSteps.Settings settings,
      Weights weights,
      Optional<TrainingState> state) {
    throw missing("training");
  }

  @Override
  public GradientProgram gradients(Definition definition, GradientProgram.Settings settings) {
    throw missing("training");
  }

  @Override
  public Engine onOneThread() {
    // Its bits are the same on any number.
    return this;
  }

  @Override
  public boolean runs(TensorFlowLoops loops) {
    return false;
  }

  @Override
  public StepEngine compile(
      StepProgram program, int batch, int stepsPerDraw, TensorFlowLoops loops) {
    throw missing("drawing by the executor tensorflow");
  }

  @Override
  public void exportSavedModel(Definition definition, Weights weights, Path folder) {
    throw missing("exporting a SavedModel");
  }

  private EngineMissingException missing(String what) {
    return device.isJvm()
        ? new EngineMissingException(what, device)
        : new EngineMissingException(what);
  }
}
