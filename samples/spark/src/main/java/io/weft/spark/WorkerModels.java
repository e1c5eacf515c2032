package io.weft.spark;

import io.weft.Model;
import io.weft.codec.Codec;
import io.weft.data.Examples;
import io.weft.engine.Engine;
import io.weft.internal.thread.Keeper;
import io.weft.internal.thread.Lease;
import io.weft.order.GenerationOrder;
import io.weft.score.Scorer;
import io.weft.score.Scores;
import java.util.List;
import java.util.function.Function;

/**
 * The models of a worker: all of its tasks share one, which is closed when another has come and no
 * task uses it any more.
 */
final class WorkerModels {

  /** A model, and what is made of it when somebody scores or codes. */
  static final class Opened implements AutoCloseable {
    private final Model model;
    private final Keeper<List<GenerationOrder>, Scorer> scorers =
        new Keeper<>(1, this::scorer, Scorer::close);
    private final Keeper<Boolean, Codec> codecs = new Keeper<>(2, this::codec);

    private Opened(Model model) {
      this.model = model;
    }

    Model model() {
      return model;
    }

    /** Scores as the model does. */
    Scores score(Examples examples, InOrder order) {
      List<GenerationOrder> orders = order.orders(model.image());
      if (orders.equals(List.of(model.definition().order()))) {
        // The model has compiled that program, to show that its numbers are the driver's.
        return model.score(examples);
      }
      try (Lease<Scorer> lease = scorers.lend(orders)) {
        return lease.value().score(examples, order.index());
      }
    }

    private Scorer scorer(List<GenerationOrder> orders) {
      return new Scorer(model.definition(), orders, model::weights, Engine.on(model.device()));
    }

    /** Returns the codec, whose programs all tasks share. */
    Codec codec(boolean hasLabels) {
      return codecs.get(hasLabels);
    }

    private Codec codec(Boolean hasLabels) {
      Codec codec = Codec.of(model);
      return hasLabels ? codec : codec.labelsGiven();
    }

    @Override
    public void close() {
      scorers.close();
      model.close();
    }
  }

  private static final Keeper<Shipment, Opened> MODELS =
      new Keeper<>(1, shipment -> Making.of(() -> new Opened(shipment.open())), Opened::close);

  private WorkerModels() {}

  /** Works with a model. */
  static <T> T use(Shipment shipment, Function<Opened, T> work) {
    try (Lease<Opened> lease = MODELS.lend(shipment)) {
      return work.apply(lease.value());
    }
  }
}
