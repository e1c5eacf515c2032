package io.weft.spark;

import io.weft.Model;
import io.weft.data.Examples;
import io.weft.data.ImageSet;
import io.weft.score.Scores;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import io.weft.spec.ImageSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Adds scores to the rows of a table, some rows at a time. */
final class TableScoring implements Iterator<Row> {

  private static final int ROWS = 32;

  private final Shipment shipment;
  private final ImageColumn images;
  private final Iterator<Row> rows;
  private final Queue<Row> scored = new ArrayDeque<>();

  private TableScoring(Shipment shipment, ImageColumn images, Iterator<Row> rows) {
    this.shipment = shipment;
    this.images = images;
    this.rows = rows;
  }

  static Dataset<Row> of(Shipment shipment, ImageColumn images, Dataset<Row> table) {
    StructType more =
        table
            .schema()
            .add("log_likelihood", DataTypes.DoubleType, false)
            .add("bits_per_dimension", DataTypes.DoubleType, false);
    return table.mapPartitions(
        (MapPartitionsFunction<Row, Row>) rows -> new TableScoring(shipment, images, rows),
        Encoders.row(more));
  }

  @Override
  public boolean hasNext() {
    return !scored.isEmpty() || rows.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (scored.isEmpty()) {
      List<Row> some = new ArrayList<>();
      while (some.size() < ROWS && rows.hasNext()) {
        some.add(rows.next());
      }
      WorkerModels.use(shipment, opened -> scored.addAll(score(opened.model(), some)));
    }
    return scored.remove();
  }

  private List<Row> score(Model model, List<Row> some) {
    ImageSpec spec = model.image();
    Optional<Condition.OneOf> condition =
        model.conditions().isEmpty()
            ? Optional.empty()
            : Optional.of(model.definition().onlyClass());
    int[] levels = new int[some.size() * spec.values()];
    List<ConditionValues> conditions = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      int[] image = images.image(some.get(i), spec);
      System.arraycopy(image, 0, levels, i * spec.values(), image.length);
      conditions.add(images.conditions(some.get(i), condition));
    }
    Scores scores = model.score(Examples.conditioned(ImageSet.of(spec, levels), conditions::get));
    List<Row> more = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      Row row = some.get(i);
      Object[] values = new Object[row.length() + 2];
      for (int column = 0; column < row.length(); column++) {
        values[column] = row.get(column);
      }
      values[row.length()] = scores.logLikelihood(i);
      values[row.length() + 1] = scores.bitsPerDimension(i);
      more.add(RowFactory.create(values));
    }
    return more;
  }
}
