package io.weft.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.weft.data.DataFormatException;
import io.weft.exchange.TensorFile.Entry;
import io.weft.internal.files.AtomicFile;
import io.weft.internal.files.RegularFile;
import io.weft.internal.thread.Interruption;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * safetensors (github.com/huggingface/safetensors): eight bytes, little-endian, with the length of
 * a header; the header, JSON with type, sizes and place of each array; the numbers, little-endian
 * and row-major, one array behind the other.
 */
final class SafetensorsFile implements TensorSource {

  private static final String DAMAGED = "The file is damaged or of another kind; fetch it again.";
  private static final String METADATA = "__metadata__";
  private static final int ALIGNMENT = 8;

  /** For some ten thousand arrays; the format itself allows 100 MB. */
  private static final int LONGEST_HEADER = 16 << 20;

  /** Bytes that are written at a time. */
  private static final int PIECE = 1 << 16;

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path path;
  private final long data;
  private final Map<String, Place> places;

  /** An array and where it lies, from the end of the header. */
  private record Place(Entry entry, long begin, long end) {}

  private SafetensorsFile(Path path, long data, Map<String, Place> places) {
    this.path = path;
    this.data = data;
    this.places = places;
  }

  static SafetensorsFile open(Path path) throws IOException {
    long size = Files.size(path);
    try (InputStream in = RegularFile.open(path)) {
      byte[] first = in.readNBytes(Long.BYTES);
      long length =
          first.length < Long.BYTES
              ? -1
              : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (length < 2 || length > size - Long.BYTES) {
        throw refused(
            path,
            first.length < Long.BYTES
                ? size + " bytes"
                : "a header of " + Long.toUnsignedString(length) + " bytes in a file of " + size,
            "safetensors, or a .npz",
            "Save the weights as one of these (safetensors.torch.save_file, numpy.savez).");
      }
      if (length > LONGEST_HEADER) {
        throw refused(
            path,
            "a header of " + length + " bytes",
            "at most " + LONGEST_HEADER,
            "Share the arrays out over several files.");
      }
      byte[] header = in.readNBytes((int) length);
      if (header.length < length || header[0] != '{') {
        throw refused(
            path,
            "a header that is no JSON object",
            "safetensors, or a .npz",
            "Save the weights as one of these (safetensors.torch.save_file, numpy.savez).");
      }
      long data = Long.BYTES + length;
      Map<String, Place> places = places(path, header);
      checkFills(path, places, size - data);
      return new SafetensorsFile(path, data, Collections.unmodifiableMap(places));
    }
  }

