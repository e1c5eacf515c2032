package io.weft.data;

import io.weft.spec.ConditionValues;
import java.util.function.IntFunction;

/** Examples under other conditions. */
final class ReconditionedExamples extends ForwardingExamples {

  private final IntFunction<ConditionValues> conditions;

  ReconditionedExamples(Examples before, IntFunction<ConditionValues> conditions) {
    super(before);
    this.conditions = conditions;
  }

  @Override
  public ConditionValues conditions(int index) {
    return conditions.apply(index);
  }

  @Override
  public String description() {
    return super.description() + ConditionsDigest.words(this);
  }
}
