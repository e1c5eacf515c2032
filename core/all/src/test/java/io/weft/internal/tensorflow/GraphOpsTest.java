package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class GraphOpsTest {

  /**
   * Whatever can double a name: types, given names, scopes, functions, and what is there already.
   */
  private static List<String> names() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      Operand<TFloat32> one = tf.withName("one").constant(1f);
      for (int i = 0; i < 3; i++) {
        Ops scoped = tf.withSubScope("part");
        scoped.math.add(one, scoped.withName("one").constant(2f));
        scoped.withSubScope("deep").math.add(one, one);
      }
      tf.withControlDependencies(List.of(one)).withName("part").noOp();
      // Would be named like the second "one", had it not been there first.
      tf.withName("add_1").constant(0f);
      tf.math.add(one, one);
      tf.math.add(one, one);
      GraphOps.of(graph).withName("one").constant(3f);
      List<String> names = new ArrayList<>();
      graph.operations().forEachRemaining(operation -> names.add(operation.name()));
      GraphOps.function(
              ops -> {
                var in = ops.placeholder(TFloat32.class);
                var out = ops.math.add(ops.math.add(in, in), ops.math.add(in, in));
                ((Graph) ops.scope().env())
                    .operations()
                    .forEachRemaining(operation -> names.add(operation.name()));
                return Signature.builder("f").input("in", in).output("out", out).build();
              })
          .close();
      return names;
    }
  }

  @Test
  void namesAreTheSameWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.ROOT);
      List<String> expected = names();
      assertEquals(
          List.of("one", "part/one", "part/Add", "part/deep/Add", "part_1/one", "part_1/Add"),
          expected.subList(0, 6));
      assertEquals(
          List.of(
              "part_3", "add_1", "Add", "Add_1", "one_1", "Placeholder", "Add", "Add_1", "Add_2"),
          expected.subList(10, expected.size()));
      for (String language :
          List.of("ar-EG", "fa", "ne", "mr", "bn", "my", "ckb", "ur-IN", "th-TH-u-nu-thai", "tr")) {
        Locale.setDefault(Locale.forLanguageTag(language));
        assertEquals(expected, names(), language);
      }
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void scopesKeepWhatElseTheySay() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = GraphOps.of(graph);
      var failing = tf.assertThat(tf.constant(false), List.of(tf.constant("told")));
      Ops after = tf.withControlDependencies(List.of(failing)).withSubScope("after");
      var value = after.withName("value").constant(1f);
      assertEquals("after/value", value.op().name());
      Exception told =
          assertThrows(Exception.class, () -> session.runner().fetch(value).run().close());
      assertEquals(true, told.getMessage().contains("assertion failed"), told.getMessage());
    }
  }

  @Test
  void refusesWhatIsNoName() {
    try (Graph graph = new Graph()) {
      Ops tf = GraphOps.of(graph);
      assertThrows(IllegalArgumentException.class, () -> tf.withName("a b"));
      assertThrows(IllegalArgumentException.class, () -> tf.withSubScope("۱"));
    }
  }
}
