/**
 * Weft's main entry: a model that trains, scores, samples and is saved.
 *
 * <p>The road: a definition is declared ({@link io.weft.define}, or a family of {@link
 * io.weft.model}) and proven causal ({@link io.weft.prove}); a {@link io.weft.Model} of it is
 * trained ({@link io.weft.train}), scores ({@link io.weft.score}), draws ({@link io.weft.sample})
 * and completes ({@link io.weft.complete}), and is saved and loaded ({@link io.weft.save}). All of
 * these are compiled from the one definition. What lies in {@code io.weft.internal} is not for
 * callers, and changes without notice.
 *
 * <p><b>Interrupts cancel.</b> A thread that is interrupted in any call of Weft that takes long
 * leaves it soon with a {@link java.util.concurrent.CancellationException}, and with its interrupt
 * status still set, as Java has it for what does not declare {@link InterruptedException}; so does
 * one that calls while it is interrupted. So {@code Future.cancel(true)}, the time-outs of servers
 * and Kotlin's {@code runInterruptible} stop whatever Weft does. What was cancelled leaves nothing
 * half done: a model is usable as before, with the weights that training had reached; a file is the
 * old one or the new one. An iterator, a run or a training that was cancelled is closed, and its
 * next call says so.
 *
 * <p>"Soon" is: after the piece in hand, and what cannot be stopped in the middle, because native
 * code does it, is not waited for. What is scored, drawn by TensorFlow, or compiled is left at once
 * and ends by itself on a daemon thread, at most one such call each; the JVM looks between the
 * layers of a pixel, data between pictures, a save between the pieces of its files (64 KiB). Two
 * things are waited for: a step of training under way, for that the model keeps its result, and a
 * file that a listener is writing. The first step of a run, which TensorFlow compiles, is left like
 * all other compiling; on a cluster any step is, with its job.
 *
 * <p><b>One thread at a time.</b> Models, samplers, definitions and all values may be used by any
 * number of threads at once. What is pulled (a {@link io.weft.sample.Pull}, a {@link
 * io.weft.sample.SamplingRun}, a {@link io.weft.train.Training}) is for one thread at a time: it
 * may go from thread to thread, but a call on it while another is under way is refused with an
 * {@link IllegalStateException}. Closing is not: it waits for the call in hand.
 */
package io.weft;
