/** Scoring: log-likelihoods of images, per image and per pixel. */
package io.weft.score;
