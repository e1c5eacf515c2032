package io.weft.spark;

import java.io.Serializable;
import java.lang.invoke.SerializedLambda;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a function captures that keeps it from travelling. */
final class Captured {

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Captured() {}

  /** Returns what a function is called in messages. */
  static String name(Object function) {
    Class<?> type = function.getClass();
    if (!type.isHidden() && !type.isSynthetic()) {
      return type.getName();
    }
    return lambda(function)
        .map(l -> "a lambda in " + l.getCapturingClass().replace('/', '.'))
        .orElse(type.getName());
  }

  /** Returns what a function holds that cannot travel, in words, if that can be found. */
  static Optional<String> stuckIn(Object function) {
    return new Captured().stuck(function);
  }

  private Optional<String> stuck(@Nullable Object value) {
    if (value == null || !seen.add(value)) {
      return Optional.empty();
    }
    Optional<SerializedLambda> lambda = lambda(value);
    if (lambda.isPresent()) {
      return captured(lambda.get());
    }
    if (value instanceof Object[] array) {
      return each(Arrays.asList(array));
    }
    if (value instanceof Collection<?> all) {
      return each(all);
    }
    if (value instanceof Map<?, ?> map) {
      return each(map.keySet()).or(() -> each(map.values()));
    }
    return inFields(value);
  }

  private Optional<String> captured(SerializedLambda lambda) {
    for (int i = 0; i < lambda.getCapturedArgCount(); i++) {
      Object value = lambda.getCapturedArg(i);
      if (value != null && !(value instanceof Serializable)) {
        String type = value.getClass().getName();
        boolean isThis = type.equals(lambda.getCapturingClass().replace('/', '.'));
        return Optional.of(
            isThis
                ? "it uses a field or method of the object around it (this, a "
                    + type
                    + "), which is not Serializable"
                : "it captures a " + type + ", which is not Serializable");
      }
      Optional<String> within = stuck(value);
      if (within.isPresent()) {
        return within;
      }
    }
    return Optional.empty();
  }

  private Optional<String> each(Collection<?> values) {
    for (Object value : values) {
      if (value != null && !(value instanceof Serializable)) {
        return Optional.of(
            "it holds a " + value.getClass().getName() + ", which is not Serializable");
      }
      Optional<String> within = stuck(value);
      if (within.isPresent()) {
        return within;
      }
    }
    return Optional.empty();
  }

  private Optional<String> inFields(Object value) {
    for (Class<?> type = value.getClass();
        type != null && Serializable.class.isAssignableFrom(type);
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers)
            || Modifier.isTransient(modifiers)
            || field.getType().isPrimitive()
            || !field.trySetAccessible()) {
          continue;
        }
        Object held = held(field, value);
        if (held != null && !(held instanceof Serializable)) {
          return Optional.of(
              "its field "
                  + type.getSimpleName()
                  + "."
                  + field.getName()
                  + " holds a "
                  + held.getClass().getName()
                  + ", which is not Serializable");
        }
        Optional<String> within = stuck(held);
        if (within.isPresent()) {
          return within;
        }
      }
    }
    return Optional.empty();
  }

  private static @Nullable Object held(Field field, Object value) {
    try {
      return field.get(value);
    } catch (IllegalAccessException e) {
      return null; // It was made accessible.
    }
  }

  /** A lambda's class says by this method what is written in its place. */
  private static Optional<SerializedLambda> lambda(Object value) {
    try {
      Method replace = value.getClass().getDeclaredMethod("writeReplace");
      if (replace.trySetAccessible() && replace.invoke(value) instanceof SerializedLambda lambda) {
        return Optional.of(lambda);
      }
      return Optional.empty();
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }
}
