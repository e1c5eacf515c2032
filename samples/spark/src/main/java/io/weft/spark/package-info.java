/** Scoring, sampling, coding and training on a cluster of Apache Spark. */
@NullMarked
package io.weft.spark;

import org.jspecify.annotations.NullMarked;
