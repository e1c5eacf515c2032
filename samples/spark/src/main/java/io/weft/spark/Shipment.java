package io.weft.spark;

import io.weft.Model;
import io.weft.advice.Advice;
import io.weft.engine.Device;
import io.weft.train.NumericFingerprint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.jspecify.annotations.Nullable;

/** A model on its way to the workers: its saved bytes, and how it is opened there. */
final class Shipment implements Serializable {

  private static final long serialVersionUID = 1;

  private static final int PROCESSOR = -1;
  private static final int JVM = -2;

  private final String id = UUID.randomUUID().toString();
  private final Broadcast<byte[]> bytes;
  private final FleetCatalog catalog;
  private final int device;
  private final @Nullable NumericFingerprint fingerprint;

  private Shipment(
      Broadcast<byte[]> bytes,
      FleetCatalog catalog,
      int device,
      @Nullable NumericFingerprint fingerprint) {
    this.bytes = bytes;
    this.catalog = catalog;
    this.device = device;
    this.fingerprint = fingerprint;
  }

  /** Sends a model as it is now. */
  static Shipment of(Model model, FleetCatalog catalog, JavaSparkContext spark) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      model.withoutTrainingState().save(out, catalog.catalog());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Device device = model.device();
    int place = device.isJvm() ? JVM : device.isGpu() ? device.number() : PROCESSOR;
    NumericFingerprint fingerprint = Likeness.ofScores(model).orElse(null);
    return new Shipment(spark.broadcast(out.toByteArray()), catalog, place, fingerprint);
  }

  /** Opens the model on a worker. */
  Model open() {
    try {
      Model model =
          Model.load(new ByteArrayInputStream(bytes.value()), catalog.catalog(), device());
      boolean alike = false;
      try {
        check(model);
        alike = true;
        return model;
      } finally {
        if (!alike) {
          model.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check(Model model) {
    if (fingerprint != null) {
      NumericFingerprint here = Likeness.ofScores(model).orElseThrow();
      Likeness.check(fingerprint, Likeness.host(), here, Advice.RUN_LIKE_THE_OTHERS_OR_ON_THE_JVM);
    }
  }

  private Device device() {
    return switch (device) {
      case JVM -> Device.jvm();
      case PROCESSOR -> Device.cpu();
      default -> Device.gpu(device);
    };
  }

  /** Takes it back from driver and workers. */
  void destroy(Jobs jobs) {
    jobs.destroy(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shipment shipment && id.equals(shipment.id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }
}
