package io.weft.spec;

import io.weft.internal.Seam;
import java.util.List;

/** Finds the class among the conditions of a model. */
@Seam
public final class ClassConditions {

  private ClassConditions() {}

  /**
   * Returns the class of a model that has no other condition.
   *
   * @param model the model in words, for the message
   * @throws IllegalArgumentException if it has another, several or none; the message names them
   */
  public static Condition.OneOf only(String model, List<Condition> conditions) {
    if (conditions.size() == 1 && conditions.get(0) instanceof Condition.OneOf only) {
      return only;
    }
    throw new IllegalArgumentException(
        "labels alone are for a model whose only condition is a class, but "
            + model
            + " has the conditions "
            + names(conditions)
            + "; give the values of each by name");
  }

  /**
   * Returns the class of a model that has one, beside whatever other conditions.
   *
   * @param model the model in words, for the message
   * @throws IllegalArgumentException if it has none, or several; the message names its conditions
   */
  public static Condition.OneOf among(String model, List<Condition> conditions) {
    List<Condition> classes =
        conditions.stream().filter(Condition.OneOf.class::isInstance).toList();
    if (classes.size() == 1 && classes.get(0) instanceof Condition.OneOf only) {
      return only;
    }
    throw new IllegalArgumentException(
        "this is for a model with one class condition, but "
            + model
            + " has the conditions "
            + names(conditions));
  }

  private static List<String> names(List<Condition> conditions) {
    return conditions.stream().map(Condition::name).toList();
  }
}
