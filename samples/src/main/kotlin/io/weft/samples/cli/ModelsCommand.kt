package io.weft.samples.cli

import io.weft.BuiltinModel
import picocli.CommandLine.Command

/** `weft models`: what comes with Weft. */
@Command(
    name = "models",
    description = ["List the trained models that come with Weft: --model-dir builtin:NAME."],
    footer = [
        "",
        "Examples:",
        "  weft models --json",
        "  weft sample --model-dir builtin:digits --count 40 --png digits.png",
        "",
        "What reads a model takes them as --model-dir, train as --from; programs load them by the" +
            " same name.",
    ],
)
internal class ModelsCommand : WeftCommand() {
    override fun run(
        console: Console,
        stop: StopSignal,
    ): Outcome {
        val models = BuiltinModel.all()
        models.forEach { model ->
            val score = model.score()
            console.say("${ModelSource.BUILTIN}${model.name()}: ${model.draws()}")
            console.say(
                format(
                    "  %,d parameters, %.1f MB; trained on %s, %s",
                    model.parameters(),
                    model.bytes() / MEGA,
                    model.data(),
                    model.trained(),
                ),
            )
            console.say("    ${model.command()}")
            console.say(
                format(
                    "  %.2f nats an image, %.4f bits per dimension, over %s",
                    score.nats(),
                    score.bitsPerDimension(),
                    score.of(),
                ),
            )
            console.say("    ${score.command()}")
        }
        return Outcome(linkedMapOf("models" to models.map(::json)))
    }

    private fun json(model: BuiltinModel): Map<String, Any?> =
        linkedMapOf(
            "name" to model.name(),
            "draws" to model.draws(),
            "parameters" to model.parameters(),
            "bytes" to model.bytes(),
            "data" to model.data(),
            "command" to model.command(),
            "trained" to "${model.trained()}",
            "nats_per_image" to model.score().nats(),
            "bits_per_dim" to model.score().bitsPerDimension(),
            "scored" to model.score().of(),
            "score_command" to model.score().command(),
        )

    private companion object {
        const val MEGA = 1e6
    }
}
