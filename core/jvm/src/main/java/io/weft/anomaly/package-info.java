/**
 * Beyond scoring ({@link io.weft.score}): tells what is unlike the images that a model was trained
 * on. {@link io.weft.anomaly.AnomalyDetector} is fit on good images alone; {@link
 * io.weft.anomaly.Anomalies} says of others how strange they are, how probable it is that a good
 * image is as strange, and where in the image it is.
 */
@org.jspecify.annotations.NullMarked
package io.weft.anomaly;
