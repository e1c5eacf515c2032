package io.weft.watch;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import io.weft.advice.Advice;
import io.weft.data.DataFormatException;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What happened in training, as numbers: a value that is shown, saved and read again.
 *
 * @param steps means over some steps each, in order
 * @param validations in order
 */
public record TrainingHistory(List<Steps> steps, List<Validation> validations) {

  /** A history larger than this is no history that was written here. */
  private static final long MOST_BYTES = 1L << 28;

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  /** What the columns of own metrics begin with, so that any name is a good one. */
  private static final String METRIC = "metrics.";

  private static final CsvMapper CSV =
      CsvMapper.csvBuilder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .disable(CsvParser.Feature.TRIM_HEADER_SPACES)
          .build();

  /**
   * Some steps together.
   *
   * @param step the last of them, counted from the start of the model's training
   * @param epoch its pass over the examples, from 1
   * @param trainingBits the mean bits per dimension of their batches
   * @param gradientNorm the mean global norm of their gradients, before clipping
   * @param learningRate that of the last
   * @param imagesPerSecond the images of the steps by the time that they took
   * @param inputSeconds the mean time of a step in which it waited for its batch
   * @param runSeconds the mean time of a step in TensorFlow
   * @param restSeconds the mean rest of a step's time
   * @param seconds that training has lasted
   */
  public record Steps(
      long step,
      int epoch,
      double trainingBits,
      double gradientNorm,
      double learningRate,
      double imagesPerSecond,
      double inputSeconds,
      double runSeconds,
      double restSeconds,
      double seconds) {}

  /**
   * A validation.
   *
   * @param step steps done
   * @param epoch the pass over the examples, from 1
   * @param trainingBits mean bits per dimension of the steps since the validation before
   * @param validationBits bits per dimension of the validation examples
   * @param seconds that training has lasted
   * @param metrics what was measured beside, by name, see {@link
   *     io.weft.train.TrainingOptions.Builder#metric}; any number, finite or not
   */
  public record Validation(
      long step,
      int epoch,
      double trainingBits,
      double validationBits,
      double seconds,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> metrics) {

    /**
     * Freezes the metrics, in their order.
     *
     * @throws NullPointerException if a metric has no number
     */
    public Validation {
      metrics.forEach((name, number) -> Objects.requireNonNull(number, name));
      metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
    }
  }

  /** A row of the table; what has no value there is empty. */
  @JsonPropertyOrder({
    "step",
    "epoch",
    "trainingBits",
    "validationBits",
    "gradientNorm",
    "learningRate",
    "imagesPerSecond",
    "inputSeconds",
    "runSeconds",
    "restSeconds",
    "seconds"
  })
  private record Row(
      long step,
      int epoch,
      double trainingBits,
      @Nullable Double validationBits,
      @Nullable Double gradientNorm,
      @Nullable Double learningRate,
      @Nullable Double imagesPerSecond,
      @Nullable Double inputSeconds,
      @Nullable Double runSeconds,
      @Nullable Double restSeconds,
      double seconds,
      @JsonAnyGetter Map<String, @Nullable Double> metrics) {

    static Row of(Steps s) {
      return new Row(
          s.step,
          s.epoch,
          s.trainingBits,
          null,
          s.gradientNorm,
          s.learningRate,
          s.imagesPerSecond,
          s.inputSeconds,
          s.runSeconds,
          s.restSeconds,
          s.seconds,
          Map.of());
    }

    static Row of(Validation v) {
      return new Row(
          v.step,
          v.epoch,
          v.trainingBits,
          v.validationBits,
          null,
          null,
          null,
          null,
          null,
          null,
          v.seconds,
          measured(v.metrics));
    }

    private static Map<String, @Nullable Double> measured(Map<String, Double> metrics) {
      Map<String, @Nullable Double> columns = new LinkedHashMap<>();
      metrics.forEach((name, value) -> columns.put(METRIC + name, value));
      return columns;
    }

    Steps steps() {
      return new Steps(
          step,
          epoch,
          trainingBits,
          given(gradientNorm),
          given(learningRate),
          given(imagesPerSecond),
          given(inputSeconds),
          given(runSeconds),
          given(restSeconds),
          seconds);
    }

    Validation validation() {
      Map<String, Double> measured = new LinkedHashMap<>();
      metrics.forEach(
          (name, value) -> {
            if (value != null) {
              measured.put(name, value);
            }
          });
      return new Validation(step, epoch, trainingBits, given(validationBits), seconds, measured);
    }

    private double given(@Nullable Double value) {
      if (value == null) {
        throw new IllegalArgumentException("the row of step " + step + " lacks a number");
      }
      return value;
    }
  }

  /** Freezes the lists. */
  public TrainingHistory {
    steps = List.copyOf(steps);
    validations = List.copyOf(validations);
  }

  /** Returns what had happened when a number of steps was done. */
  public TrainingHistory upTo(long step) {
    return new TrainingHistory(
        steps.stream().filter(s -> s.step <= step).toList(),
        validations.stream().filter(v -> v.step <= step).toList());
  }

  /** Returns whether nothing has happened. */
  @JsonIgnore
  public boolean isEmpty() {
    return steps.isEmpty() && validations.isEmpty();
  }

  /** Returns the names of all own metrics, in the order in which they came. */
  public List<String> metricNames() {
    return validations.stream().flatMap(v -> v.metrics.keySet().stream()).distinct().toList();
  }

