package io.weft.reliability;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.Model;
import io.weft.testing.ResidentMemory;
import io.weft.testing.SavedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many threads on one model, while another model is trained: right answers in bounded memory. */
class ConcurrentUseTest {

  private static final int THREADS = 8;
  private static final int TASKS = 20;
  private static final int MOST_GROWTH = 150;

  @Test
  void answersAreThoseOfOneThread() throws Exception {
    ResidentMemory.assumeMeasurable();
    try (Model model = Model.initial(MixedWork.definition(), 1)) {
      MixedWork work = MixedWork.of(model, MixedWork.images()).learned();
      inParallel(work);
      long before = ResidentMemory.outsideHeap();
      inParallel(work);
      inParallel(work);
      long grown = ResidentMemory.outsideHeap() - before;
      assertTrue(grown < MOST_GROWTH, "grew by " + grown + " MB");
    }
  }

  private static void inParallel(MixedWork work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    try {
      List<Future<?>> all = new ArrayList<>();
      all.add(threads.submit(() -> SavedModels.trained(100).close()));
      for (int t = 0; t < THREADS; t++) {
        int first = t;
        all.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < TASKS; i++) {
                    work.task(first + i);
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
