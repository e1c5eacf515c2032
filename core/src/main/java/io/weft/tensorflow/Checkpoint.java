package io.weft.tensorflow;

import io.weft.expression.Parameter;
import io.weft.files.WriteException;
import io.weft.thread.Interruption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TFInvalidArgumentException;
import org.tensorflow.exceptions.TFUnimplementedException;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.NdArrays;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.MergeV2Checkpoints;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;

/**
 * Float arrays to and from TensorFlow's standard checkpoint format: the files {@code prefix.index}
 * and {@code prefix.data-00000-of-00001} that every TensorFlow reads.
 *
 * <p>Whatever the size of the model, only about 64 MiB are copied at a time. What is more is spread
 * over several data files.
 */
public final class Checkpoint {

  /** Bytes that are copied at a time; a larger array is copied alone. */
  private static final long PIECE = 64 << 20;

  /**
   * One array.
   *
   * @param name under which it is found again
   * @param parameter gives the shape
   * @param values gives the numbers, row-major
   */
  public record Entry(String name, Parameter parameter, Supplier<float[]> values) {
    /** Checks that nothing is missing. */
    public Entry {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(parameter, "parameter");
      Objects.requireNonNull(values, "values");
    }

    private Shape shape() {
      return Checkpoint.shape(parameter);
    }

    private long bytes() {
      return 4L * parameter.size();
    }
  }

  static {
    TensorFlowNative.version();
  }

  private Checkpoint() {}

  /**
   * Writes a checkpoint.
   *
   * @param prefix what the file names begin with; the folder must be there
   * @param entries at least one
   * @throws WriteException if the files cannot be written; some may be there nevertheless
   */
  public static void write(Path prefix, List<Entry> entries) throws IOException {
    write(prefix, entries, PIECE);
  }

  /** Writes as above, copying {@code most} bytes at a time. */
  static void write(Path prefix, List<Entry> entries, long most) throws IOException {
    List<List<Entry>> pieces = pieces(entries, most);
    try {
      if (pieces.size() == 1) {
        writePiece(prefix, pieces.get(0));
        return;
      }
      List<Path> parts = new ArrayList<>();
      for (List<Entry> piece : pieces) {
        Path part = prefix.resolveSibling(prefix.getFileName() + ".part-" + parts.size());
        writePiece(part, piece);
        parts.add(part);
      }
      merge(parts, prefix);
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new WriteException(
          prefix, new IOException("TensorFlow could not write the checkpoint: " + firstLine(e), e));
    }
  }

  private static List<List<Entry>> pieces(List<Entry> entries, long most) {
    List<List<Entry>> pieces = new ArrayList<>();
    long room = 0;
    for (Entry entry : entries) {
      if (pieces.isEmpty() || entry.bytes() > room) {
        pieces.add(new ArrayList<>());
        room = most;
      }
      pieces.get(pieces.size() - 1).add(entry);
      room -= entry.bytes();
    }
    return pieces;
  }

  private static void writePiece(Path prefix, List<Entry> entries) {
    Interruption.check();
    String[] names = entries.stream().map(Entry::name).toArray(String[]::new);
    List<TFloat32> tensors = new ArrayList<>();
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      List<Placeholder<TFloat32>> feeds =
          entries.stream()
              .map(e -> tf.placeholder(TFloat32.class, Placeholder.shape(e.shape())))
              .toList();
      Op save =
          tf.train.save(
              tf.constant(prefix.toString()), tf.array(names), whole(tf, names.length), all(feeds));
      try (Session session = Device.cpu().open(graph)) {
        Session.Runner runner = session.runner().addTarget(save);
        for (int i = 0; i < feeds.size(); i++) {
          Entry entry = entries.get(i);
          float[] values = entry.values().get();
          tensors.add(TFloat32.tensorOf(entry.shape(), DataBuffers.of(values, true, false)));
          runner.feed(feeds.get(i), tensors.get(i));
        }
        runner.run().close();
      }
    } finally {
      tensors.forEach(TFloat32::close);
    }
  }

  /** An empty slice specification stands for the whole tensor. */
  private static Operand<TString> whole(Ops tf, int count) {
    String[] slices = new String[count];
    Arrays.fill(slices, "");
    return tf.array(slices);
  }

  private static List<Operand<?>> all(List<? extends Operand<?>> operands) {
    return List.copyOf(operands);
  }

  private static void merge(List<Path> parts, Path prefix) {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Op merge =
          tf.train.mergeV2Checkpoints(
              tf.array(parts.stream().map(Path::toString).toArray(String[]::new)),
              tf.constant(prefix.toString()),
              MergeV2Checkpoints.deleteOldDirs(false));
      try (Session session = Device.cpu().open(graph)) {
        session.runner().addTarget(merge).run().close();
      }
    }
  }

  /**
   * Reads arrays from a checkpoint. The files must be known to be whole: TensorFlow is no judge of
   * damage.
   *
   * @param prefix what the file names begin with
   * @param wanted the shapes by name
   * @return the numbers by name, row-major
   * @throws IOException if one is missing, no float32 or of another shape, or reading fails
   */
  public static Map<String, float[]> read(Path prefix, Map<String, Parameter> wanted)
      throws IOException {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Placeholder<TString> name = tf.placeholder(TString.class, Placeholder.shape(Shape.of(1)));
      Operand<?> read =
          tf.train
              .restore(tf.constant(prefix.toString()), name, whole(tf, 1), List.of(TFloat32.class))
              .tensors()
              .get(0);
      try (Session session = Device.cpu().open(graph)) {
        for (Map.Entry<String, Parameter> entry : wanted.entrySet()) {
          Interruption.check();
          try (TString fed = TString.tensorOf(NdArrays.vectorOfObjects(entry.getKey()));
              var result = session.runner().feed(name, fed).fetch(read).run()) {
            Shape found = result.get(0).shape();
            if (!found.equals(shape(entry.getValue()))) {
              throw new IOException(
                  entry.getKey()
                      + " of shape "
                      + found
                      + " where the definition has "
                      + shape(entry.getValue()));
            }
            arrays.put(entry.getKey(), Variables.floats(result.get(0)));
          }
        }
      }
    } catch (TensorFlowException | TFInvalidArgumentException | TFUnimplementedException e) {
      throw new IOException("what TensorFlow cannot read: " + firstLine(e), e);
    }
    return arrays;
  }

  private static Shape shape(Parameter parameter) {
    return Shape.of(parameter.dimensions().stream().mapToLong(Integer::longValue).toArray());
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
