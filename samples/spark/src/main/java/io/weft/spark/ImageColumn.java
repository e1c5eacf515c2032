package io.weft.spark;

import io.weft.Model;
import io.weft.data.ImageFolder;
import io.weft.data.ImageSet;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Which columns of a table hold images, and what these are conditioned on. Immutable. */
public final class ImageColumn implements Serializable {

  private static final long serialVersionUID = 1;

  private final String column;
  private final boolean isPicture;
  private final @Nullable String labels;

  private ImageColumn(String column, boolean isPicture, @Nullable String labels) {
    this.column = Objects.requireNonNull(column, "column");
    this.isPicture = isPicture;
    this.labels = labels;
  }

  /**
   * Returns a binary column with the levels of an image in each row, [row, column, channel]: a byte
   * each, of more than 256 levels two, the highest first.
   */
  public static ImageColumn levels(String column) {
    return new ImageColumn(column, false, null);
  }

  /**
   * Returns a binary column with a picture file in each row, such as a PNG, of the model's size; of
   * fewer than 256 levels, values are quantised evenly.
   */
  public static ImageColumn pictures(String column) {
    return new ImageColumn(column, true, null);
  }

  /**
   * Returns the same images with a column of classes for the model's only condition: whole numbers,
   * or names as strings.
   */
  public ImageColumn labels(String name) {
    return new ImageColumn(column, isPicture, Objects.requireNonNull(name, "name"));
  }

  /** Checks that a table has what is named, and that it is what the model takes. */
  void check(Model model, StructType schema) {
    require(schema, column, type -> type.equals(DataTypes.BinaryType), "binary");
    if (labels != null) {
      model.definition().onlyClass();
      require(
          schema,
          labels,
          type ->
              type.equals(DataTypes.IntegerType)
                  || type.equals(DataTypes.LongType)
                  || type.equals(DataTypes.ShortType)
                  || type.equals(DataTypes.ByteType)
                  || type.equals(DataTypes.StringType),
          "whole numbers or strings");
    } else if (!model.conditions().isEmpty()) {
      throw new IllegalArgumentException(
          "the model takes the conditions "
              + model.conditions().stream().map(Condition::name).toList()
              + "; name the column of classes with labels(..), or score an RDD of blocks");
    }
  }

  private static void require(
      StructType schema, String name, Predicate<DataType> isRight, String expected) {
    Optional<DataType> found =
        Arrays.stream(schema.fields())
            .filter(field -> field.name().equals(name))
            .map(field -> field.dataType())
            .findFirst();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no column \"" + name + "\"; there are " + Arrays.toString(schema.fieldNames()));
    }
    if (!isRight.test(found.get())) {
      throw new IllegalArgumentException(
          "column \"" + name + "\" is " + found.get().simpleString() + "; expected " + expected);
    }
  }

  /** Returns the levels of a row's image. */
  int[] image(Row row, ImageSpec spec) {
    byte[] bytes = row.getAs(column);
    if (bytes == null) {
      throw new IllegalArgumentException(
          "column \"" + column + "\" has no image; leave such rows out");
    }
    return isPicture ? picture(bytes, spec) : ofBytes(bytes, spec);
  }

  private int[] ofBytes(byte[] bytes, ImageSpec spec) {
    int each = spec.levels() > 1 << Byte.SIZE ? Short.BYTES : 1;
    if (bytes.length != spec.values() * each) {
      throw new IllegalArgumentException(
          "column \""
              + column
              + "\" has "
              + bytes.length
              + " bytes for an image of "
              + spec
              + "; expected "
              + spec.values() * each);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int[] levels = new int[spec.values()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = each == 1 ? Byte.toUnsignedInt(in.get()) : Short.toUnsignedInt(in.getShort());
    }
    return levels;
  }

  private int[] picture(byte[] bytes, ImageSpec spec) {
    try {
      Path file = Files.createTempFile("weft-picture-", ".png");
      try {
        Files.write(file, bytes);
        ImageFolder reading = ImageFolder.file(file);
        ImageSet read = (spec.channels() == 1 ? reading.grey() : reading.colour()).read();
        ImageSet image =
            spec.levels() == read.spec().levels() ? read : read.quantised(spec.levels());
        if (!image.spec().equals(spec)) {
          throw new IllegalArgumentException(
              "column \""
                  + column
                  + "\" has a picture of "
                  + image.spec()
                  + "; the model is for images of "
                  + spec);
        }
        return image.image(0);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int number(long label, Condition.OneOf classes) {
    if (label < 0 || label >= classes.count()) {
      throw new IllegalArgumentException(
          "column \""
              + labels
              + "\" has class "
              + label
              + "; the model's are 0 to "
              + (classes.count() - 1));
    }
    return (int) label;
  }

  /** Returns what a row's image is conditioned on. */
  ConditionValues conditions(Row row, Optional<Condition.OneOf> condition) {
    if (labels == null || condition.isEmpty()) {
      return ConditionValues.none();
    }
    Object label = row.getAs(labels);
    if (label == null) {
      throw new IllegalArgumentException(
          "column \"" + labels + "\" has no class; leave such rows out");
    }
    String name = condition.get().name();
    return label instanceof Number number
        ? ConditionValues.none().withLabel(name, number(number.longValue(), condition.get()))
        : ConditionValues.none().withLabel(name, label.toString());
  }
}
