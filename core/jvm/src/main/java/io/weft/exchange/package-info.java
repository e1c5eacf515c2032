/**
 * Weights that come from other programs and go to them: {@link io.weft.exchange.TensorFile} reads
 * and writes arrays by name, as safetensors or {@code .npz}; {@link io.weft.exchange.WeightMapping}
 * says which of them a model's parameters are, so that a network that was trained elsewhere and
 * declared again takes its weights; {@link io.weft.exchange.Transfer} starts a model from another's
 * weights.
 *
 * <p>A file that is not what it should be is a {@link io.weft.data.DataFormatException}; arrays
 * that do not fit a model are an {@link IllegalArgumentException}.
 */
package io.weft.exchange;
