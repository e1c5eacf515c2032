package io.weft;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The sums of the model language are total: a case from outside is refused by the compiler, and
 * whoever asks something of all cases has to answer for each.
 */
class SumsTest {

  private static final String EXPRESSION = "io.weft.expression.Expression";
  private static final String INSTRUCTION = "io.weft.internal.step.Instruction";
  private static final String NODE = "io.weft.graph.Node";
  private static final String CONDITION = "io.weft.spec.Condition";
  private static final String INITIALIZER = "io.weft.expression.Initializer";

  @TempDir private Path classes;

  @ParameterizedTest
  @ValueSource(strings = {EXPRESSION, INSTRUCTION, NODE, CONDITION, INITIALIZER})
  void aForeignCaseIsRefused(String sum) throws IOException {
    String errors = errors("abstract class Foreign implements " + sum + " {}");
    assertTrue(errors.contains("sealed"), errors);
  }

  @ParameterizedTest
  @ValueSource(strings = {EXPRESSION, INSTRUCTION, NODE, CONDITION})
  void whoeverAsksAnswersForEachCase(String sum) throws Exception {
    var cases = Class.forName(sum + "$Cases").getMethods();
    long records = Class.forName(sum).getPermittedSubclasses().length;
    assertEquals(records, cases.length, "an answer for each case");
    for (var forgotten : cases) {
      String answers =
          Arrays.stream(cases)
              .filter(method -> !method.equals(forgotten))
              .map(
                  method ->
                      "public String "
                          + method.getName()
                          + "("
                          + method.getParameterTypes()[0].getCanonicalName()
                          + " x) { return null; }")
              .collect(Collectors.joining("\n"));
      String errors =
          errors("class Foreign implements " + sum + ".Cases<String> {\n" + answers + "\n}");
      assertTrue(
          errors.contains("does not override abstract method " + forgotten.getName()), errors);
    }
  }

  /** That the compiler finds nothing to complain of where nothing is forgotten. */
  @Test
  void whatAnswersForAllCompiles() throws IOException {
    String all =
        "class Foreign implements "
            + CONDITION
            + ".Cases<String> {\n"
            + "public String oneOf(io.weft.spec.Condition.OneOf x) { return null; }\n"
            + "public String vector(io.weft.spec.Condition.Vector x) { return null; }\n"
            + "public String spatial(io.weft.spec.Condition.Spatial x) { return null; }\n"
            + "}";
    assertEquals("", errors(all));
  }

  private String errors(String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///Foreign.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    var found = new DiagnosticCollector<JavaFileObject>();
    List<String> options =
        List.of(
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            System.getProperty("java.class.path"));
    compiler.getTask(new StringWriter(), null, found, options, null, List.of(file)).call();
    return found.getDiagnostics().stream()
        .filter(d -> d.getKind() == javax.tools.Diagnostic.Kind.ERROR)
        .map(d -> d.getMessage(java.util.Locale.ROOT))
        .collect(Collectors.joining("\n"));
  }
}
