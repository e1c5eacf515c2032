package io.weft.exchange;

import java.io.IOException;
import java.util.List;

/** What a parameter's numbers are made of. */
interface Formula {

  /** Returns the numbers for a parameter. */
  Tensor of(ParameterPlace place, Taking taking) throws IOException;

  /** Returns the name that the whole of it is, if it is that of a module of PyTorch. */
  default List<TorchModule> module() {
    return List.of();
  }

  /** An array as it is. */
  static Formula named(String name) {
    return (place, taking) -> taking.read(name);
  }

  /** The same number everywhere. */
  static Formula filled(float value) {
    return (place, taking) -> Tensor.filled(place.parameter().dimensions(), value);
  }

  /** An array in PyTorch's arrangement, or, for a layer, a module. */
  record Torch(String name) implements Formula {
    @Override
    public Tensor of(ParameterPlace place, Taking taking) throws IOException {
      return TorchLayout.fitted(place, taking.read(name), taking);
    }

    @Override
    public List<TorchModule> module() {
      return List.of(new TorchModule(name));
    }
  }

  /** What a formula gives, in PyTorch's arrangement. */
  static Formula torch(Formula of) {
    return (place, taking) -> TorchLayout.fitted(place, of.of(place, taking), taking);
  }
}