  private static Map<String, Place> places(Path path, byte[] header) throws IOException {
    try (JsonParser parser =
        JSON.createParser(new InputStreamReader(new ByteArrayInputStream(header), UTF_8))) {
      Map<String, Place> places = new LinkedHashMap<>();
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          parser.skipChildren();
        } else {
          places.put(name, place(path, name, parser));
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
        throw refused(path, "more than one object in the header", "one", DAMAGED);
      }
      return places;
    } catch (JsonProcessingException e) {
      throw new DataFormatException(
          path,
          "a header that is no JSON (" + e.getOriginalMessage() + ")",
          "the header of safetensors",
          DAMAGED,
          e);
    }
  }

  private static Place place(Path path, String name, JsonParser parser) throws IOException {
    Optional<String> type = Optional.empty();
    Optional<List<Long>> shape = Optional.empty();
    Optional<List<Long>> offsets = Optional.empty();
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("dtype") && value == JsonToken.VALUE_STRING) {
          type = Optional.of(parser.getText());
        } else if (field.equals("shape") && value == JsonToken.START_ARRAY) {
          shape = numbers(parser);
        } else if (field.equals("data_offsets") && value == JsonToken.START_ARRAY) {
          offsets = numbers(parser);
        } else {
          parser.skipChildren();
        }
      }
    }
    if (type.isEmpty() || shape.isEmpty() || offsets.map(List::size).orElse(0) != 2) {
      throw refused(
          path,
          "the array " + Unread.shortened(name) + " without what it is or where",
          "dtype, shape and data_offsets of each array",
          DAMAGED);
    }
    return place(path, name, type.get(), shape.get(), offsets.get());
  }

  private static Place place(
      Path path, String name, String type, List<Long> shape, List<Long> offsets)
      throws DataFormatException {
    long begin = offsets.get(0);
    long end = offsets.get(1);
    try {
      long count = Tensor.count(shape);
      Optional<NumberType> known = NumberType.safetensors(type);
      if (begin < 0
          || end < begin
          || known.map(t -> t.bytes() * count).orElse(end - begin) != end - begin) {
        throw refused(
            path,
            "the array "
                + Unread.shortened(name)
                + " of "
                + shape
                + ", "
                + Unread.shortened(type)
                + ", from byte "
                + begin
                + " to "
                + end,
            "as many bytes as its numbers take",
            DAMAGED);
      }
    } catch (IllegalArgumentException e) {
      throw new DataFormatException(
          path,
          "the array " + Unread.shortened(name) + " of " + shape,
          "sizes from 0, and at most 2^29 numbers",
          "Leave such an array out of the file.",
          e);
    }
    return new Place(new Entry(type, shape.stream().map(Long::intValue).toList()), begin, end);
  }

  /** Returns whole numbers, of which a list of sizes or places has at most 16; or nothing. */
  private static Optional<List<Long>> numbers(JsonParser parser) throws IOException {
    List<Long> numbers = new ArrayList<>();
    boolean whole = true;
    JsonToken token = parser.nextToken();
    while (token != null && token != JsonToken.END_ARRAY) {
      whole &= token == JsonToken.VALUE_NUMBER_INT && numbers.size() < 16;
      if (whole) {
        numbers.add(parser.getLongValue());
      } else {
        parser.skipChildren();
      }
      token = parser.nextToken();
    }
    return whole ? Optional.of(List.copyOf(numbers)) : Optional.empty();
  }

  private static void checkFills(Path path, Map<String, Place> places, long size)
      throws DataFormatException {
    long end = 0;
    // Without numbers an array begins where the next one does, and ends there.
    Comparator<Place> order = Comparator.comparingLong(Place::begin).thenComparingLong(Place::end);
    for (Place place : places.values().stream().sorted(order).toList()) {
      if (place.begin() != end) {
        throw refused(
            path,
            "an array from byte " + place.begin() + " where the one before ends at " + end,
            "arrays one behind the other",
            DAMAGED);
      }
      end = place.end();
    }
    if (end != size) {
      throw refused(
          path,
          size + " bytes of numbers",
          end + ", as its header says",
          "The file is cut off or damaged; fetch it again.");
    }
  }

  private static DataFormatException refused(
      Path path, String found, String expected, String advice) {
    return new DataFormatException(path, found, expected, advice);
  }

  @Override
  public Map<String, Entry> entries() {
    Map<String, Entry> entries = new LinkedHashMap<>();
    places.forEach((name, place) -> entries.put(name, place.entry()));
    return Collections.unmodifiableMap(entries);
  }

  @Override
  public Tensor read(String name) throws IOException {
    Place place = places.get(name);
    String type = place.entry().type();
    NumberType known =
        NumberType.safetensors(type).orElseThrow(() -> Unread.type(path, name, type));
    try (InputStream in = RegularFile.open(path)) {
      in.skipNBytes(data + place.begin());
      float[] values = new float[(int) Tensor.count(place.entry().dimensions())];
      known.read(in, ByteOrder.LITTLE_ENDIAN, values);
      return Tensor.taking(place.entry().dimensions(), values);
    } catch (EOFException e) {
      throw new DataFormatException(
          path, "the end of the file within " + Unread.shortened(name), "all of it", DAMAGED, e);
    }
  }

  static void write(Path file, Map<String, Tensor> arrays) throws IOException {
    if (arrays.containsKey(METADATA)) {
      throw new IllegalArgumentException(
          "\"" + METADATA + "\" means something else in safetensors; give the array another name");
    }
    byte[] header = header(arrays);
    AtomicFile.write(
        file,
        out -> {
          out.write(
              ByteBuffer.allocate(Long.BYTES)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putLong(header.length)
                  .array());
          out.write(header);
          for (Tensor array : arrays.values()) {
            writeNumbers(out, array);
          }
        });
  }

  private static byte[] header(Map<String, Tensor> arrays) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      long at = 0;
      for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
        long end = at + (long) Float.BYTES * array.getValue().size();
        json.writeObjectFieldStart(array.getKey());
        json.writeStringField("dtype", NumberType.F32.name());
        json.writeArrayFieldStart("shape");
        for (int size : array.getValue().dimensions()) {
          json.writeNumber(size);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(at);
        json.writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        at = end;
      }
      json.writeEndObject();
    }
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(' ');
    }
    return bytes.toByteArray();
  }

  /** Writes the numbers of an array, little-endian. */
  static void writeNumbers(OutputStream out, Tensor array) throws IOException {
    float[] values = array.shared();
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < values.length; at += PIECE / Float.BYTES) {
      Interruption.check();
      int count = Math.min(PIECE / Float.BYTES, values.length - at);
      piece.asFloatBuffer().put(values, at, count);
      out.write(piece.array(), 0, count * Float.BYTES);
    }
  }
}
