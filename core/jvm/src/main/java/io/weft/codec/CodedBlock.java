package io.weft.codec;

import io.weft.internal.Seam;

/**
 * A block of coded images.
 *
 * @param bytes taken over
 * @param checksum of what it stands for
 */
@Seam
public record CodedBlock(byte[] bytes, int checksum) {}
