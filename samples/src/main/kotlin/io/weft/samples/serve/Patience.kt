package io.weft.samples.serve

import kotlin.time.Duration
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds

/**
 * How long the server waits for a page.
 *
 * @property request for a whole request on a connection, and for the first message on a web socket
 * @property pause for a drawing to be asked for more, before it gives its turn to others
 * @property rest for that afterwards, before the drawing is given up
 */
internal class Patience(
    val request: Duration = 15.seconds,
    val pause: Duration = 2.seconds,
    val rest: Duration = 10.minutes,
)
