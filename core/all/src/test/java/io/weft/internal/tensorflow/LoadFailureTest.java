package io.weft.internal.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.advice.Advice;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an error of loading says, in words. The command line's tests have real disks. */
class LoadFailureTest {

  @Test
  void anOldSystemIsNamed() {
    var cause =
        new UnsatisfiedLinkError(
            "/lib/libc.so.6: version `GLIBC_2.34' not found (required by libtensorflow_cc.so.2)");
    var error = LoadFailure.explain(linked(cause));
    assertTrue(error.problem().contains("C library is too old (/lib/libc.so.6"), "" + error);
    assertEquals(Optional.of(Advice.USE_A_NEWER_SYSTEM), error.advice());
    assertEquals(error.problem() + ". Use a system with glibc 2.34 or newer.", error.getMessage());
  }

  @Test
  void aDiskThatRunsNoProgramsIsNamedEvenWhereMountsCannotBeRead() {
    var cause = new UnsatisfiedLinkError("libjnitensorflow.so: failed to map segment from shared");
    var error = LoadFailure.explain(linked(cause));
    assertTrue(error.problem().endsWith("(noexec)"), "" + error);
    assertEquals(Optional.of(Advice.UNPACK_ELSEWHERE), error.advice());
  }

  @Test
  void whatIsNotKnownIsSaidInTheSystemsWords() {
    var error = LoadFailure.explain(linked(new UnsatisfiedLinkError("libfoo.so.1: cannot open")));
    assertTrue(error.problem().endsWith("libfoo.so.1: cannot open"), "" + error);
  }

  /** As JavaCPP passes it on. */
  private static LinkageError linked(UnsatisfiedLinkError cause) {
    var error = new UnsatisfiedLinkError("no jnitensorflow in java.library.path");
    error.initCause(cause);
    return error;
  }
}
