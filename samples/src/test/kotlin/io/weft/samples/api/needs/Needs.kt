package io.weft.samples.api.needs

/** What somebody names, and what he needs of it. */
class Model(
    val layers: List<Layer>,
)

/** Is part of a signature. */
interface Layer

/** Is a value of it. */
class Gate : Layer

/** Nobody needs it, though it names what somebody needs. */
class Orphan(
    val model: Model,
)
