package io.weft.internal.save;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.json.LayerCatalog;
import io.weft.testing.ChildJvm;
import io.weft.testing.SavedModels;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Loads and saves at one place at the same time, and saves that are interrupted. */
class LoadsBesideSavesTest {

  private static final int LOADS = 250;

  @TempDir Path temporary;

  /** Holds a lock from one thread, while others of its process try in vain. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      Path file = Path.of(arguments[0]);
      SaveLock held = SaveLock.acquire(file, Duration.ZERO);
      System.out.println("held");
      System.in.read();
      held.close();
    }
  }

  @Test
  void everyLoadGivesOneModelWhileAnotherProcessSavesWithoutPause() throws Exception {
    Path folder = temporary.resolve("m");
    KilledSaveTest.save(folder, 0);
    Path log = temporary.resolve("log");
    Process saver =
        new ProcessBuilder(KilledSaveTest.command(folder, Integer.MAX_VALUE))
            .redirectOutput(log.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      while (saver.isAlive() && KilledSaveTest.lastSaved(log) < 2) {
        Thread.sleep(5);
      }
      int last = 0;
      for (int load = 0; load < LOADS; load++) {
        int found = KilledSaveTest.number(folder);
        assertTrue(found >= last, found + " after " + last);
        last = found;
      }
      assertTrue(saver.isAlive() && last > 5, "saves kept on: " + last);
    } finally {
      saver.destroyForcibly().waitFor();
    }
    assertEquals(-1, Files.readString(log).indexOf("refused"), Files.readString(log));
  }

  @Test
  void everyLoadGivesOneModelWhileThreadsSaveWithoutPause() throws Exception {
    Path folder = temporary.resolve("m");
    KilledSaveTest.save(folder, 0);
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger saved = new AtomicInteger();
    List<Thread> savers =
        List.of(
            new Thread(() -> saves(folder, done, saved)),
            new Thread(() -> saves(folder, done, saved)));
    savers.forEach(Thread::start);
    try {
      for (int load = 0; load < LOADS; load++) {
        KilledSaveTest.number(folder);
      }
    } finally {
      done.set(true);
      for (Thread saver : savers) {
        saver.join();
      }
    }
    assertTrue(saved.get() > 5, saved + " saves");
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  private static void saves(Path folder, AtomicBoolean done, AtomicInteger saved) {
    try {
      while (!done.get()) {
        KilledSaveTest.save(folder, saved.incrementAndGet());
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anInterruptedSaveSaysSoAndLeavesTheOldModel() throws Exception {
    Path folder = temporary.resolve("m");
    KilledSaveTest.save(folder, 0);
    Random random = new Random(5);
    int interrupted = 0;
    int before = 0;
    for (int save = 1; save <= 120; save++) {
      int number = save;
      Throwable[] refused = new Throwable[1];
      Thread thread =
          new Thread(
              () -> {
                try {
                  KilledSaveTest.save(folder, number);
                  // Done before the interrupt came, or had its effect.
                } catch (IOException | CancellationException e) {
                  refused[0] = e;
                }
              });
      thread.start();
      Thread.sleep(0, random.nextInt(1_000_000));
      if (random.nextBoolean()) {
        Thread.sleep(random.nextInt(8));
      }
      thread.interrupt();
      thread.join();
      int found = KilledSaveTest.number(folder);
      if (refused[0] == null) {
        assertEquals(number, found);
      } else {
        interrupted++;
        assertTrue(refused[0] instanceof CancellationException, refused[0].toString());
        assertEquals(before, found);
      }
      before = found;
    }
    assertTrue(interrupted > 10, interrupted + " saves were interrupted");
    KilledSaveTest.save(folder, 1000);
    assertEquals(List.of("m"), SavedModels.names(temporary));
  }

  @Test
  void interruptedLoadsAndZipsSaySo() throws IOException {
    Path folder = temporary.resolve("m");
    KilledSaveTest.save(folder, 0);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (Model model = Model.load(folder)) {
      model.save(zip);
      List<Executable> work =
          List.of(
              () -> Model.load(folder).close(),
              () -> Model.load(new ByteArrayInputStream(zip.toByteArray())).close(),
              () -> Model.loadResource(getClass(), "by-tensorflow/model").close(),
              () -> model.save(new ByteArrayOutputStream()));
      for (Executable interrupted : work) {
        Thread.currentThread().interrupt();
        try {
          assertThrows(CancellationException.class, interrupted);
        } finally {
          assertTrue(Thread.interrupted());
        }
      }
    }
  }

  @Test
  void aLockHoldsAgainstOtherProcessesHoweverOftenThisOneTries() throws Exception {
    Path file = temporary.resolve("lock");
    SaveLock held = SaveLock.acquire(file, Duration.ZERO);
    try {
      // POSIX takes the locks of a process away when it closes any channel of the file.
      for (int attempt = 0; attempt < 3; attempt++) {
        assertTrue(SaveLock.isHeld(file));
        try {
          SaveLock.acquire(file, Duration.ZERO).close();
          throw new AssertionError("acquired twice");
        } catch (IOException e) {
          assertTrue(e.getMessage().contains("another save"), e.getMessage());
        }
      }
      ChildJvm.Ended other = ChildJvm.run(ChildJvm.command("64m", Holder.class, file.toString()));
      assertTrue(other.output().contains("another save"), other.output());
    } finally {
      held.close();
    }
    assertTrue(Files.notExists(file));
    Process other =
        new ProcessBuilder(ChildJvm.command("64m", Holder.class, file.toString())).start();
    try {
      assertEquals('h', other.getInputStream().read());
      assertTrue(SaveLock.isHeld(file));
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertTrue(!SaveLock.isHeld(file), "a killed process gives its lock up");
    SaveLock.acquire(file, Duration.ZERO).close();
  }

  @Test
  void aLockFileOfOthersIsLeftAlone() throws IOException {
    Path victim = Files.writeString(temporary.resolve("victim"), "mine");
    Files.createSymbolicLink(temporary.resolve(".m.weft-lock"), victim);
    try (Model model = Model.initial(SavedModels.definition(), 1)) {
      try {
        model.save(temporary.resolve("m"), LayerCatalog.standard());
        throw new AssertionError("saved through a link");
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("weft-lock"), e.getMessage());
      }
    }
    assertEquals("mine", Files.readString(victim));
  }
}
