package io.weft.internal.tensorflow;

import io.weft.expression.Parameter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.MergeV2Checkpoints;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/** TensorFlow's own writer and reader of checkpoints, to compare with. */
public final class TensorFlowCheckpoints {

  static {
    TensorFlowNative.version();
  }

  private TensorFlowCheckpoints() {}

  /** Writes arrays, whose names are those of {@code shapes}. */
  public static void write(
      Path prefix, Map<String, Parameter> shapes, Map<String, float[]> arrays) {
    String[] names = shapes.keySet().toArray(String[]::new);
    List<TFloat32> tensors = new ArrayList<>();
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      List<Placeholder<TFloat32>> feeds = new ArrayList<>();
      for (String name : names) {
        feeds.add(tf.placeholder(TFloat32.class, Placeholder.shape(shape(shapes.get(name)))));
      }
      Op save =
          tf.train.save(
              tf.constant(prefix.toString()),
              tf.array(names),
              whole(tf, names.length),
              List.copyOf(feeds));
      try (Session session = new Session(graph)) {
        Session.Runner runner = session.runner().addTarget(save);
        for (int i = 0; i < names.length; i++) {
          TFloat32 tensor =
              TFloat32.tensorOf(
                  shape(shapes.get(names[i])), DataBuffers.of(arrays.get(names[i]), true, false));
          tensors.add(tensor);
          runner.feed(feeds.get(i), tensor);
        }
        runner.run().close();
      }
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  /** Writes each array into a data file of its own, as a large model is written in pieces. */
  public static void writeInPieces(
      Path prefix, Map<String, Parameter> shapes, Map<String, float[]> arrays) {
    List<String> parts = new ArrayList<>();
    for (String name : shapes.keySet()) {
      Path part = prefix.resolveSibling(prefix.getFileName() + ".part-" + parts.size());
      write(part, Map.of(name, shapes.get(name)), arrays);
      parts.add(part.toString());
    }
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Op merge =
          tf.train.mergeV2Checkpoints(
              tf.array(parts.toArray(String[]::new)),
              tf.constant(prefix.toString()),
              MergeV2Checkpoints.deleteOldDirs(false));
      try (Session session = new Session(graph)) {
        session.runner().addTarget(merge).run().close();
      }
    }
  }

  /** Reads arrays, which TensorFlow refuses if they have other shapes. */
  public static Map<String, float[]> read(Path prefix, Map<String, Parameter> shapes) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Placeholder<TString> name = tf.placeholder(TString.class, Placeholder.shape(Shape.of(1)));
      Operand<?> read =
          tf.train
              .restore(tf.constant(prefix.toString()), name, whole(tf, 1), List.of(TFloat32.class))
              .tensors()
              .get(0);
      try (Session session = new Session(graph)) {
        for (Map.Entry<String, Parameter> entry : shapes.entrySet()) {
          try (TString fed = TString.tensorOf(NdArrays.vectorOfObjects(entry.getKey()));
              var result = session.runner().feed(name, fed).fetch(read).run()) {
            if (!result.get(0).shape().equals(shape(entry.getValue()))) {
              throw new AssertionError(entry.getKey() + " is " + result.get(0).shape());
            }
            arrays.put(entry.getKey(), Variables.floats(result.get(0)));
          }
        }
      }
    }
    return arrays;
  }

  /** An empty slice specification stands for the whole tensor. */
  private static Operand<TString> whole(Ops tf, int count) {
    String[] slices = new String[count];
    Arrays.fill(slices, "");
    return tf.array(slices);
  }

  private static Shape shape(Parameter parameter) {
    return Shape.of(parameter.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }
}
