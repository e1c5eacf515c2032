package io.weft.codec;

import io.weft.define.Definition;
import io.weft.internal.step.JvmLoops;
import io.weft.internal.thread.Keeper;
import io.weft.spec.Condition;
import io.weft.spec.DefinitionException;
import io.weft.spec.ImageSpec;
import io.weft.weight.Weights;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A model under one order with the weights of one moment, for images of any size. */
final class CodingModel {

  /** Deriving a program takes seconds and some kilobytes for each pixel beyond this. */
  static final int MOST_RESIZED = 48 * 48;

  /** Images of the model's own size, and of a few others. */
  private static final int KEPT = 4;

  /** A size, and whether images of it are coded in tiles. */
  private record Form(ImageSpec image, boolean isTiled) {}

  private final Definition definition;
  private final Weights weights;
  private final JvmLoops loops;
  private final Keeper<Form, Coding> codings = new Keeper<>(KEPT, this::coding);
  private @Nullable Long fingerprint;

  /**
   * Makes one.
   *
   * @param loops what computes; the bits are the same in all
   */
  CodingModel(Definition definition, Weights weights, JvmLoops loops) {
    this.definition = definition;
    this.weights = weights;
    this.loops = loops;
  }

  Definition definition() {
    return definition;
  }

  Weights weights() {
    return weights;
  }

  CodingModel under(Definition other) {
    return new CodingModel(other, weights, loops);
  }

  /** Returns what tells this model from others. */
  synchronized long fingerprint() {
    Long known = fingerprint;
    if (known == null) {
      known = Fingerprint.of(definition, weights);
      fingerprint = known;
    }
    return known;
  }

  /** Returns a fingerprint in words. */
  static String hex(long fingerprint) {
    return HexFormat.of().toHexDigits(fingerprint);
  }

  /**
   * Returns whether images are coded in tiles of the model's size: where they have another, and the
   * model is not for that, or it would take long to make it so.
   *
   * @throws IllegalArgumentException if the model has a condition for each position
   */
  boolean isTiled(ImageSpec image) {
    if (image.equals(definition.image())) {
      return false;
    }
    if (definition.conditions().stream().anyMatch(Condition.Spatial.class::isInstance)) {
      throw new IllegalArgumentException(
          "the model has a condition for each position of images of "
              + definition.image()
              + ", and these are "
              + image
              + "; code images of the model's size");
    }
    if (image.pixels() > MOST_RESIZED) {
      return true;
    }
    try {
      of(image, false);
      return false;
    } catch (DefinitionException e) {
      return true;
    }
  }

  /**
   * Returns how images of a size are coded.
   *
   * @throws DefinitionException if they are not in tiles, and the model is not for that size
   */
  Coding of(ImageSpec image, boolean isTiled) {
    return codings.get(new Form(image, isTiled));
  }

  private Coding coding(Form form) {
    Definition ofTile =
        form.isTiled()
            ? definition
            : definition.resized(form.image().height(), form.image().width());
    return new Coding(ofTile, new Tiles(form.image(), ofTile.image()), weights, loops);
  }
}
