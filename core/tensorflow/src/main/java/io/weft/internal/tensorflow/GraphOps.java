package io.weft.internal.tensorflow;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tensorflow.ConcreteFunction;
import org.tensorflow.DeviceSpec;
import org.tensorflow.ExecutionEnvironment;
import org.tensorflow.Graph;
import org.tensorflow.Operation;
import org.tensorflow.OperationBuilder;
import org.tensorflow.Signature;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.Scope;

/**
 * Where all graphs get their operations from. They are named as TensorFlow Java names them ("add",
 * "add_1", "add_2"), but not by its scopes: these write the numbers in the digits of the default
 * locale, and TensorFlow refuses a name that is not ASCII. A rule of the architecture keeps others
 * from asking TensorFlow Java.
 */
final class GraphOps {

  private GraphOps() {}

  /** Returns the operations of a graph, which may have some already. */
  static Ops of(Graph graph) {
    PlainScope scope = new PlainScope(graph.baseScope(), new HashMap<>(), "", null);
    scope.refreshNames();
    return Ops.create(new Named(graph, scope));
  }

  /**
   * Returns a function of a graph of its own.
   *
   * @param body adds its operations and says what goes in and out
   */
  static ConcreteFunction function(Function<Ops, Signature> body) {
    return ConcreteFunction.create((Ops theirs) -> body.apply(of((Graph) theirs.scope().env())));
  }

  /** A graph that begins in another scope than its own: all that {@link Ops#create} asks for. */
  private record Named(Graph graph, Scope baseScope) implements ExecutionEnvironment {

    @Override
    public OperationBuilder opBuilder(String type, String name, Scope scope) {
      return graph.opBuilder(type, name, scope);
    }

    @Override
    public void attachFunction(ConcreteFunction function) {
      graph.attachFunction(function);
    }

    @Override
    public void checkInput(Operation input) {
      graph.checkInput(input);
    }

    @Override
    public Types environmentType() {
      return graph.environmentType();
    }

    @Override
    public boolean isInitializer(Operation operation) {
      return graph.isInitializer(operation);
    }
  }

  /**
   * Gives names; all else of a scope is TensorFlow Java's.
   *
   * @param settings device, control dependencies and the like
   * @param taken the names in the whole graph, each with the number that its next double gets
   * @param prefix what names begin with, "" or ending in a slash
   * @param name of the next operation, in place of its type's
   */
  private record PlainScope(
      Scope settings, Map<String, Integer> taken, String prefix, @Nullable String name)
      implements Scope {

    @Override
    public ExecutionEnvironment env() {
      return settings.env();
    }

    @Override
    public PlainScope withSubScope(String scope) {
      return new PlainScope(settings, taken, makeOpName(scope) + "/", null);
    }

    @Override
    public PlainScope withName(String newName) {
      checkName(newName);
      return new PlainScope(settings, taken, prefix, newName);
    }

    @Override
    public PlainScope withNameAsSubScope(String defaultName) {
      return withSubScope(defaultName);
    }

    @Override
    public PlainScope withDevice(DeviceSpec device) {
      return with(settings.withDevice(device));
    }

    @Override
    public PlainScope withInitScope() {
      return with(settings.withInitScope());
    }

    @Override
    public Scope withControlDependencies(Iterable<Op> controls) {
      return with(settings.withControlDependencies(controls));
    }

    @Override
    public Scope withControlDependencyOps(Iterable<Operation> controls) {
      return with(settings.withControlDependencyOps(controls));
    }

    private PlainScope with(Scope others) {
      return new PlainScope(others, taken, prefix, name);
    }

    @Override
    public String makeOpName(String defaultName) {
      checkName(defaultName);
      return unique(prefix + (name == null ? defaultName : name));
    }

    @Override
    public String makeUnique(String id) {
      return unique(prefix + id).substring(prefix.length());
    }

    private String unique(String wanted) {
      String unique = wanted;
      while (taken.containsKey(unique)) {
        unique = wanted + "_" + taken.merge(wanted, 1, Integer::sum);
      }
      taken.put(unique, 0);
      return unique;
    }

    private static void checkName(String name) {
      if (!Scope.isValidOpName(name)) {
        throw new IllegalArgumentException("\"" + name + "\" is no name for an operation");
      }
    }

    @Override
    public void refreshNames() {
      if (env() instanceof Graph graph) {
        graph.operations().forEachRemaining(operation -> taken.putIfAbsent(operation.name(), 0));
      }
    }

    @Override
    public OperationBuilder apply(OperationBuilder builder) {
      return settings.apply(builder);
    }

    @Override
    public String getDeviceString() {
      return settings.getDeviceString();
    }

    @Override
    public boolean isInit() {
      return settings.isInit();
    }
  }
}
