package io.weft.advice;

/**
 * What a caller can do about a failure. Each is said in the terms of the Java API by {@link
 * #inApi}; a program with another surface says each in its own terms.
 */
public enum Advice {
  /** Pictures have different sizes, or other ones than the model's. */
  FIT_PICTURES("Bring all to one size with fittedTo(height, width)."),
  /** A picture has transparent pixels, and nothing says what shows there. */
  SAY_GROUND("Give the colour that shows there with ground(rgb), or keep it with alpha()."),
  /** Stored values mean something else than brightness from black to white. */
  SAY_VALUES(
      "Give the range with valuesBetween(low, high), read labels with exactValues(), or take the"
          + " whole range with fullRange()."),
  /** Values are higher than the levels that they are to be. */
  GIVE_MORE_LEVELS("Give more levels, or scale the values with quantised(levels)."),
  /** A picture is too large to be decoded unasked. */
  ALLOW_MORE_PIXELS("Use smaller pictures, or allow more with atMostPixels."),
  /** Images have other levels than the model, or than other images. */
  QUANTISE("Bring them to the same levels with quantised(levels)."),
  /** Images have another form than the model. */
  READ_IN_THE_MODELS_FORM("Read or make them in the model's size and colours."),
  /** The model's conditions are more than a class. */
  GIVE_CONDITIONS("Say what each image is conditioned on with Examples.conditioned."),
  /** The model wants a class, and the images have none. */
  GIVE_LABELS("Read them with their labels, or use a model without the condition."),
  /** MNIST's files are not where they were looked for. */
  FETCH_MNIST("Pass the folder that holds MNIST's four files; Mnist.download fetches them."),
  /** A loss or gradient is not finite, though gradients are clipped. */
  LOWER_RATE("Lower the learning rate."),
  /** A loss or gradient is not finite. */
  CALM_TRAINING("Lower the learning rate or clip gradients (clipNorm)."),
  /** Early stopping has nothing to look at. */
  VALIDATE("Add validateOn."),
  /** A file is not what was written to keep a history. */
  GIVE_A_HISTORY("Give a file that TrainingHistory.write wrote."),
  /** A layer goes along rows, and the generation order does not. */
  FOLLOW_THE_ORDER(
      "Use convolutions of full support (causalConv); for raster order mirrored or transposed,"
          + " ToRaster and FromRaster will do."),
  /** A layer has too few maps for its colour channels, or no multiple. */
  CHANGE_MAPS("Give the layers such a number of maps."),
  /** Known pixels come too late in the generation order to be context. */
  SEE_ALL_KNOWN_PIXELS(
      "Use a mask whose known pixels come first, a model for any order (locally masked, of several),"
          + " or Scores.missingLogLikelihood, which is given the earlier pixels only."),
  /** A small image is drawn before the known pixels beside it are looked at. */
  KNOW_THE_SMALL_IMAGE(
      "Use a mask under which all of the small image is known, or nothing beside it; score gives the"
          + " likelihood of whole images."),
  /** The distribution is for images of two levels. */
  USE_SOFTMAX("Use softmax."),
  /** Nothing says what a condition is to be that is no class. */
  SAMPLE_WITH_CONDITIONS("Give a sampler that has conditions."),
  /** A training step has no room in the machine's memory. */
  TRAIN_ON_LESS(
      "Take fewer images at a time (batch of the training options), fewer maps or layers, or"
          + " smaller images."),
  /** Scoring has no room in the machine's memory, though images go through one at a time. */
  SCORE_LESS("Take a model of fewer maps or layers, or of smaller images."),
  /** The caches of images that are drawn in lockstep have no room in Java's heap. */
  DRAW_FEWER("Take fewer images in lockstep (batch of the sampler), or a larger Java heap (-Xmx)."),
  /** The images of a block, which are coded together, have no room in Java's heap. */
  CODE_FEWER(
      "Give Java a larger heap (-Xmx), or code fewer images in a block (imagesPerBlock of the"
          + " codec)."),
  /** Images that TensorFlow draws in lockstep have no room in the machine's memory. */
  DRAW_FEWER_OR_ON_THE_JVM(
      "Take fewer images in lockstep (batch of the sampler), or the executor jvm."),
  /** TensorFlow had no memory left in the middle of some work. */
  NEED_LESS_MEMORY(
      "Take fewer images at a time (batch of the training options or the sampler), fewer maps or"
          + " layers, or smaller images."),
  /** There is no folder into which the native library can be unpacked. */
  UNPACK_ELSEWHERE(
      "Name another folder for it, which may be written and run from and has room, with the system"
          + " property org.bytedeco.javacpp.cachedir (java"
          + " -Dorg.bytedeco.javacpp.cachedir=FOLDER), and start again."),
  /** The native library of another platform is on the class path, or none. */
  ADD_THE_PLATFORMS_LIBRARY(
      "Put io.weft:weft-core-platform on the class path, which brings the libraries of all"
          + " platforms, or org.tensorflow:tensorflow-core-native, with the classifier of the one."),
  /** The system is older than the native library. */
  USE_A_NEWER_SYSTEM("Use a system with glibc 2.34 or newer."),
  /** TensorFlow is not on the class path. */
  ADD_TENSORFLOW("Put io.weft:weft-core, or io.weft:weft-tensorflow, on the class path."),
  /** Java runs without its vector module. */
  ADD_VECTOR_MODULE("Start Java with --add-modules jdk.incubator.vector."),
  /** The processor has no fused multiply-add. */
  USE_A_PROCESSOR_THAT_FUSES(
      "Use a processor that has it: x86-64 since 2013 (AVX2 and FMA), or any arm64."),
  /** The threads of TensorFlow's sessions are those of the first. */
  GIVE_SESSIONS_OWN_THREADS(
      "Start Java with the environment variable TF_OVERRIDE_GLOBAL_THREADPOOL=1 if a process is to"
          + " train in micro-batches and to do other things."),
  /** A machine of a cluster computes other gradients than the others. */
  RUN_LIKE_THE_OTHERS("Run it like the others, or leave it out."),
  /** A machine of a cluster computes other likelihoods than the others. */
  RUN_LIKE_THE_OTHERS_OR_ON_THE_JVM(
      "Run it like the others, leave it out, or open the model on Device.jvm(), whose numbers are"
          + " the same everywhere."),
  /** The processor, or what limits it, has no bfloat16. */
  TRAIN_IN_FLOAT32("Train in float32, which needs nothing."),
  /** There is a GPU, and TensorFlow's library on the class path is the processor's. */
  TAKE_THE_GPU_LIBRARY(
      "Put org.tensorflow:tensorflow-core-native with the classifier linux-x86_64-gpu on the class"
          + " path, in place of the other."),
  /** Libraries of CUDA that TensorFlow opens are not there. */
  ADD_CUDA(
      "Install CUDA 12 and cuDNN 9, or put org.bytedeco:cuda:12.6-9.5-1.5.11 with the classifier"
          + " linux-x86_64-redist on the class path."),
  /** There is no driver of NVIDIA's, or it is not seen. */
  INSTALL_THE_DRIVER(
      "Install NVIDIA's driver (nvidia-smi shows it); a container needs NVIDIA's container toolkit"
          + " and must be started with its GPUs."),
  /** XLA does not compile. */
  DRAW_ON_THE_JVM("Draw on the executor jvm, which is as quick or quicker on a processor."),
  /** A GPU cannot be used for reasons that are said beside it. */
  MEND_WHAT_IS_BROKEN("Mend what is broken above, or take the library for the processor.");

  private final String inApi;

  Advice(String inApi) {
    this.inApi = inApi;
  }

  /** Returns the advice to callers of the Java API, a sentence. */
  public String inApi() {
    return inApi;
  }
}
