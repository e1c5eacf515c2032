package io.weft.samples.cli

import io.weft.advice.Advice
import io.weft.advice.Advised
import picocli.CommandLine.Model.CommandSpec

/**
 * What to do about a failure, in the options of a command. The library's own messages speak of its
 * API; each of its advices has a sentence here, which the compiler sees to.
 */
internal class OptionAdvice(
    private val command: CommandSpec,
) {
    /** Returns a failure's message, its advice in options. */
    fun words(failure: Throwable): String {
        val message = failure.message ?: failure.toString()
        val advised = advised(failure)
        val advice = advised?.advice()?.orElse(null) ?: return message
        val place = message.removeSuffix((advised as Throwable).message.orEmpty())
        return "$place${advised.problem()}. ${sentence(advice)}"
    }

    /** The failure itself, or the one that it passes on with all its words. */
    private fun advised(failure: Throwable): Advised? =
        generateSequence(failure) { it.cause }
            .takeWhile { failure.message.orEmpty().endsWith(it.message.orEmpty()) }
            .filterIsInstance<Advised>()
            .firstOrNull { it.advice().isPresent }

    /** Returns an advice in options. */
    fun sentence(advice: Advice): String =
        when (advice) {
            Advice.FIT_PICTURES -> {
                if (has("--size")) {
                    "Give --size=N to bring all to one size; --fit says how."
                } else {
                    "Give --fit to bring them to the model's size."
                }
            }

            Advice.READ_IN_THE_MODELS_FORM -> {
                if (has("--size")) {
                    "Give --size=N, and --colours=grey or rgb, so that all have one form."
                } else {
                    "Give --fit to bring images to the model's size, or give others."
                }
            }

            Advice.SAY_GROUND -> {
                "Give --ground=ffffff for white, another colour, or --ground=alpha to keep it" +
                    " as a channel" +
                    if (has("--transparent")) {
                        "; or --transparent if that is what is missing."
                    } else {
                        "."
                    }
            }

            Advice.SAY_VALUES -> {
                "Give --values=LOW..HIGH for black and white, --values=exact for labels, or" +
                    " --values=full to take them as they are."
            }

            Advice.GIVE_MORE_LEVELS -> {
                if (has("--levels")) {
                    "Give more --levels, or leave --values=exact out."
                } else {
                    "Give other images, or leave --values=exact out."
                }
            }

            Advice.ALLOW_MORE_PIXELS -> {
                "Make the picture smaller first, or take it out of the folder."
            }

            Advice.QUANTISE -> {
                if (has("--levels")) {
                    "Give --levels=N so that both have the same."
                } else {
                    "Give data of these levels."
                }
            }

            Advice.GIVE_CONDITIONS, Advice.SAMPLE_WITH_CONDITIONS -> {
                "The command line gives classes only; use the library for such a model."
            }

            Advice.GIVE_LABELS -> {
                "Give labelled data: MNIST's folder, CIFAR-10, or pictures in a folder per class" +
                    if (has("--classes")) "; or leave --classes out." else "."
            }

            Advice.FETCH_MNIST -> {
                "Give the folder that holds MNIST's four files."
            }

            Advice.LOWER_RATE -> {
                "Give a lower --rate."
            }

            Advice.CALM_TRAINING -> {
                "Give a lower --rate, or --clip=1 to limit gradients."
            }

            Advice.VALIDATE -> {
                "Give --validation=FRACTION or --test-data=PATH."
            }

            Advice.GIVE_A_HISTORY -> {
                "Give a file that an earlier --history wrote, or another name."
            }

            Advice.FOLLOW_THE_ORDER -> {
                "Give --model=pixelcnn, --model=locally-masked or --model=image-gpt, which follow" +
                    " any order; --model=gated and --model=pixelsnail follow raster order," +
                    " mirrored or transposed, if trained for it."
            }

            Advice.CHANGE_MAPS -> {
                "Give --maps=N with such a number."
            }

            Advice.SEE_ALL_KNOWN_PIXELS -> {
                "Cut out what comes last in that order, leave --score out, or take a model that" +
                    " follows any order (train --model=locally-masked --orders=8)."
            }

            Advice.KNOW_THE_SMALL_IMAGE -> {
                "Leave --score out; weft score says how likely the whole image is."
            }

            Advice.USE_SOFTMAX -> {
                "Give --levels=2, or another --model."
            }

            Advice.TRAIN_ON_LESS, Advice.SCORE_LESS, Advice.NEED_LESS_MEMORY -> {
                less() ?: SMALLER_MODEL
            }

            Advice.DRAW_FEWER -> {
                "${less() ?: SMALLER_MODEL} Or give Java a larger heap: WEFT_JAVA_OPTS=-Xmx4g."
            }

            Advice.CODE_FEWER -> {
                "Give Java a larger heap: WEFT_JAVA_OPTS=-Xmx4g. Or compress with a smaller --block."
            }

            Advice.DRAW_FEWER_OR_ON_THE_JVM -> {
                "${less() ?: SMALLER_MODEL} Or give --executor=jvm."
            }

            Advice.UNPACK_ELSEWHERE -> {
                "Name another folder, which may be written and run from and has room:" +
                    " WEFT_JAVA_OPTS=-Dorg.bytedeco.javacpp.cachedir=FOLDER."
            }

            Advice.ADD_THE_PLATFORMS_LIBRARY -> {
                "Build the command line on this machine: it takes the library of the machine that" +
                    " it is built on."
            }

            Advice.RUN_LIKE_THE_OTHERS_OR_ON_THE_JVM -> {
                "Run it like the others, leave it out, or give --device=jvm, whose numbers are" +
                    " the same everywhere."
            }

            Advice.ADD_TENSORFLOW -> {
                "Install the command line anew: TensorFlow is part of it."
            }

            Advice.ADD_VECTOR_MODULE -> {
                "Set JAVA_HOME to a Java that has the module jdk.incubator.vector, as OpenJDK's" +
                    " do: the launcher adds it by itself where it is."
            }

            Advice.TAKE_THE_GPU_LIBRARY -> {
                "Build the command line with -Dtensorflow=gpu."
            }

            Advice.ADD_CUDA -> {
                "Install CUDA 12 and cuDNN 9, or build the command line with" +
                    " -Dtensorflow=gpu -Dcuda=bundled, which brings them along."
            }

            Advice.MEND_WHAT_IS_BROKEN -> {
                "Mend what is broken above, or build without -Dtensorflow=gpu."
            }

            Advice.DRAW_ON_THE_JVM -> {
                "Draw with --executor=jvm, which is as quick or quicker on a processor."
            }

            Advice.TRAIN_IN_FLOAT32 -> {
                "Train with --precision=float32, which needs nothing."
            }

            Advice.USE_A_NEWER_SYSTEM,
            Advice.USE_A_PROCESSOR_THAT_FUSES,
            Advice.GIVE_SESSIONS_OWN_THREADS,
            Advice.INSTALL_THE_DRIVER,
            Advice.RUN_LIKE_THE_OTHERS,
            -> {
                advice.inApi()
            }
        }

    /** The options of the command that make its work smaller, if it has any. */
    private fun less(): String? {
        val options =
            listOf(
                "--batch",
                "--batches",
                "--maps",
                "--blocks",
                "--size",
            ).filter(::has)
        val all = listOf(options.dropLast(1).joinToString(), options.lastOrNull().orEmpty())
        return all
            .filter { it.isNotEmpty() }
            .joinToString(" or ")
            .ifEmpty { null }
            ?.let { "Give a smaller $it." }
    }

    private fun has(option: String) = option in command.optionsMap()

    private companion object {
        const val SMALLER_MODEL =
            "Take a model that was trained with fewer --maps or --blocks, or a smaller --size."
    }
}