  /** Returns how long training has lasted, in seconds. */
  double seconds() {
    return Stream.concat(
            steps.stream().map(Steps::seconds), validations.stream().map(Validation::seconds))
        .mapToDouble(Double::doubleValue)
        .max()
        .orElse(0);
  }

  /** Returns the history as a JSON object of two lists, the names those of the components here. */
  public String json() {
    return text(JSON::writeValueAsString, this);
  }

  /**
   * Returns the history as a table with a header, the rows by steps: {@code step, epoch,
   * trainingBits, validationBits, gradientNorm, learningRate, imagesPerSecond, inputSeconds,
   * runSeconds, restSeconds, seconds}. Steps have no validationBits; validations have them, and
   * none of the six after it. Own metrics follow, each in a column {@code metrics.NAME}.
   */
  public String csv() {
    List<Row> rows =
        Stream.concat(steps.stream().map(Row::of), validations.stream().map(Row::of))
            .sorted(Comparator.comparingLong(Row::step))
            .toList();
    List<String> own = metricNames().stream().map(name -> METRIC + name).toList();
    return text(CSV.writer(columns(own))::writeValueAsString, rows);
  }

  private static CsvSchema columns(List<String> own) {
    CsvSchema.Builder columns = CsvSchema.builder().setUseHeader(true);
    for (CsvSchema.Column column : CSV.schemaFor(Row.class)) {
      if (!column.getName().equals("metrics")) {
        columns.addColumn(column.getName(), column.getType());
      }
    }
    own.forEach(name -> columns.addColumn(name, CsvSchema.ColumnType.NUMBER));
    return columns.build();
  }

  private interface Writer {
    String write(Object value) throws JsonProcessingException;
  }

  private static String text(Writer writer, Object value) {
    try {
      return writer.write(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e); // Nothing of this can fail in memory.
    }
  }

  /**
   * Writes the history, whole or not at all: as JSON if the name ends in {@code .json}, as CSV if
   * in {@code .csv}.
   *
   * @throws IllegalArgumentException if it ends in anything else
   * @throws IOException if the file cannot be written
   */
  public void write(Path file) throws IOException {
    String text = isJson(file) ? json() : csv();
    AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Reads a history that {@link #write} wrote.
   *
   * @throws IllegalArgumentException if the name ends neither in {@code .json} nor in {@code .csv}
   * @throws DataFormatException if the file holds something else
   * @throws IOException if it cannot be read
   */
  public static TrainingHistory read(Path file) throws IOException {
    boolean isJson = isJson(file);
    Optional<String> other = RegularFile.otherThanFile(file);
    if (other.isPresent()) {
      throw unreadable(file, other.get(), null);
    }
    if (Files.size(file) > MOST_BYTES) {
      throw unreadable(file, Files.size(file) + " bytes", null);
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return isJson ? fromJson(bytes) : fromCsv(bytes);
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      String found = Objects.requireNonNullElse(e.getMessage(), e.toString());
      throw unreadable(file, found.lines().findFirst().orElse(""), e);
    }
  }

  private static TrainingHistory fromJson(byte[] bytes) throws IOException {
    JsonNode history = JSON.readTree(bytes);
    // Histories without own metrics do not name them.
    for (JsonNode validation : history.path("validations")) {
      if (validation instanceof ObjectNode object && !object.has("metrics")) {
        object.putObject("metrics");
      }
    }
    return Objects.requireNonNull(JSON.treeToValue(history, TrainingHistory.class), "nothing");
  }

  private static TrainingHistory fromCsv(byte[] bytes) throws IOException {
    List<Row> all = new ArrayList<>();
    try (MappingIterator<ObjectNode> lines =
        CSV.readerFor(ObjectNode.class)
            .with(CsvSchema.emptySchema().withHeader())
            .readValues(bytes)) {
      boolean more = lines.hasNextValue();
      CsvSchema header = (CsvSchema) lines.getParser().getSchema();
      for (CsvSchema.Column column : columns(List.of())) {
        if (header.column(column.getName()) == null) {
          throw new IllegalArgumentException("no column " + column.getName());
        }
      }
      for (; more; more = lines.hasNextValue()) {
        all.add(row(lines.nextValue()));
      }
    }
    return new TrainingHistory(
        all.stream().filter(row -> row.validationBits() == null).map(Row::steps).toList(),
        all.stream().filter(row -> row.validationBits() != null).map(Row::validation).toList());
  }

  private static Row row(ObjectNode line) throws JsonProcessingException {
    ObjectNode metrics = line.objectNode();
    for (var field : List.copyOf(line.properties())) {
      if (field.getKey().startsWith(METRIC)) {
        metrics.set(field.getKey().substring(METRIC.length()), field.getValue());
        line.remove(field.getKey());
      }
    }
    line.set("metrics", metrics);
    return CSV.treeToValue(line, Row.class);
  }

  private static DataFormatException unreadable(Path file, String found, @Nullable Throwable why) {
    return new DataFormatException(file, found, "a training history", Advice.GIVE_A_HISTORY, why);
  }

  /**
   * Checks that a history can be written under a name.
   *
   * @throws IllegalArgumentException if it ends neither in {@code .json} nor in {@code .csv}
   */
  public static void checkName(Path file) {
    isJson(file);
  }

  private static boolean isJson(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return true;
    }
    if (name.endsWith(".csv")) {
      return false;
    }
    throw new IllegalArgumentException(
        file + ": found a name of unknown kind; histories are written to .csv and .json files");
  }
}
