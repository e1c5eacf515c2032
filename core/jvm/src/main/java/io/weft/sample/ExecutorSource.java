package io.weft.sample;

import io.weft.define.Definition;
import io.weft.step.StepExecutor;
import io.weft.step.StepProgram;
import io.weft.weight.Weights;
import java.util.function.Function;

/** Where the executors of a sampler come from. */
interface ExecutorSource extends AutoCloseable {

  /** Returns the definition. */
  Definition definition();

  /**
   * Binds weights to the executor that is chosen.
   *
   * @param size of the series that is to be sampled
   */
  StepExecutor bind(SamplingExecutor choice, Weights weights, SeriesSize size);

  /**
   * Starts a run with weights on the executor that is chosen.
   *
   * @param size of the series that the run belongs to
   * @param start makes the run
   */
  default SamplingRun start(
      SamplingExecutor choice,
      Weights weights,
      SeriesSize size,
      Function<StepExecutor, SamplingRun> start) {
    return start.apply(bind(choice, weights, size));
  }

  /** Returns the executors of the same model under other orders. */
  DerivedExecutors derived();

  /**
   * Checks that this is open.
   *
   * @throws IllegalStateException if it is closed
   */
  void checkOpen();

  /** Frees what was compiled. Series that are under way end at their next step. */
  @Override
  void close();

  /** Returns a source that has the JVM only, where there is nothing that somebody must close. */
  static ExecutorSource onJvm(StepProgram program) {
    DerivedExecutors derived =
        new DerivedExecutors((d, known) -> onJvm(StepProgram.completing(d, known)));
    JvmBinding binding = new JvmBinding(program);
    return new ExecutorSource() {
      @Override
      public Definition definition() {
        return program.definition();
      }

      @Override
      public StepExecutor bind(SamplingExecutor choice, Weights weights, SeriesSize size) {
        if (choice.isTensorFlow()) {
          throw new IllegalStateException(
              "this sampler runs on the JVM only; for TensorFlow, whose compiled program the model"
                  + " closes, use Model.sampler(seed)");
        }
        return binding.of(weights);
      }

      @Override
      public DerivedExecutors derived() {
        return derived;
      }

      @Override
      public void checkOpen() {
        // Nobody closes it.
      }

      @Override
      public void close() {
        // Everything is on the Java heap.
      }
    };
  }

  /** Returns a source that has all executors. */
  static ExecutorSource of(StepExecutors all) {
    return new ExecutorSource() {
      @Override
      public Definition definition() {
        return all.definition();
      }

      @Override
      public StepExecutor bind(SamplingExecutor choice, Weights weights, SeriesSize size) {
        return all.bind(choice, weights, size);
      }

      @Override
      public SamplingRun start(
          SamplingExecutor choice,
          Weights weights,
          SeriesSize size,
          Function<StepExecutor, SamplingRun> start) {
        return all.start(choice, weights, size, start);
      }

      @Override
      public DerivedExecutors derived() {
        return all.derived();
      }

      @Override
      public void checkOpen() {
        all.checkOpen();
      }

      @Override
      public void close() {
        all.close();
      }
    };
  }
}
