/**
 * The road after the proof: training, its options, the run itself, its progress and what it leaves
 * behind for scoring, drawing and saving.
 */
package io.weft.train;
