/** Declares, proves, scores, samples, completes and saves models, in Java alone. */
// Readers of pictures have no module descriptors yet, and the modules below are compiled after this
// one.
@SuppressWarnings({"module", "requires-automatic"})
module io.weft.jvm {
  requires com.fasterxml.jackson.databind;
  requires com.twelvemonkeys.imageio.metadata;
  requires com.twelvemonkeys.imageio.webp;
  requires java.management;
  requires java.net.http;
  requires jdk.management;
  requires transitive org.slf4j;
  requires transitive java.desktop;
  requires static transitive org.jspecify;

  exports io.weft;
  exports io.weft.advice;
  exports io.weft.anomaly;
  exports io.weft.codec;
  exports io.weft.complete;
  exports io.weft.data;
  exports io.weft.define;
  exports io.weft.distribution;
  exports io.weft.doctor;
  exports io.weft.engine;
  exports io.weft.exchange;
  exports io.weft.expression;
  exports io.weft.graph;
  exports io.weft.image;
  exports io.weft.json;
  exports io.weft.layer;
  exports io.weft.memory;
  exports io.weft.model;
  exports io.weft.optimise;
  exports io.weft.order;
  exports io.weft.prove;
  exports io.weft.pyramid;
  exports io.weft.sample;
  exports io.weft.save;
  exports io.weft.score;
  exports io.weft.spec;
  exports io.weft.train;
  exports io.weft.weight;
  exports io.weft.internal to
      io.weft.dsl;
  exports io.weft.internal.distribution to
      io.weft.tensorflow;
  exports io.weft.internal.files to
      io.weft.drawing,
      io.weft.watch;
  exports io.weft.internal.lettering to
      io.weft.drawing,
      io.weft.watch;
  exports io.weft.internal.levels to
      io.weft.tensorflow;
  exports io.weft.internal.machine to
      io.weft.tensorflow;
  exports io.weft.internal.memory to
      io.weft.tensorflow;
  exports io.weft.internal.optimise to
      io.weft.tensorflow;
  exports io.weft.internal.prove to
      io.weft.drawing,
      io.weft.tensorflow;
  exports io.weft.internal.save to
      io.weft.watch;
  exports io.weft.internal.step to
      io.weft.drawing,
      io.weft.tensorflow;
  exports io.weft.internal.thread to
      io.weft.tensorflow,
      io.weft.watch;

  // What is written and read as JSON.
  opens io.weft to
      com.fasterxml.jackson.databind;
  opens io.weft.anomaly to
      com.fasterxml.jackson.databind;
  opens io.weft.distribution to
      com.fasterxml.jackson.databind;
  opens io.weft.internal.save to
      com.fasterxml.jackson.databind;
  opens io.weft.layer to
      com.fasterxml.jackson.databind;
  opens io.weft.optimise to
      com.fasterxml.jackson.databind;
  opens io.weft.order to
      com.fasterxml.jackson.databind;
  opens io.weft.pyramid to
      com.fasterxml.jackson.databind;
  opens io.weft.spec to
      com.fasterxml.jackson.databind;

  uses io.weft.engine.EngineProvider;
}
