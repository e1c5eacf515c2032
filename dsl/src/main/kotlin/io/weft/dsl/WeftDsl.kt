package io.weft.dsl

/** Marks the receivers of Weft's lambdas, so that an inner one does not reach into an outer one. */
@DslMarker
@Target(AnnotationTarget.CLASS, AnnotationTarget.TYPE)
@Retention(AnnotationRetention.BINARY)
public annotation class WeftDsl
