package io.weft.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.data.ImageSet;
import io.weft.engine.Device;
import io.weft.image.Picture;
import io.weft.score.Scores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of images get columns of scores. */
class TableScoringTest {

  private static final StructType SCHEMA =
      new StructType()
          .add("number", DataTypes.LongType)
          .add("pixels", DataTypes.BinaryType)
          .add("png", DataTypes.BinaryType)
          .add("digit", DataTypes.IntegerType)
          .add("name", DataTypes.StringType);

  @TempDir private static Path folder;
  private static JavaSparkContext spark;
  private static SparkSession session;
  private static List<Row> rows;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start("tables");
    session = SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    ImageSet images = SmallModels.images(70);
    Path file = folder.resolve("one.png");
    rows = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      byte[] levels = new byte[images.spec().values()];
      int[] image = images.image(i);
      for (int at = 0; at < levels.length; at++) {
        levels[at] = (byte) image[at];
      }
      Picture.of(images, i).writePng(file);
      int digit = images.label(i);
      rows.add(RowFactory.create((long) i, levels, Files.readAllBytes(file), digit, "" + digit));
    }
  }

  @AfterAll
  static void stop() {
    session.stop();
    spark.close();
  }

  @Test
  void rowsGetTheScoresOfTheirImages() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Scores alone = model.score(SmallModels.examples(70));
      Dataset<Row> table = session.createDataFrame(rows, SCHEMA).repartition(3);
      for (ImageColumn images :
          List.of(
              ImageColumn.levels("pixels").labels("digit"),
              ImageColumn.pictures("png").labels("name"))) {
        List<Row> scored = fleet.score(model, table, images).orderBy("number").collectAsList();
        assertEquals(70, scored.size());
        for (int i = 0; i < scored.size(); i++) {
          Row row = scored.get(i);
          assertEquals(alone.logLikelihood(i), row.<Double>getAs("log_likelihood"));
          assertEquals(alone.bitsPerDimension(i), row.<Double>getAs("bits_per_dimension"));
          assertEquals(rows.get(i).getString(4), row.<String>getAs("name"));
        }
      }
    }
  }

  @Test
  void columnsThatDoNotFitAreRefusedAtOnce() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      Dataset<Row> table = session.createDataFrame(rows, SCHEMA);
      refused(fleet, model, table, ImageColumn.levels("pixel").labels("digit"), "no column");
      refused(fleet, model, table, ImageColumn.levels("digit"), "expected binary");
      refused(fleet, model, table, ImageColumn.levels("pixels"), "labels(..)");
      refused(fleet, model, table, ImageColumn.levels("pixels").labels("png"), "whole numbers");
    }
  }

  /** A class beyond what a model has, and beyond what an int has, whose lowest bits are 3. */
  @Test
  void classesThatAreNoneAreRefused() {
    try (Model model = SmallModels.model(Device.jvm());
        Fleet fleet = Fleet.on(spark)) {
      for (long digit : new long[] {10, -1, (1L << 32) + 3}) {
        Dataset<Row> table =
            session.createDataFrame(rows, SCHEMA).withColumn("digit", functions.lit(digit));
        ImageColumn images = ImageColumn.levels("pixels").labels("digit");
        Throwable thrown =
            assertThrows(Exception.class, () -> fleet.score(model, table, images).collectAsList());
        while (thrown.getCause() != null) {
          thrown = thrown.getCause();
        }
        String words = "column \"digit\" has class " + digit + "; the model's are 0 to 9";
        assertTrue(thrown.getMessage().contains(words), thrown.toString());
      }
    }
  }

  private static void refused(
      Fleet fleet, Model model, Dataset<Row> table, ImageColumn images, String words) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> fleet.score(model, table, images))
            .getMessage();
    assertTrue(message.contains(words), message);
  }
}
