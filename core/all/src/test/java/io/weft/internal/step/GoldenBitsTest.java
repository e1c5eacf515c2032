package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.testing.ChildJvm;
import io.weft.testing.SlowChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What small models compute is what it was when these digests were taken, in every kind of Java
 * that is at hand. Whoever changes them has changed the arithmetic, and its {@linkplain
 * Arithmetic#version version} with it.
 */
class GoldenBitsTest {

  private static final int VERSION = 1;

  private static final Map<String, String> DIGESTS =
      Map.ofEntries(
          Map.entry("softmax", "507e493017a1345a"),
          Map.entry("softmax-api", "f089df15ea1f3446"),
          Map.entry("softmax-coded", "765d969fe830cd03"),
          Map.entry("rgb", "074dfff9b520221a"),
          Map.entry("rgb-api", "5e159c51bbbd0170"),
          Map.entry("rgb-coded", "05c9d6275e02ff09"),
          Map.entry("bernoulli", "c290e6a57ac7aa60"),
          Map.entry("bernoulli-api", "f20de19b25a05f5d"),
          Map.entry("bernoulli-coded", "59a64f96e53c3cab"),
          Map.entry("mixture", "a9e0ecb4139155c4"),
          Map.entry("mixture-api", "bb89f7dd7379086b"),
          Map.entry("mixture-coded", "0556e10f8139c339"),
          Map.entry("locally-masked", "84cbeb01a61d2dd1"),
          Map.entry("locally-masked-api", "9dbbf60b7ee31698"),
          Map.entry("locally-masked-coded", "498da09c0f7fb5ad"),
          Map.entry("codes", "9f699be08f603f53"),
          Map.entry("codes-api", "0059bf372e5c6087"),
          Map.entry("codes-coded", "abe6b820cd480b89"),
          Map.entry("row-lstm", "82889701109db190"),
          Map.entry("row-lstm-api", "56bc8ecef77ae372"),
          Map.entry("row-lstm-coded", "eb3e2483117bdde8"),
          Map.entry("diagonal-bilstm", "00f210f51d8aa304"),
          Map.entry("diagonal-bilstm-api", "545d4778cd109baf"),
          Map.entry("diagonal-bilstm-coded", "f62b0c075fdb6e1c"),
          Map.entry("pixelsnail", "3b5c8435073acb8c"),
          Map.entry("pixelsnail-api", "56fa4971495837d7"),
          Map.entry("pixelsnail-coded", "eab325fca315b909"),
          Map.entry("image-gpt", "1b74a3ec5d8fd8fe"),
          Map.entry("image-gpt-api", "8eb90b2c800e4a6f"),
          Map.entry("image-gpt-coded", "2952fd9ec2fd3667"),
          Map.entry("pyramid-api", "3b9a72d8e7cdfdd7"));

  private static final List<String> ALL = List.copyOf(Bits.models().keySet());

  /** Where a model takes seconds: one of each distribution. */
  private static final List<String> SOME =
      ALL.subList(0, SlowChecks.times(Bits.DISTRIBUTIONS.size(), ALL.size()));

  private static final List<String> MODULE = List.of("--add-modules", "jdk.incubator.vector");

  @Test
  void digestsAreOfThisVersion() {
    assertEquals(VERSION, Arithmetic.version());
  }

  @ParameterizedTest
  @EnumSource
  void ofBothLoopsInAnyBatch(JvmLoops loops) {
    assumeTrue(loops.isAvailable(), loops + " loops do not run here");
    Bits.models()
        .forEach(
            (name, definition) -> {
              for (int batch : new int[] {1, 2, 9}) {
                assertEquals(
                    DIGESTS.get(name),
                    Bits.ofSteps(definition, loops, batch),
                    name + " by " + batch);
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void drawsBesideABoundaryStayWhenTheCompilerHasDoneItsWork(JvmLoops loops) {
    assumeTrue(loops.isAvailable(), loops + " loops do not run here");
    assertEquals(0, DrawBoundaries.flips(loops, true));
  }

  @ParameterizedTest
  @CsvSource({"-XX:UseAVX=2, warm", "-XX:TieredStopAtLevel=1, cold"})
  void ofProcessesInVectorLoops(String option, String how)
      throws IOException, InterruptedException {
    assumeTrue(JvmLoops.VECTOR.isAvailable(), "vector loops do not run here");
    List<String> options = new ArrayList<>(MODULE);
    // Not every processor has AVX.
    options.addAll(List.of("-XX:+IgnoreUnrecognizedVMOptions", option));
    check(own(), "VECTOR", options, how.equals("warm") ? ALL : SOME, how);
  }

  @ParameterizedTest
  @CsvSource({"-XX:-TieredCompilation, warm", "-XX:TieredStopAtLevel=1, cold"})
  void ofProcessesInPlainLoops(String option, String how) throws IOException, InterruptedException {
    check(own(), "PLAIN", List.of(option), how.equals("warm") ? ALL : SOME, how);
  }

  /** The caller alone, and beside it more than there are pieces of work. */
  @ParameterizedTest
  @ValueSource(ints = {0, 30})
  void ofAnyNumberOfThreads(int workers) throws IOException, InterruptedException {
    String option = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=" + workers;
    String output = check(own(), "PLAIN", List.of(option), List.copyOf(Bits.DISTRIBUTIONS), "cold");
    // From Java 25 on the pool has threads all the same.
    boolean none = workers == 0 && Runtime.version().feature() < 25;
    assertEquals(none, output.contains("workers 0"), output);
  }

  /** Which takes its time. */
  @Test
  void ofAnInterpreter() throws IOException, InterruptedException {
    check(
        own(), "PLAIN", List.of("-Xint"), ALL.subList(0, SlowChecks.times(1, ALL.size())), "cold");
  }

  /** The vector loops stand back, and Java would multiply and add in decimal numbers. */
  @Test
  void withoutFusedMultiplyAdd() throws IOException, InterruptedException {
    List<String> options = new ArrayList<>(MODULE);
    options.add("-XX:-UseFMA");
    String output = check(own(), "PLAIN", options, SOME, "cold");
    assertTrue(output.contains("fused false"), output);
  }

  /** The Javas that lie beside the one that runs this. */
  @Test
  void ofOtherJavas() throws IOException, InterruptedException {
    List<Path> others = others();
    assumeTrue(!others.isEmpty(), "no other Java lies beside " + System.getProperty("java.home"));
    for (Path java : others) {
      check(java, "PLAIN", List.of(), SOME, "warm");
      if (JvmLoops.VECTOR.isAvailable()) {
        check(java, "VECTOR", MODULE, ALL, "warm");
      }
    }
  }

  private static Path own() {
    return Path.of(System.getProperty("java.home"));
  }

  private static List<Path> others() throws IOException {
    Path own = own().toRealPath();
    List<Path> found = new ArrayList<>();
    try (Stream<Path> beside = Files.list(own.getParent())) {
      for (Path java : beside.toList()) {
        if (java.toRealPath().equals(java) && !java.equals(own) && version(java).orElse(0) >= 17) {
          found.add(java);
        }
      }
    }
    return found;
  }

  /** Of a Java home, by the file "release" that it has. */
  private static Optional<Integer> version(Path java) throws IOException {
    Path release = java.resolve("release");
    if (!Files.isRegularFile(release) || !Files.isExecutable(java.resolve("bin/java"))) {
      return Optional.empty();
    }
    return Files.readAllLines(release).stream()
        .filter(line -> line.matches("JAVA_VERSION=\"\\d+.*"))
        .map(line -> Integer.valueOf(line.replaceAll("JAVA_VERSION=\"(\\d+).*", "$1")))
        .findFirst();
  }

  private static String check(
      Path java, String loops, List<String> options, List<String> models, String how)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(java.resolve("bin/java").toString());
    words.addAll(List.of("-Xmx512m", "-XX:-UsePerfData"));
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), Bits.class.getName()));
    words.add(how);
    words.addAll(models);
    ChildJvm.Ended ended = ChildJvm.run(words);
    String output = words + ":\n" + ended.output();
    assertEquals(0, ended.exit(), output);
    assertTrue(output.contains("loops " + loops + ","), output);
    assertTrue(output.contains("flips 0"), output);
    int golden = how.equals("warm") ? 6 : 4;
    assertEquals(
        golden, ended.output().lines().filter(l -> l.startsWith("golden ")).count(), output);
    List<String> lines = ended.output().lines().filter(l -> l.startsWith("bits ")).toList();
    long coded =
        models.stream().filter(m -> how.equals("warm") || Bits.DISTRIBUTIONS.contains(m)).count();
    // And the pyramid's.
    assertEquals(2L * models.size() + coded + 1, lines.size(), output);
    for (String line : lines) {
      int space = line.lastIndexOf(' ');
      String name = line.substring("bits ".length(), space);
      assertEquals(DIGESTS.get(name), line.substring(space + 1), name + " by " + output);
    }
    return output;
  }
}
