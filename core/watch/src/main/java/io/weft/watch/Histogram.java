package io.weft.watch;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.tensorflow.proto.HistogramProto;

/** Histograms as TensorBoard shows them. */
final class Histogram {

  private static final int BUCKETS = 30;

  private Histogram() {}

  /** Returns the histogram of some numbers, at least one, in buckets of equal width. */
  static HistogramProto of(List<Double> numbers) {
    DoubleSummaryStatistics all = numbers.stream().mapToDouble(n -> n).summaryStatistics();
    double width = (all.getMax() - all.getMin()) / BUCKETS;
    int buckets = width > 0 ? BUCKETS : 1;
    double[] counts = new double[buckets];
    for (double number : numbers) {
      int bucket = width > 0 ? (int) ((number - all.getMin()) / width) : 0;
      counts[Math.min(bucket, buckets - 1)]++;
    }
    HistogramProto.Builder histogram =
        HistogramProto.newBuilder()
            .setMin(all.getMin())
            .setMax(all.getMax())
            .setNum((double) all.getCount())
            .setSum(all.getSum())
            .setSumSquares(numbers.stream().mapToDouble(n -> n * n).sum());
    for (int i = 0; i < buckets; i++) {
      // Limits are upper ends; the last one is exact.
      double end = i == buckets - 1 ? all.getMax() : all.getMin() + (i + 1) * width;
      histogram.addBucketLimit(end).addBucket(counts[i]);
    }
    return histogram.build();
  }
}
