package io.weft.internal.tensorflow;

import java.lang.ref.Reference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.ConfigProto;

/**
 * A graph of TensorFlow's and the session that runs it: whatever Weft computes natively goes
 * through here. Its memory is freed when it is closed, and where nobody closes it, when nobody can
 * reach it any more.
 */
final class NativeGraph implements AutoCloseable {

  private final Graph graph;
  private final Session session;
  private final NativeMemory memory;

  private NativeGraph(Graph graph, Session session, Origin origin) {
    this.graph = graph;
    this.session = session;
    memory =
        NativeMemory.of(
            this,
            origin,
            () -> {
              session.close();
              graph.close();
            });
  }

  /**
   * Opens an empty graph.
   *
   * @throws IllegalStateException if the process cannot give it the threads that it asks for
   */
  static NativeGraph open(ConfigProto config, Origin origin) {
    return TensorFlowNative.call(
        () ->
            SessionThreads.open(
                config,
                () ->
                    CloseOnFailure.of(
                        new Graph(),
                        graph -> new NativeGraph(graph, new Session(graph, config), origin))));
  }

  /** Returns what adds operations to the graph. */
  Ops ops() {
    return GraphOps.of(graph);
  }

  /** Returns the graph itself, while this is in somebody's hands. */
  Graph graph() {
    return graph;
  }

  /** Returns what came of some work with the session, in which nothing is freed. */
  <T> T use(Function<Session, T> work) {
    try {
      return TensorFlowNative.call(() -> work.apply(session));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Works with the session, as above. */
  void run(Consumer<Session> work) {
    use(
        open -> {
          work.accept(open);
          return true;
        });
  }

  @Override
  public void close() {
    memory.close();
  }
}
