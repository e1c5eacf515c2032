package io.weft.internal.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.weft.define.Definition;
import io.weft.internal.step.StepProfile.Kind;
import io.weft.internal.step.StepProfile.Part;
import io.weft.model.GatedPixelCnn;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The parts of a profile are all that there is to do, and nothing besides. */
class StepProfileTest {

  private static final int IMAGES = 10;

  private static StepProfile profile(Definition definition) {
    JvmStepExecutor executor =
        JvmStepExecutor.bind(StepProgram.of(definition), Weights.initial(definition, 1));
    return StepProfile.of(
        executor,
        IMAGES,
        (image, condition) -> new float[condition.shape().positions() * condition.shape().maps()]);
  }

  @Test
  void productsAreThoseOfTheProgramButOutsideTheImage() {
    Definition definition =
        GatedPixelCnn.builder(new ImageSpec(5, 6, 1, 4)).blocks(2).maps(8).kernel(3).build();
    StepProfile profile = profile(definition);

    StepProgram program = StepProgram.of(definition);
    long[] positions = program.positionsOfGroups();
    long products =
        program.groups().stream().mapToLong(g -> 2 * g.weights() * positions[g.group()]).sum();
    double flops = profile.parts().stream().mapToDouble(Part::flops).sum();
    double all = (double) IMAGES * products;
    assertTrue(flops < all && flops > 0.9 * all, () -> flops + " of " + all);
    Set<Kind> kinds = profile.parts().stream().map(Part::kind).collect(Collectors.toSet());
    assertEquals(
        EnumSet.of(Kind.PRODUCT, Kind.ELEMENTWISE, Kind.MOVES, Kind.DRAW, Kind.WAITING), kinds);
  }

  @Test
  void partsAddUpToTheTimeOfAllThreads() {
    StepProfile profile =
        profile(GatedPixelCnn.builder(new ImageSpec(5, 6, 1, 4)).blocks(1).maps(4).build());

    double parts = profile.parts().stream().mapToDouble(Part::seconds).sum();
    // Sessions may be on more threads than are counted, where the pool has some to spare.
    assertTrue(parts >= profile.seconds() * profile.threads() * (1 - 1e-9), profile::toString);
    assertTrue(profile.parts().stream().allMatch(p -> p.seconds() >= 0), profile::toString);
  }
}
