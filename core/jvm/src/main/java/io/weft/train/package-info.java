/** Training: options, the run itself, its progress and what it leaves behind. */
package io.weft.train;
