/**
 * Beside the road: what to do about a failure, apart from the words. The exceptions of the library
 * say it in the terms of its API, and a program with another surface, such as a command line, says
 * it in its own.
 */
package io.weft.advice;
