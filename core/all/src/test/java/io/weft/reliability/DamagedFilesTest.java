package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.save.ModelFormatException;
import io.weft.spec.DefinitionException;
import io.weft.testing.ChildJvm;
import io.weft.testing.Held;
import io.weft.testing.SlowChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages files of every kind in thousands of ways: each is read as what it was, or refused in
 * words, in bounded time and with little memory. {@code -Ddamages=N} sets how many of each kind.
 */
class DamagedFilesTest {

  private static final String HEAP = "96m";
  private static final int DAMAGES = Integer.getInteger("damages", SlowChecks.times(60, 2400));

  @TempDir Path temporary;

  /**
   * Works in a process of little memory, so that greed shows and an abort does not end the tests.
   */
  static final class Damager {

    /** Far beyond what any file takes: only what hangs reaches it. */
    private static final int SECONDS = 30;

    /** What Java opens by the way, such as fonts and jars; what leaks has one for each file. */
    private static final int MOST_OPEN = 8;

    private static final List<Damage> WAYS = List.of(Damage.values());

    private Damager() {}

    public static void main(String[] arguments) throws Exception {
      int damages = Integer.parseInt(arguments[1]);
      ExecutorService reader =
          Executors.newSingleThreadExecutor(
              task -> {
                Thread thread = new Thread(task, "reader");
                thread.setDaemon(true);
                return thread;
              });
      for (FileKind kind : FileKind.all(Path.of(arguments[0]))) {
        byte[] whole = kind.whole().get(0);
        Files.write(kind.path(), kind.repair().apply(whole));
        String meaning = kind.reader().read(kind.path());
        int refused = 0;
        long before = Held.files();
        for (int seed = 0; seed < damages; seed++) {
          Damage damage = WAYS.get(seed % WAYS.size());
          byte[] bytes =
              kind.repair().apply(damage.of(whole, kind.whole().get(1), new Random(seed)));
          Files.write(kind.path(), bytes);
          try {
            String found =
                reader.submit(() -> kind.reader().read(kind.path())).get(SECONDS, TimeUnit.SECONDS);
            // A splice of files with the same beginning can be the other one.
            if (kind.isChecked() && !Arrays.equals(bytes, kind.whole().get(1))) {
              assertEquals(meaning, found);
            }
          } catch (ExecutionException e) {
            refused++;
            if (!isRefusal(kind, e.getCause())) {
              fail(kind, damage, seed, bytes, e.getCause());
            }
          } catch (TimeoutException | AssertionError e) {
            fail(kind, damage, seed, bytes, e);
          }
        }
        long open = Held.files();
        assertTrue(open <= before + MOST_OPEN, kind.name() + " leaves " + open + " files open");
        if (kind.refusal() == ModelFormatException.class) {
          Files.delete(kind.path());
          assertThrows(ModelFormatException.class, () -> kind.reader().read(kind.path()));
        }
        Files.write(kind.path(), kind.repair().apply(whole));
        assertEquals(meaning, kind.reader().read(kind.path()), "the good file reads as before");
        System.out.printf(Locale.ROOT, "%s: %d of %d refused%n", kind.name(), refused, damages);
        assertTrue(refused > 0, kind.name());
      }
      System.out.println("done");
    }

    private static boolean isRefusal(FileKind kind, Throwable found) {
      String message = String.valueOf(found.getMessage());
      return kind.refusal().isInstance(found)
          && (kind.refusal() == DefinitionException.class || message.contains("expected"))
          && message.length() < 2000;
    }

    private static void fail(
        FileKind kind, Damage damage, int seed, byte[] bytes, Throwable found) {
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s, %s, seed %d, bytes in base 64:%n%s",
              kind.name(),
              damage,
              seed,
              Base64.getEncoder().encodeToString(bytes)),
          found);
    }
  }

  @Test
  void isReadAsItWasOrRefused() throws Exception {
    List<String> command =
        ChildJvm.command(HEAP, Damager.class, temporary.toString(), Integer.toString(DAMAGES));
    ChildJvm.Ended ended = ChildJvm.run(command);
    System.out.println(ended.output());
    assertEquals(0, ended.exit(), ended.output());
    assertTrue(ended.output().contains("done"), ended.output());
  }
}
