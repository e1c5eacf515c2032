package io.weft;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.weft.internal.save.ModelResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.List;

/** The list of the models in {@code weft-models}, a file beside them. */
final class BuiltinIndex {

  /** No package, so that modules do not hide it. */
  private static final String FOLDER = "/META-INF/weft-models/";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          // What later versions say beyond this is no reason not to use a model.
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .addModule(new SimpleModule().addDeserializer(LocalDate.class, new DayReader()))
          .build();

  private BuiltinIndex() {}

  private static final class DayReader extends StdDeserializer<LocalDate> {
    private static final long serialVersionUID = 1L;

    DayReader() {
      super(LocalDate.class);
    }

    @Override
    public LocalDate deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return LocalDate.parse(parser.getText());
    }
  }

  /** Returns the resource that a model is. */
  static String file(String model) {
    return FOLDER + model + ".zip";
  }

  /** Returns what the list says. */
  static List<BuiltinModel> read() {
    try (InputStream in = ModelResource.open(BuiltinIndex.class, FOLDER + "models.json")) {
      if (in == null) {
        throw new IllegalStateException(
            "the models that come with Weft are not on the class path; add the dependency"
                + " io.weft:weft-models");
      }
      return List.of(MAPPER.readValue(in, BuiltinModel[].class));
    } catch (IOException e) {
      throw damaged(e);
    }
  }

  /** Returns what is thrown where the artifact cannot be read. */
  static UncheckedIOException damaged(IOException cause) {
    return new UncheckedIOException(
        "io.weft:weft-models cannot be read (" + cause.getMessage() + "); fetch it again", cause);
  }
}
