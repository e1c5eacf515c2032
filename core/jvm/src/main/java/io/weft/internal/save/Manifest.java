package io.weft.internal.save;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.weft.internal.files.RegularFile;
import io.weft.optimise.Adam;
import io.weft.save.ModelFormatException;
import io.weft.train.TrainingRecord;
import io.weft.weight.RunLoss;
import io.weft.weight.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code model.json}: what the folder is, what its files must be, and where the weights
 * come from. It ends in a digest of its own content, so that damage to it shows as well.
 *
 * @param saved when
 * @param model the name of the definition
 * @param versions of Weft, TensorFlow and Java that saved it
 * @param step steps of training done; null for a model without training state
 * @param run what else of the training state is no array; null with the step
 * @param files the other files by name
 * @param history one record for each training run
 */
record Manifest(
    Instant saved,
    String model,
    String versions,
    @Nullable Long step,
    @Nullable Run run,
    Map<String, Fingerprint> files,
    List<TrainingRecord> history) {

  /**
   * The training run that the state is of, see {@link TrainingState}.
   *
   * @param start steps that the model had before
   * @param firstBits what its first step found; null before that step
   * @param bits the sum of what its latest steps found
   * @param steps how many these are
   * @param averaged whether the checkpoint has a Polyak average apart from the model's weights
   * @param slots what the optimiser keeps; null for Adam's, of which older manifests say nothing
   * @param optimiserStart steps that the model had before the first that the optimiser has seen;
   *     null for {@code start}, and in older manifests, which say nothing of it
   */
  record Run(
      long start,
      @Nullable Double firstBits,
      double bits,
      long steps,
      boolean averaged,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> slots,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Long optimiserStart) {

    private static final Set<String> ADAMS = Set.of(Adam.FIRST_MOMENT, Adam.SECOND_MOMENT);

    Run {
      slots = slots == null ? null : List.copyOf(slots);
      Set<String> named = slots == null ? ADAMS : Set.copyOf(slots);
      if (named.contains(ModelFormat.RAW)
          || named.contains(ModelFormat.AVERAGE)
          || (slots != null && slots.size() != named.size())) {
        throw new IllegalArgumentException("an optimiser does not keep " + slots);
      }
    }

    static Run of(TrainingState state) {
      RunLoss loss = state.loss();
      return new Run(
          state.runStart(),
          loss.first().isPresent() ? loss.first().getAsDouble() : null,
          loss.bits(),
          loss.steps(),
          state.average().isPresent(),
          state.slots().keySet().equals(ADAMS)
              ? null
              : state.slots().keySet().stream().sorted().toList(),
          state.optimiserStart() == state.runStart() ? null : state.optimiserStart());
    }

    List<String> slotsOrAdams() {
      return slots == null ? ADAMS.stream().sorted().toList() : slots;
    }

    RunLoss loss() {
      return new RunLoss(
          firstBits == null ? OptionalDouble.empty() : OptionalDouble.of(firstBits), bits, steps);
    }
  }

  static final String FILE = "model.json";

  private static final String FORMAT = "weft-model";
  private static final int VERSION = 1;
  static final int LARGEST = 64 << 20;

  /** No less than the largest history has: a validation takes a dozen in more than 100 bytes. */
  private static final long MOST_TOKENS = 8_000_000;

  private static final Pattern DATA_FILE =
      Pattern.compile("(weights|training)\\.(index|data-\\d{5}-of-\\d{5})|definition\\.json");

  /** Also TensorFlow's temporary files, which begin with the final name. */
  private static final Pattern PART =
      Pattern.compile("(weights|training)\\.(index|data-|part-).*|definition\\.json");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxTokenCount(MOST_TOKENS)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Instant.class, new InstantReader()))
          .build();

  Manifest {
    Objects.requireNonNull(saved, "saved");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(versions, "versions");
    if ((step == null) != (run == null)) {
      throw new IllegalArgumentException("a training step and its run are there together");
    }
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    history = List.copyOf(history);
    for (Map.Entry<String, Fingerprint> file : files.entrySet()) {
      Objects.requireNonNull(file.getValue(), file.getKey());
      // A name with a path in it would lead out of the folder.
      if (!DATA_FILE.matcher(file.getKey()).matches()) {
        throw new IllegalArgumentException("\"" + file.getKey() + "\" is no file of a model");
      }
    }
  }

  /**
   * Returns the steps that the model had before the first that the optimiser of a run has seen.
   * Where older manifests say nothing of it, a run that keeps an optimiser goes on as it was taken
   * then: counting from the model's first step.
   */
  long optimiserStart(Run of) {
    if (of.optimiserStart() != null) {
      return of.optimiserStart();
    }
    boolean keeps = !history.isEmpty() && history.get(history.size() - 1).keepsOptimiser();
    return keeps ? 0 : of.start();
  }

  private static final class InstantReader extends StdDeserializer<Instant> {
    private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getValueAsString("");
      try {
        return Instant.parse(text);
      } catch (DateTimeException e) {
        throw context.weirdStringException(text, Instant.class, "not a time in ISO-8601");
      }
    }
  }

  /**
   * Returns the text of the file.
   *
   * @throws IOException if it would be too long to be read again
   */
  byte[] bytes() throws IOException {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("format", FORMAT);
    tree.put("version", VERSION);
    tree.setAll((ObjectNode) MAPPER.valueToTree(this));
    tree.put("digest", digest(tree));
    byte[] text = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    if (text.length > LARGEST) {
      throw new IOException(
          "the history takes "
              + text.length
              + " bytes of at most "
              + LARGEST
              + "; validate less often");
    }
    return text;
  }

  /** The digest of the compact text without the digest, whatever the white space was. */
  private static String digest(ObjectNode tree) {
    ObjectNode copy = tree.deepCopy();
    copy.remove("digest");
    return Fingerprint.of(copy.toString().getBytes(StandardCharsets.UTF_8)).sha256();
  }

  /**
   * Returns the bytes of the manifest in a folder.
   *
   * @throws ModelFormatException if there is none
   */
  static byte[] load(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (RegularFile.otherThanFile(folder).isEmpty()) {
      throw foreign(folder, "a file", null);
    }
    Optional<String> other = RegularFile.otherThanFile(file);
    if (other.isPresent()) {
      throw foreign(file, other.get(), null);
    }
    try (InputStream in = RegularFile.open(file)) {
      return bytes(file, in);
    } catch (NoSuchFileException e) {
      throw foreign(file, "no such file", e);
    }
  }

  /**
   * Returns the bytes of a manifest.
   *
   * @param place what messages call it
   */
  static byte[] bytes(Object place, InputStream in) throws IOException {
    byte[] text = in.readNBytes(LARGEST + 1);
    if (text.length > LARGEST) {
      throw foreign(place, "a file beyond " + LARGEST + " bytes", null);
    }
    return text;
  }

  /**
   * Returns the manifest that {@code text} is.
   *
   * @param file what messages call it
   */
  static Manifest parse(Object file, byte[] text) throws ModelFormatException {
    ObjectNode tree = checkedTree(file, text);
    if (!tree.path("digest").asText().equals(digest(tree))) {
      throw new ModelFormatException(
          file,
          "a text that does not fit its digest",
          "the file as it was saved",
          "It was damaged or edited; take the model from a copy.");
    }
    tree.remove(List.of("format", "version", "digest"));
    addRuns(tree);
    try {
      return MAPPER.treeToValue(tree, Manifest.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new ModelFormatException(
          file,
          found(e),
          "the manifest of a model",
          "It was made by something else than Weft; take the model from a copy.",
          e);
    }
  }

  /** What a record refuses it says itself; Jackson would put names of classes around it. */
  private static String found(Exception e) {
    boolean refused = e.getCause() instanceof IllegalArgumentException;
    String message = String.valueOf(refused ? e.getCause().getMessage() : e.getMessage());
    return message.lines().findFirst().orElse("");
  }

  /** Adds what older manifests lack: the runs of the first counted from the model's first step. */
  private static void addRuns(ObjectNode tree) {
    if (!tree.has("run")) {
      tree.set(
          "run",
          tree.path("step").isNull()
              ? tree.nullNode()
              : MAPPER.valueToTree(new Run(0, null, 0, 0, false, null, null)));
    }
    if (tree.path("run") instanceof ObjectNode run) {
      for (String later : List.of("slots", "optimiserStart")) {
        if (!run.has(later)) {
          run.putNull(later);
        }
      }
    }
    for (JsonNode run : tree.path("history")) {
      if (run instanceof ObjectNode record && !record.has("keptStep")) {
        record.set("keptStep", record.path("lastStep"));
      }
    }
  }

  /**
   * Checks that a folder says that it is a model, of this version or an older one.
   *
   * @throws ModelFormatException if it does not
   */
  static void checkFormat(Path folder) throws IOException {
    checkedTree(folder.resolve(FILE), load(folder));
  }

  /** Returns the text as a tree that says it is a model of a version that this Weft knows. */
  private static ObjectNode checkedTree(Object file, byte[] text) throws ModelFormatException {
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (IOException e) {
      throw foreign(file, "no JSON", e);
    }
    if (!(tree instanceof ObjectNode object)
        || !tree.path("format").asText().equals(FORMAT)
        || !tree.path("version").canConvertToExactIntegral()) {
      throw foreign(file, "JSON without \"format\": \"" + FORMAT + "\" and a version", null);
    }
    JsonNode version = tree.path("version");
    if (!version.canConvertToInt() || version.intValue() > VERSION) {
      throw new ModelFormatException(
          file,
          "format version " + version + ", made by a newer Weft",
          "version " + VERSION,
          "Update Weft to load this model.");
    }
    if (version.intValue() < 1) {
      throw foreign(file, "format version " + version, null);
    }
    return object;
  }

  private static ModelFormatException foreign(
      Object file, String found, @Nullable Exception cause) {
    return new ModelFormatException(
        file,
        found,
        "the manifest that Weft saves with a model",
        "Give the folder of a saved model; if this was one, it is damaged: take a copy.",
        cause);
  }

  /** Returns whether a file name is one that Weft writes into a model's folder. */
  static boolean isPart(String name) {
    return name.equals(FILE) || PART.matcher(name).matches();
  }
}
