package io.weft.internal.tensorflow;

import io.weft.layer.Layer;
import io.weft.lower.LayerForm;
import io.weft.lower.Lowering;
import io.weft.lower.WholeImageForm;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/** The whole-image forms that there are: the layers' own, and those found as services. */
final class LayerForms {

  private static final Map<Class<?>, LayerForm<?>> FOUND = find();

  private LayerForms() {}

  private static Map<Class<?>, LayerForm<?>> find() {
    Map<Class<?>, LayerForm<?>> found = new HashMap<>();
    for (LayerForm<?> form :
        ServiceLoader.load(LayerForm.class, LayerForms.class.getClassLoader())) {
      LayerForm<?> other = found.put(form.layer(), form);
      if (other != null) {
        throw new IllegalStateException(
            "two whole-image forms for "
                + form.layer().getName()
                + ": "
                + other.getClass().getName()
                + " and "
                + form.getClass().getName()
                + "; take one off the class path");
      }
    }
    return Map.copyOf(found);
  }

  /** Returns the form of a layer; nothing if its expression is to be evaluated everywhere. */
  static Optional<WholeImageForm> of(Layer layer) {
    if (layer instanceof WholeImageForm own) {
      return Optional.of(own);
    }
    return Optional.ofNullable(FOUND.get(layer.getClass())).map(form -> bound(form, layer));
  }

  private static <L extends Layer> WholeImageForm bound(LayerForm<L> form, Layer layer) {
    L own = form.layer().cast(layer);
    return new WholeImageForm() {
      @Override
      public <T extends TFloating> Operand<T> lower(Lowering<T> lowering) {
        return form.lower(own, lowering);
      }
    };
  }
}
