package io.weft.spark;

import io.weft.train.NumericFingerprint;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of itself with each result.
 *
 * @param host its machine
 * @param fingerprint the numbers that it computes; none if it could not
 * @param failure why it could not; none if it could. What would fail anywhere is said so, not
 *     thrown, for Spark would have it tried three times more.
 * @param nanos how long it computed
 */
record Answer(
    String host, @Nullable NumericFingerprint fingerprint, @Nullable String failure, long nanos)
    implements Serializable {}
