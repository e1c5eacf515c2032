package io.weft.exchange;

import io.weft.data.DataFormatException;
import io.weft.define.Definition;
import io.weft.internal.files.RegularFile;
import io.weft.internal.thread.Interruption;
import io.weft.weight.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which arrays of a file the parameters of a model are: every parameter is given exactly once, and
 * every array is used or left out in words. Immutable.
 *
 * <p>It is built from rules, or read from a text with a line for each:
 *
 * <pre>
 * # a layer, and the PyTorch module with its numbers
 * block/vertical = torch(blocks.0.v)
 * # one parameter, in PyTorch's arrangement, or as it is
 * block/link/kernel = torch(blocks.0.v2h.weight)
 * block/conv1x1/kernel = blocks.0.cond.weight[:, 0:32]
 * block/link/bias = 0
 * leave out blocks.3.res.*
 * </pre>
 *
 * <ul>
 *   <li>{@code name}: an array as it is; in quotation marks where it has other signs than letters,
 *       digits and _ . / -
 *   <li>{@code torch(x)}: PyTorch's arrangement becomes Weft's, which is that of the layer: {@code
 *       [out, in, rows, columns]} of a convolution, whole or cut to the rows and columns that are
 *       read; {@code [in, out, rows, columns]} of a transposed one; {@code [out, in]} of a matrix.
 *       For a layer x is a module: its {@code weight}, {@code bias}, {@code running_mean}, {@code
 *       running_var}, or {@code weight_g} and {@code weight_v}, which are folded where the layer is
 *       not weight-normalised itself. A module's {@code mask} is compared with what the layer reads
 *   <li>{@code x[2:4]}, {@code x[:, 2:4]}: a part of the first or second axis
 *   <li>{@code transpose(x, 1, 0)}, {@code reshape(x, 8, 16)}, {@code join(0, x, y)}, {@code x +
 *       y}: as {@link Tensor} has them
 *   <li>{@code normalised(g, v)}: g v / |v| for each index of the first axis
 *   <li>{@code 0}: the same number everywhere
 *   <li>{@code * = *}: all parameters that no other line gives are the arrays of their own names
 * </ul>
 */
public final class WeightMapping {

  private static final String LEAVE_OUT = "leave out ";
  private static final String ALL = "*";
  private static final int LONGEST = 4 << 20;
  private static final int SHOWN = 12;

  private final List<Line> lines;
  private final List<String> leftOut;
  private final boolean byName;

