package io.weft.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {

  @Test
  void whatJavaHoldsIsNotCounted() {
    ResidentMemory.assumeMeasurable();
    long before = ResidentMemory.outsideHeap();
    List<byte[]> held = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      held.add(new byte[1 << 20]);
    }
    long grown = ResidentMemory.outsideHeap() - before;
    assertTrue(grown < 50, held.size() + " MB of arrays: grew by " + grown);
  }
}
