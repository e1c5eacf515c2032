package io.weft.samples.serve

import com.fasterxml.jackson.core.StreamReadFeature
import com.fasterxml.jackson.databind.DeserializationFeature
import com.fasterxml.jackson.databind.json.JsonMapper

/** Reads and writes all JSON of the page; what has two meanings, or more than one value, is none. */
internal val JSON: JsonMapper =
    JsonMapper
        .builder()
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build()