  /** Where a rule's numbers come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads an array, which counts as used.
     *
     * @throws IllegalArgumentException if there is none of that name
     * @throws IOException if it cannot be read
     */
    Tensor read(String name) throws IOException;
  }

  /** What a parameter's numbers are, as a function. */
  @FunctionalInterface
  public interface Rule {
    /** Returns an array in the sizes of the parameter. */
    Tensor of(Source source) throws IOException;
  }

  /** What a line says of a layer or a parameter. */
  private record Line(String target, Formula formula) {}

  private WeightMapping(Builder builder) {
    lines = List.copyOf(builder.lines);
    leftOut = List.copyOf(builder.leftOut);
    byName = builder.byName;
  }

  /** Returns the mapping of Weft's own files: each parameter is the array of its full name. */
  public static WeightMapping byName() {
    return builder().restByName().build();
  }

  /**
   * Reads a mapping, as above.
   *
   * @throws IllegalArgumentException if a line is not understood; the message has its number
   */
  public static WeightMapping parse(String text) {
    return builder().lines(text).build();
  }

  /**
   * Reads a mapping from a file in UTF-8.
   *
   * @throws DataFormatException if there is no such file, or it is no text, or a line is not
   *     understood
   * @throws IOException if it cannot be read
   */
  public static WeightMapping read(Path file) throws IOException {
    var other = RegularFile.otherThanFile(file);
    if (other.isPresent()) {
      throw new DataFormatException(file, other.get(), "a mapping of weights", "Check the path.");
    }
    try (InputStream in = RegularFile.open(file)) {
      byte[] bytes = in.readNBytes(LONGEST);
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      throw new DataFormatException(
          file, "no text in UTF-8", "a mapping of weights", "Write it with a text editor.", e);
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          file, e.getMessage(), "lines such as block/vertical = torch(blocks.0.v)", "Mend it.", e);
    }
  }

  /** Starts a mapping. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects rules. Not for use by several threads at once. */
  public static final class Builder {

    private final List<Line> lines = new ArrayList<>();
    private final List<String> leftOut = new ArrayList<>();
    private boolean byName;

    private Builder() {}

    /**
     * Takes all parameters of a layer from a module of PyTorch, as {@code layer = torch(module)}
     * does in a text.
     *
     * @param name the full name of the layer, such as "block/vertical"
     * @param module its name in the state dictionary, such as "blocks.0.v"
     */
    public Builder torch(String name, String module) {
      lines.add(new Line(checked(name), new Formula.Torch(checked(module))));
      return this;
    }

    /**
     * Takes a parameter from a function.
     *
     * @param name the full name, such as "block/vertical/kernel"
     * @param rule reads arrays, and returns one in the sizes of the parameter
     */
    public Builder parameter(String name, Rule rule) {
      Objects.requireNonNull(rule, "rule");
      lines.add(new Line(checked(name), (place, taking) -> rule.of(taking)));
      return this;
    }

    /**
     * Takes a parameter or a layer from what stands behind the "=" of a line.
     *
     * @throws IllegalArgumentException if it is not understood
     */
    public Builder parameter(String name, String formula) {
      lines.add(new Line(checked(name), MappingParser.parse(formula)));
      return this;
    }

    /**
     * Leaves arrays of the file out.
     *
     * @param pattern a name, in which "*" stands for any letters; it has to match something
     */
    public Builder leaveOut(String pattern) {
      leftOut.add(checked(pattern));
      return this;
    }

    /** Takes all parameters that nothing else gives from the arrays of their own names. */
    public Builder restByName() {
      byName = true;
      return this;
    }

    /**
     * Adds the lines of a text.
     *
     * @throws IllegalArgumentException if one is not understood; the message has its number
     */
    public Builder lines(String text) {
      int number = 0;
      for (String line : text.split("\\R", -1)) {
        number++;
        try {
          line(line.strip());
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
        }
      }
      return this;
    }

    private void line(String line) {
      int equals = line.indexOf('=');
      if (line.isEmpty() || line.startsWith("#")) {
        return;
      }
      if (line.startsWith(LEAVE_OUT)) {
        leaveOut(line.substring(LEAVE_OUT.length()).strip());
      } else if (equals < 0) {
        throw new IllegalArgumentException(
            "found \""
                + (line.length() > 80 ? line.substring(0, 80) + "..." : line)
                + "\"; expected \"parameter = array\", \"layer = torch(module)\" or \"leave out"
                + " array\"");
      } else {
        String target = line.substring(0, equals).strip();
        String formula = line.substring(equals + 1).strip();
        if (target.equals(ALL) && formula.equals(ALL)) {
          restByName();
        } else {
          parameter(target, formula);
        }
      }
    }

    private static String checked(String name) {
      if (Objects.requireNonNull(name, "name").isBlank()) {
        throw new IllegalArgumentException("found no name; expected one");
      }
      return name;
    }

    /** Returns the mapping. */
    public WeightMapping build() {
      return new WeightMapping(this);
    }
  }

  /**
   * Takes a model's weights from a file.
   *
   * @return the weights, what was left out and what masks dropped
   * @throws IllegalArgumentException if a parameter is not given, or twice, an array is neither
   *     used nor left out, sizes do not fit, or a number is infinite or NaN; the message names what
   *     is missing and what is left over, with sizes and near names
   * @throws IOException if the file is damaged, or cannot be read
   */
  public ImportedWeights apply(Definition definition, TensorFile file) throws IOException {
    Map<String, ParameterPlace> places = ParameterPlace.all(definition);
    Map<String, Formula> formulas = formulas(places, file);
    Taking taking = new Taking(file);
    Map<String, float[]> values = new LinkedHashMap<>();
    Map<String, Integer> masked = new LinkedHashMap<>();
    for (Map.Entry<String, Formula> given : formulas.entrySet()) {
      Interruption.check();
      ParameterPlace place = places.get(given.getKey());
      values.put(given.getKey(), numbers(place, given.getValue(), taking));
      int dropped = taking.takeMasked();
      if (dropped > 0) {
        masked.put(given.getKey(), dropped);
      }
    }
    List<String> unused = unused(file, taking);
    checkWhole(places, values.keySet(), file, unused);
    List<String> out = new ArrayList<>(file.entries().keySet());
    out.removeAll(taking.taken());
    return new ImportedWeights(Weights.of(definition, values), out, masked);
  }

  private static float[] numbers(ParameterPlace place, Formula formula, Taking taking)
      throws IOException {
    Tensor tensor;
    try {
      tensor = formula.of(place, taking);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place.inWords() + ": " + e.getMessage(), e);
    }
    if (!tensor.dimensions().equals(place.parameter().dimensions())) {
      throw new IllegalArgumentException(
          place.inWords()
              + " is given an array of "
              + tensor
              + "; bring it to these sizes, or say torch if it is in PyTorch's arrangement");
    }
    return tensor.values();
  }

  private Map<String, Formula> formulas(Map<String, ParameterPlace> places, TensorFile file) {
    Map<String, Formula> formulas = new LinkedHashMap<>();
    for (Line line : lines) {
      for (Map.Entry<String, Formula> one : expanded(places, line).entrySet()) {
        if (formulas.put(one.getKey(), one.getValue()) != null) {
          throw new IllegalArgumentException(
              one.getKey() + " is given twice, the second time by " + line.target());
        }
      }
    }
    if (byName) {
      places.keySet().stream()
          .filter(file.entries()::containsKey)
          .forEach(name -> formulas.putIfAbsent(name, Formula.named(name)));
    }
    return formulas;
  }

  /** What a line says of each parameter. */
  private static Map<String, Formula> expanded(Map<String, ParameterPlace> places, Line line) {
    Map<String, Formula> one = new LinkedHashMap<>();
    if (places.containsKey(line.target())) {
      one.put(line.target(), line.formula());
      return one;
    }
    List<ParameterPlace> layer =
        places.values().stream().filter(p -> p.layerName().equals(line.target())).toList();
    if (layer.isEmpty()) {
      Set<String> names = new TreeSet<>(places.keySet());
      places.values().forEach(p -> names.add(p.layerName()));
      throw new IllegalArgumentException(
          "the model has no parameter and no layer with parameters \""
              + line.target()
              + "\""
              + Near.words(line.target(), names));
    }
    if (line.formula().module().isEmpty()) {
      throw new IllegalArgumentException(
          line.target()
              + " is a layer, which takes torch(module); give its parameters by themselves: "
              + words(layer, ParameterPlace::inWords));
    }
    TorchModule module = line.formula().module().get(0);
    layer.forEach(place -> one.put(place.name(), module::of));
    return one;
  }

  private List<String> unused(TensorFile file, Taking taking) {
    Set<String> unused = new LinkedHashSet<>(file.entries().keySet());
    unused.removeAll(taking.taken());
    unused.removeAll(taking.passedOver());
    for (String pattern : leftOut) {
      Pattern names =
          Pattern.compile(
              Pattern.compile("\\*")
                  .splitAsStream(pattern + " ")
                  .map(Pattern::quote)
                  .collect(Collectors.joining(".*")));
      if (file.entries().keySet().stream().noneMatch(n -> names.matcher(n + " ").matches())) {
        throw new IllegalArgumentException(
            "nothing in "
                + file
                + " is left out by \""
                + pattern
                + "\""
                + Near.words(pattern, file.entries().keySet()));
      }
      unused.removeIf(name -> names.matcher(name + " ").matches());
    }
    return List.copyOf(unused);
  }

  private static void checkWhole(
      Map<String, ParameterPlace> places, Set<String> given, TensorFile file, List<String> unused) {
    List<ParameterPlace> missing =
        places.values().stream().filter(place -> !given.contains(place.name())).toList();
    List<String> problems = new ArrayList<>();
    if (!missing.isEmpty()) {
      problems.add(
          "no weights for "
              + missing.size()
              + " of "
              + places.size()
              + " parameters: "
              + words(missing, ParameterPlace::inWords)
              + (missing.size() == 1 ? Near.words(missing.get(0).name(), unused) : ""));
    }
    if (!unused.isEmpty()) {
      problems.add(
          unused.size()
              + " arrays of "
              + file
              + " that nothing takes or leaves out: "
              + words(unused, name -> name + " " + file.entries().get(name).dimensions()));
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  private static <T> String words(List<T> things, Function<T, String> word) {
    return things.stream().limit(SHOWN).map(word).collect(Collectors.joining(", "))
        + (things.size() > SHOWN ? " and " + (things.size() - SHOWN) + " more" : "");
  }
}
