package io.weft.spark;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import java.util.function.Function;

/**
 * The models of a worker: all of its tasks share one, which is closed when another has come and no
 * task uses it any more.
 */
final class WorkerModels {

  /** A model, and the codec that is made of it when somebody codes. */
  static final class Opened {
    private final Model model;
    private final Keeper<Boolean, Codec> codecs = new Keeper<>(2, this::codec);

    private Opened(Model model) {
      this.model = model;
    }

    Model model() {
      return model;
    }

    /** Returns the codec, whose programs all tasks share. */
    Codec codec(boolean hasLabels) {
      return codecs.get(hasLabels);
    }

    private Codec codec(Boolean hasLabels) {
      Codec codec = Codec.of(model);
      return hasLabels ? codec : codec.labelsGiven();
    }
  }

  private static final Keeper<Shipment, Opened> MODELS =
      new Keeper<>(
          1,
          shipment -> Making.of(() -> new Opened(shipment.open())),
          opened -> opened.model.close());

  private WorkerModels() {}

  /** Works with a model. */
  static <T> T use(Shipment shipment, Function<Opened, T> work) {
    try (Lease<Opened> lease = MODELS.lend(shipment)) {
      return work.apply(lease.value());
    }
  }
}
