package io.weft.engine;

import java.util.List;
import java.util.ServiceLoader;

/** The engines on the class path. */
final class Providers {

  static final List<EngineProvider> FOUND =
      ServiceLoader.load(EngineProvider.class, EngineProvider.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Providers() {}
}
