/** How Weft keeps what {@link io.weft} promises to the threads that call it. */
package io.weft.internal.thread;
