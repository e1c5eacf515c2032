package io.weft.internal.tensorflow;

import io.weft.advice.Finding;
import io.weft.engine.Device;
import io.weft.engine.Engine;
import io.weft.engine.EngineProvider;
import java.util.List;

/** Brings TensorFlow to models: a service. */
public final class TensorFlowProvider implements EngineProvider {

  @Override
  public Engine engine(Device device) {
    return TensorFlowEngine.on(device);
  }

  @Override
  public String version() {
    return "TensorFlow " + TensorFlowNative.version();
  }

  @Override
  public List<Finding> examine() {
    return Examination.of();
  }
}
