package io.weft.samples.cli

import io.weft.engine.Device
import picocli.CommandLine.ITypeConverter
import picocli.CommandLine.Option
import picocli.CommandLine.TypeConversionException

/** Where a command computes. */
internal class DeviceOption {
    @Option(
        names = [DEVICE],
        order = LAST_OPTIONS - 3,
        paramLabel = "NAME",
        converter = [Converter::class],
        description = [
            "Compute on the cpu; on the jvm, which is the processor without TensorFlow, has the" +
                " same bits on every machine and does not train; or on gpu, one of NVIDIA's" +
                " (gpu:N for that with the number N) (default \${DEFAULT-VALUE}).",
        ],
    )
    private var asked = Asked("cpu") { Device.cpu() }

    /**
     * The device, looked for when it is asked for first.
     *
     * @throws WorkException if it is not there
     */
    val device: Device by lazy {
        try {
            asked.find()
        } catch (e: IllegalStateException) {
            throw WorkException(
                "$given: TensorFlow finds no such device here. It takes a build with" +
                    " -Dtensorflow=gpu, NVIDIA's driver, CUDA 12 and cuDNN 9; weft doctor says" +
                    " what is missing.",
                e,
            )
        }
    }

    /** Whether TensorFlow stays out. */
    val isJvm: Boolean get() = asked.name == JVM

    /** The option as it was given. */
    val given: String get() = "$DEVICE=$asked"

    /** Refuses a device that does not train. */
    fun checkTrains(misuse: (String) -> Nothing) {
        if (isJvm) misuse("$given does not train: gradients are TensorFlow's; leave it out")
    }

    /** A device by its name; whether it is there is not asked before it is used. */
    internal class Asked(
        val name: String,
        val find: () -> Device,
    ) {
        override fun toString(): String = name
    }

    internal class Converter : ITypeConverter<Asked> {
        override fun convert(value: String): Asked {
            val gpu = GPU.matchEntire(value)
            return when {
                value == "cpu" -> {
                    Asked(value) { Device.cpu() }
                }

                value == JVM -> {
                    Asked(value) { Device.jvm() }
                }

                gpu != null -> {
                    Asked(
                        value,
                    ) { Device.gpu(gpu.groupValues[1].ifEmpty { "0" }.toInt()) }
                }

                else -> {
                    throw TypeConversionException(
                        "found '$value'; expected cpu, jvm, gpu or gpu:N",
                    )
                }
            }
        }
    }

    private companion object {
        const val DEVICE = "--device"
        const val JVM = "jvm"
        val GPU = Regex("gpu(?::(\\d{1,3}))?")
    }
}
