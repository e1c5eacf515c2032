package io.weft.spark;

/**
 * What {@link FleetSampler#saveTo} did.
 *
 * @param folder where the parts lie
 * @param drawn how many parts were drawn now
 * @param found how many were there whole
 */
public record SavedParts(String folder, int drawn, int found) {}
