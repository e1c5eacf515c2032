package io.weft.samples.serve

import com.fasterxml.jackson.core.JsonProcessingException
import com.fasterxml.jackson.databind.JsonNode
import java.io.IOException

/** Fields of a message from the page, each read as one kind of thing or refused. */
internal class Body private constructor(
    private val fields: JsonNode,
    private val path: String,
) {
    /** Refuses fields that nobody reads: a misspelt one would be passed over in silence. */
    fun only(vararg names: String) =
        fields.fieldNames().forEach {
            if (it !in names) {
                throw Problem.badRequest("$path has a field \"$it\"; expected ${names.toList()}")
            }
        }

    fun has(name: String): Boolean = fields.hasNonNull(name)

    fun whole(
        name: String,
        range: IntRange,
    ): Int = whole(field(name), "$path.$name", range)

    /** A 64-bit number, as text since JavaScript's numbers have 53 bits. */
    fun long(name: String): Long =
        field(name).takeIf { it.isTextual }?.asText()?.trim()?.toLongOrNull()
            ?: refuse(
                "$path.$name",
                field(name),
                "a whole number from -2^63 to 2^63 - 1, as a string",
            )

    fun text(name: String): String =
        field(name).takeIf { it.isTextual }?.asText()
            ?: refuse("$path.$name", field(name), "a string")

    fun number(name: String): Double =
        field(name).takeIf { it.isNumber }?.asDouble()
            ?: refuse("$path.$name", field(name), "a number")

    fun body(name: String): Body = of(field(name), "$path.$name")

    fun names(): List<String> = fields.fieldNames().asSequence().toList()

    /** A list of [size] elements. */
    fun wholes(
        name: String,
        size: IntRange,
        range: IntRange,
    ): List<Int> = list(name, size).mapIndexed { i, it -> whole(it, "$path.$name[$i]", range) }

    fun booleans(
        name: String,
        size: Int,
    ): List<Boolean> =
        list(name, size..size).mapIndexed { i, it ->
            if (it.isBoolean) it.asBoolean() else refuse("$path.$name[$i]", it, "true or false")
        }

    /** A list of lists, each of [size] elements. */
    fun lists(
        name: String,
        count: IntRange,
        size: Int,
        range: IntRange,
    ): List<List<Int>> =
        list(name, count).mapIndexed { i, it ->
            val path = "$path.$name[$i]"
            list(it, path, size..size).mapIndexed { k, value -> whole(value, "$path[$k]", range) }
        }

    private fun list(
        name: String,
        size: IntRange,
    ): List<JsonNode> = list(field(name), "$path.$name", size)

    private fun field(name: String): JsonNode =
        fields.get(name) ?: throw Problem.badRequest("$path has no field \"$name\"; give it")

    companion object {
        private const val BRIEF = 40

        /** Reads a text that must be one JSON object. */
        fun read(text: String): Body = read(text.toByteArray())

        /** Reads a text in UTF-8 that must be one JSON object. */
        fun read(text: ByteArray): Body =
            try {
                of(JSON.readTree(text), "the message")
            } catch (e: IOException) {
                val why = (e as? JsonProcessingException)?.originalMessage ?: e.message
                throw Problem.badRequest("the message is not JSON: $why")
            }

        private fun of(
            node: JsonNode,
            path: String,
        ): Body = if (node.isObject) Body(node, path) else refuse(path, node, "an object")

        private fun list(
            list: JsonNode,
            path: String,
            size: IntRange,
        ): List<JsonNode> {
            if (!list.isArray || list.size() !in size) {
                val found = if (list.isArray) "${list.size()} elements" else brief(list)
                val isExact = size.first == size.last
                val expected = if (isExact) "${size.first}" else "${size.first} to ${size.last}"
                throw Problem.badRequest("$path: found $found; expected a list of $expected")
            }
            return list.toList()
        }

        private fun whole(
            node: JsonNode,
            path: String,
            range: IntRange,
        ): Int =
            node.takeIf { it.isInt && it.asInt() in range }?.asInt()
                ?: refuse(path, node, "a whole number from ${range.first} to ${range.last}")

        private fun refuse(
            path: String,
            found: JsonNode,
            expected: String,
        ): Nothing = throw Problem.badRequest("$path: found ${brief(found)}; expected $expected")

        private fun brief(node: JsonNode): String =
            node.toString().let { if (it.length > BRIEF) it.take(BRIEF) + "…" else it }
    }
}
