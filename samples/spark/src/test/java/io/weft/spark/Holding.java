package io.weft.spark;

/** What cannot travel. */
final class Holding {
  final int classes = 10;
}
