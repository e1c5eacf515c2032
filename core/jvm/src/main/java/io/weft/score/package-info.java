/**
 * After training ({@link io.weft.train}), beside drawing ({@link io.weft.sample}): scoring, how
 * likely a model finds images, whole and pixel by pixel.
 *
 * <p>One convention of sign holds in all of Weft, and names say it. What is called a <b>log
 * likelihood</b> (or log-probability) is the natural logarithm of a probability: at most 0, but for
 * rounding, and the higher the likelier. What is called <b>nats</b> or <b>bits</b> is a cost, the
 * negative log-likelihood: at least 0, and the lower the likelier. So are the losses of training
 * and validation. Nats are natural units; bits per dimension are nats over ln 2 and over the colour
 * values of an image.
 */
package io.weft.score;
