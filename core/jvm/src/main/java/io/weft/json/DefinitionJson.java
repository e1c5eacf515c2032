package io.weft.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weft.define.Definition;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import io.weft.spec.DefinitionException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Writes definitions as JSON and reads them back, equal. The text is readable and stable (the same
 * definition gives the same bytes) and carries its format and version.
 *
 * <p>Reading is safe: only layers of the catalog are made, sizes are limited, and the definition is
 * proven causal again. Whatever is wrong with the text ends in one {@link DefinitionException},
 * mostly a {@link DefinitionFormatException} that names the place.
 */
public final class DefinitionJson {

  /** Bytes of the largest text that is read; a model of a thousand layers has a third of this. */
  private static final int LARGEST = 1 << 20;

  private static final int DEEPEST = 32;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxDocumentLength(LARGEST)
                          .maxNumberLength(64)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final LayerCatalog catalog;

  /**
   * Makes a reader and writer.
   *
   * @param catalog the layers that texts may speak of
   */
  public DefinitionJson(LayerCatalog catalog) {
    this.catalog = Objects.requireNonNull(catalog, "catalog");
  }

  /** Returns the reader and writer for the layers that come with Weft. */
  public static DefinitionJson standard() {
    return new DefinitionJson(LayerCatalog.standard());
  }

  /**
   * Returns the definition as JSON.
   *
   * @throws DefinitionException if a layer is not in the catalog or would not be read back equal,
   *     or the text would be too long to be read
   */
  public String write(Definition definition) {
    JsonNode tree = new DefinitionWriter(catalog, definition).tree();
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
            .withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try {
      return checkedLength(MAPPER.writer(printer).writeValueAsString(tree) + "\n");
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  private static String checkedLength(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length > LARGEST) {
      throw new DefinitionException(
          "the definition takes "
              + length
              + " bytes, and could not be read back: at most "
              + LARGEST
              + " are; use fewer layers, or shorter names for classes");
    }
    return text;
  }

  /**
   * Writes the definition to a file, in UTF-8, replacing it only when the new one is whole.
   *
   * @throws DefinitionException if a layer is not in the catalog or would not be read back equal
   * @throws IOException if writing fails
   */
  public void write(Definition definition, Path file) throws IOException {
    byte[] text = write(definition).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> out.write(text));
  }

  /**
   * Returns the definition that the text describes, proven.
   *
   * @throws DefinitionFormatException if the text is not what {@link #write(Definition)} writes
   * @throws DefinitionException if the model that it describes is not causal
   */
  public Definition read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns the definition in a file.
   *
   * @throws DefinitionFormatException if the file is not what {@link #write(Definition, Path)}
   *     writes
   * @throws DefinitionException if the model that it describes is not causal
   * @throws IOException if the file cannot be read
   */
  public Definition read(Path file) throws IOException {
    try (InputStream in = RegularFile.open(file)) {
      return read(in.readNBytes(LARGEST + 1));
    }
  }

  private Definition read(byte[] text) {
    if (text.length > LARGEST) {
      throw new DefinitionFormatException("", "expected at most " + LARGEST + " bytes");
    }
    JsonNode tree;
    try {
      tree = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new DefinitionFormatException("", "not JSON: " + found(e), e);
    } catch (IOException e) {
      throw new DefinitionFormatException("", "not JSON in UTF-8: " + e.getMessage(), e);
    }
    try {
      return new DefinitionReader(catalog).read(new Place("", tree));
    } catch (OutOfMemoryError e) {
      throw new DefinitionFormatException(
          "",
          "expected what fits beside all else into a Java heap of "
              + (Runtime.getRuntime().maxMemory() >> 20)
              + " MiB, found more; give Java more memory (-Xmx), or take smaller images",
          e);
    }
  }

  private static String found(JsonProcessingException e) {
    String line = e.getOriginalMessage().lines().findFirst().orElse("");
    return e.getLocation() == null
        ? line
        : line
            + " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }
}
