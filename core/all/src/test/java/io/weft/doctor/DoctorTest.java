package io.weft.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Finding;
import io.weft.advice.Verdict;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {

  @Test
  void saysWhatEveryMachineHas() {
    List<Finding> found = Doctor.examine();
    List<String> subjects = found.stream().map(Finding::subject).toList();
    assertEquals(subjects.size(), new HashSet<>(subjects).size(), subjects.toString());
    assertTrue(
        subjects.containsAll(
            List.of(
                "Java",
                "processor",
                "Java's loops",
                "memory",
                "heap",
                "TensorFlow",
                "TensorFlow's threads",
                "bfloat16",
                "XLA",
                "GPU")),
        subjects.toString());
    for (Finding finding : found) {
      assertFalse(finding.found().isBlank() || finding.found().endsWith("."), finding.toString());
      assertEquals(finding.verdict() == Verdict.GOOD, finding.advice().isEmpty());
    }
    // With the library of the processor nothing is wanted that a machine may lack.
    assertTrue(
        found.stream().noneMatch(finding -> finding.verdict() == Verdict.BROKEN), found.toString());
  }
}
