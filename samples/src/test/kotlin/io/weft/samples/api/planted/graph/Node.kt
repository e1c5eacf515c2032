package io.weft.samples.api.planted.graph

import io.weft.samples.api.planted.define.Builder

/** The other half of a cycle. */
class Node {
    var builder: Builder? = null
}
