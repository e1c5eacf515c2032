package io.weft.internal.step;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The best loops there are, with something that happens before each use of them. */
final class HookedKernels {

  private HookedKernels() {}

  /** Does something before each use of the loops. */
  static Kernels before(Runnable first) {
    Kernels kernels = JvmLoops.best().kernels();
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              first.run();
              try {
                return method.invoke(kernels, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
