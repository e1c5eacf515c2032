package io.weft.codec;

import io.weft.define.Definition;
import io.weft.spec.Condition;
import io.weft.spec.ConditionValues;
import java.util.List;
import java.util.zip.Checksum;

/**
 * The labels at the beginning of a block: of each image for each class condition, where every class
 * is as likely as any other.
 *
 * @param classes the conditions whose labels are there; none where labels are given from outside
 */
record Labels(List<Condition.OneOf> classes) {

  /** No labels are in a block. */
  static final Labels NONE = new Labels(List.of());

  /** Returns those of all class conditions of a model. */
  static Labels of(Definition definition) {
    return new Labels(
        definition.conditions().stream()
            .filter(Condition.OneOf.class::isInstance)
            .map(Condition.OneOf.class::cast)
            .toList());
  }

  /** Returns the conditions of a model whose values are not there. */
  List<Condition> others(Definition definition) {
    return definition.conditions().stream().filter(c -> !classes.contains(c)).toList();
  }

  /** Codes the labels of an image. */
  void encode(RangeEncoder encoder, ConditionValues values) {
    for (Condition.OneOf condition : classes) {
      int label = values.label(condition);
      encoder.encode(start(label, condition), frequency(label, condition));
    }
  }

  /** Returns the values of an image: its labels, and {@code others}. */
  ConditionValues decode(RangeDecoder decoder, ConditionValues others) {
    ConditionValues values = others;
    for (Condition.OneOf condition : classes) {
      int number = decoder.next();
      int label = (int) (((long) number * condition.count()) >>> RangeEncoder.TOTAL_BITS);
      if (number >= start(label + 1, condition)) {
        label++;
      }
      decoder.pass(start(label, condition), frequency(label, condition));
      values = values.withLabel(condition.name(), label);
    }
    return values;
  }

  /** Adds the labels of an image to a checksum. */
  void addTo(Checksum checksum, ConditionValues values) {
    for (Condition.OneOf condition : classes) {
      int label = values.label(condition);
      checksum.update(label >>> Byte.SIZE);
      checksum.update(label);
    }
  }

  /** The frequencies of all classes before one. */
  private static int start(int label, Condition.OneOf condition) {
    return (int) (RangeEncoder.TOTAL * label / condition.count());
  }

  private static int frequency(int label, Condition.OneOf condition) {
    return start(label + 1, condition) - start(label, condition);
  }
}
